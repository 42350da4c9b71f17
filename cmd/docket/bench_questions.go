package main

import (
	"context"
	"fmt"
	"net/http"

	"docket/cmd/docket/bench"

	"github.com/jackc/pgx/v5"
)

// questions are the pages of an agent's day and of a mailroom clerk's.
func (h *benchHouse) questions(ctx context.Context, agent, clerk *http.Client) ([]bench.WebQuestion, error) {
	some := map[string][]string{}
	for name, query := range benchSamples {
		rows, err := h.pool.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		if some[name], err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return nil, fmt.Errorf("choose %s to ask for: %w", name, err)
		}
	}
	var images, drawn []string
	for _, long := range some["long document"] {
		images = append(images, long+"/versions/1/pages/1/image")
		for n := 9; n <= longPages; n++ {
			drawn = append(drawn, fmt.Sprintf("%s/versions/1/pages/%d/image", long, n))
		}
	}
	one := func(paths ...string) []string { return paths }
	return []bench.WebQuestion{
		{Name: "home", As: agent, Paths: one("/")},
		{Name: "tickets", As: agent, Paths: one("/tickets", "/tickets?view=mine", "/tickets?view=overdue")},
		{Name: "all tickets", As: agent, Paths: one("/tickets?view=all", "/tickets?view=all&sort=wait")},
		{Name: "tickets, narrowed", As: agent, Paths: one("/tickets?waiting=us&class=complaint", "/tickets?view=all&q=anna", "/tickets?state=new&sort=newest")},
		{Name: "ticket", As: agent, Paths: some["ticket"]},
		{Name: "search, words", As: agent, Paths: one("/search?q=refund", "/search?q=late+delivery", "/search?q=Rechnung", "/search?q=reklamacja")},
		{Name: "search, filters", As: agent, Paths: one("/search?class=complaint", "/search?q=received:month", "/search?q=refund&class=complaint&year=2026")},
		{Name: "document", As: agent, Paths: some["document"]},
		{Name: "file plan", As: agent, Paths: one("/records")},
		{Name: "category", As: agent, Paths: some["category"]},
		{Name: "category, folder", As: agent, Paths: some["folder"]},
		{Name: "home, clerk", As: clerk, Paths: one("/")},
		{Name: "intake board", As: clerk, Paths: one("/mailroom", "/mailroom?state=filed", "/mailroom?source=scanner")},
		{Name: "validation queue", As: clerk, Paths: one("/mailroom/validation", "/mailroom/validation?language=de", "/mailroom/validation?likely=complaint")},
		{Name: "validation desk", As: clerk, Paths: some["desk"]},
		{Name: "document of 200 pages", As: clerk, Paths: some["long document"]},
		{Name: "image of its first page", As: clerk, Paths: images},
		{Name: "image of a page to draw", As: clerk, Paths: drawn},
	}, nil
}

// benchSamples choose addresses of things of which there are many, spread over all of them.
var benchSamples = map[string]string{
	"document":      `select '/documents/' || document from taxonomy.record where 'role:agent' = any(readers) or 'everyone' = any(readers) order by md5(document::text) limit 40`,
	"ticket":        `select '/tickets/' || number from workflow.ticket where 'role:agent' = any(readers) or 'everyone' = any(readers) order by md5(id::text) limit 40`,
	"category":      `select '/records/' || category from taxonomy.folder group by category order by category limit 20`,
	"folder":        `select '/records/' || category || '?folder=' || id from taxonomy.folder order by md5(id::text) limit 40`,
	"desk":          `select '/mailroom/validation/' || document from capture.piece where state = 'waiting' order by md5(document::text) limit 40`,
	"long document": `select '/documents/' || document from capture.piece where source = 'bench' order by seq limit 1`,
}
