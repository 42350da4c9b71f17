package taxonomy

import (
	"context"
	"fmt"

	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A Trial is what a filed document would be called, and where it would lie, under a class that is not saved yet.
type Trial struct {
	Record Record
	Title  string
	Place  string
}

// trialRecords is how many of the newest records a trial chooses from.
const trialRecords = 60

// Try shows what a changed class would make of documents that are filed under it: of limit of the newest that r may see, chosen
// so that documents that lack different placeholders are among them. A template that cannot be read is a TemplateError.
func (p *Plan) Try(ctx context.Context, q postgres.Querier, r Reader, k Class, limit int) ([]Trial, error) {
	c, err := p.Catalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	if err := c.CheckTemplate(k.Name); err != nil {
		return nil, err
	}
	if err := c.CheckPath(k.Path); err != nil {
		return nil, err
	}
	records, err := p.List(ctx, q, r, Filter{Class: k.ID, Limit: trialRecords})
	if err != nil {
		return nil, err
	}
	changed := c.With(k)
	var all []Trial
	for _, record := range p.varied(changed, k, records, limit) {
		f := record.facts(p.zone)
		title, err := changed.Name(f)
		if err != nil {
			return nil, err
		}
		folder, err := changed.Folder(f)
		if err != nil {
			return nil, err
		}
		all = append(all, Trial{record, title, changed.Place(k.Category, folder)})
	}
	return all, nil
}

// varied takes limit records in their order: first one for each set of placeholders that have no value, then others.
func (p *Plan) varied(c *Catalogue, k Class, records []Record, limit int) []Record {
	parts, _ := parseTemplate(k.Name) // checked before
	seen := map[string]bool{}
	var chosen, others []Record
	for _, r := range records {
		words, missing := c.words(k, r.facts(p.zone)), ""
		for _, name := range placeholders(parts) {
			if words[name] == "" {
				missing += name + " "
			}
		}
		if seen[missing] {
			others = append(others, r)
			continue
		}
		seen[missing] = true
		chosen = append(chosen, r)
	}
	all := append(chosen, others...)
	return all[:min(limit, len(all))]
}

// ClassCounts says how many documents are filed under each class.
func ClassCounts(ctx context.Context, q postgres.Querier) (map[ClassID]int, error) {
	return counts[ClassID](ctx, q, "select class, count(*)::int from taxonomy.record group by class")
}

// TermCounts says how many documents name each term of a field's vocabulary.
func TermCounts(ctx context.Context, q postgres.Querier, field FieldID) (map[string]int, error) {
	return counts[string](ctx, q, `select fields->$1->>'value', count(*)::int from taxonomy.record where fields ? $1 group by 1`, field)
}

func counts[K comparable](ctx context.Context, q postgres.Querier, sql string, args ...any) (map[K]int, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("count documents: %w", err)
	}
	all := map[K]int{}
	var key K
	var n int
	_, err = pgx.ForEachRow(rows, []any{&key, &n}, func() error {
		all[key] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count documents: %w", err)
	}
	return all, nil
}
