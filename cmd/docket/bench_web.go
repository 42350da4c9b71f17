package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"docket/cmd/docket/bench"
	"docket/web"
)

// benchWeb measures the pages of a house of some size, made for it in a temporary folder, as one of its agents sees them.
func benchWeb(ctx context.Context, words []string) (bench.Report, error) {
	numbers, err := wholeNumbers("web", words, 1)
	if err != nil || len(numbers) > 3 {
		return nil, usagef("bench web takes a number of documents, of tickets, and of clients")
	}
	r := bench.WebReport{Documents: 100_000, Tickets: 20_000, Clients: 4}
	for i, n := range numbers {
		*[]*int{&r.Documents, &r.Tickets, &r.Clients}[i] = n
	}
	if r.Tickets > r.Documents {
		return nil, usagef("bench web needs at least as many documents as tickets: each ticket has one")
	}
	dir, err := os.MkdirTemp("", "docket-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c := defaultConfig()
	c.Data = filepath.Join(dir, "data")
	s, err := openStack(ctx, c, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer s.close()
	a, err := compose(ctx, s, role{index: true})
	if err != nil {
		return nil, err
	}
	if _, err := a.demoUsers(ctx, nil); err != nil {
		return nil, err
	}
	h := &benchHouse{app: a}
	if err := h.fill(ctx, r.Documents, r.Tickets); err != nil {
		return nil, fmt.Errorf("make the data set: %w", err)
	}
	if err := a.follower.Reindex(ctx, nil); err != nil {
		return nil, err
	}
	r.Pages, err = h.ask(ctx, r.Clients)
	return r, err
}

// benchTimes is how often each client asks for each kind of page.
const benchTimes = 60

// ask signs an agent in and asks for the pages of their day.
func (h *benchHouse) ask(ctx context.Context, clients int) ([]bench.WebPage, error) {
	site, err := web.New(h.site())
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(site.Handler())
	defer server.Close()
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	res, err := client.PostForm(server.URL+"/sign-in", url.Values{"name": {"anna"}, "password": {demoPassword}})
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	return bench.Web(ctx, client, server.URL, h.questions(), clients, benchTimes, time.Now)
}

// questions are the pages of an agent's day.
func (h *benchHouse) questions() []bench.WebQuestion {
	var documents, tickets []string
	for _, d := range h.sampleDocuments {
		documents = append(documents, "/documents/"+d.String())
	}
	for _, n := range h.sampleTickets {
		tickets = append(tickets, "/tickets/"+n)
	}
	one := func(paths ...string) []string { return paths }
	return []bench.WebQuestion{
		{Name: "home", Paths: one("/")},
		{Name: "tickets", Paths: one("/tickets", "/tickets?view=mine", "/tickets?view=overdue")},
		{Name: "all tickets", Paths: one("/tickets?view=all", "/tickets?view=all&sort=wait")},
		{Name: "tickets, narrowed", Paths: one("/tickets?waiting=us&class=complaint", "/tickets?view=all&q=anna", "/tickets?state=new&sort=newest")},
		{Name: "ticket", Paths: tickets},
		{Name: "search, words", Paths: one("/search?q=refund", "/search?q=late+delivery", "/search?q=Rechnung", "/search?q=reklamacja")},
		{Name: "search, filters", Paths: one("/search?class=complaint", "/search?q=received:month", "/search?q=refund&class=complaint&year=2026")},
		{Name: "document", Paths: documents},
		{Name: "file plan", Paths: one("/records")},
		{Name: "category", Paths: one("/records/10")},
	}
}
