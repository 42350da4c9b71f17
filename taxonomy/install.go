package taxonomy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A definition is one row of what an organisation has defined.
type definition struct {
	kind, id string
	position int
	body     any
}

// Install writes a pack into the database. It can be run again with the same or a later pack: what an administrator has
// changed stays as it is, what nobody has touched follows the pack, what the pack no longer holds stays.
func Install(ctx context.Context, tx pgx.Tx, p *Pack) error {
	batch := &pgx.Batch{}
	for _, d := range definitions(&p.Catalogue) {
		body, err := json.Marshal(d.body)
		if err != nil {
			return fmt.Errorf("install %s %s: %w", d.kind, d.id, err)
		}
		batch.Queue(`insert into taxonomy.definition as d (kind, id, position, body, shipped, changed_by)
			values ($1, $2, $3, $4::jsonb, $4::jsonb, $5)
			on conflict (kind, id) do update set body = excluded.body, shipped = excluded.shipped, position = excluded.position,
				version = d.version + 1, changed_by = excluded.changed_by, changed_at = now()
			where d.body = d.shipped and d.shipped <> excluded.shipped`,
			d.kind, d.id, d.position, string(body), journal.System("pack"))
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("install pack: %w", err)
	}
	return nil
}

func definitions(c *Catalogue) []definition {
	all := []definition{{"setting", "language", 0, c.Language}}
	for i, k := range c.Categories {
		all = append(all, definition{"category", k.Code, i, k})
	}
	for i, f := range c.Fields {
		all = append(all, definition{"field", string(f.ID), i, f})
		for j, t := range c.Vocabularies[f.ID] {
			all = append(all, definition{"term", string(f.ID) + "/" + t.ID, j, t})
		}
	}
	for i, k := range c.Classes {
		all = append(all, definition{"class", string(k.ID), i, k})
	}
	return all
}

// Load reads the catalogue from the database. Services keep it cached: see Plan.Catalogue.
func Load(ctx context.Context, q postgres.Querier) (*Catalogue, error) {
	rows, err := q.Query(ctx, "select kind, id, body from taxonomy.definition order by kind, position, id")
	if err != nil {
		return nil, fmt.Errorf("load the catalogue: %w", err)
	}
	c := &Catalogue{Vocabularies: map[FieldID][]Term{}}
	var kind, id string
	var body []byte
	_, err = pgx.ForEachRow(rows, []any{&kind, &id, &body}, func() error { return c.take(kind, id, body) })
	if err != nil {
		return nil, fmt.Errorf("load the catalogue: %w", err)
	}
	return c, nil
}

func (c *Catalogue) take(kind, id string, body []byte) error {
	switch kind {
	case "setting":
		return json.Unmarshal(body, &c.Language)
	case "category":
		return appendJSON(&c.Categories, body)
	case "field":
		return appendJSON(&c.Fields, body)
	case "class":
		return appendJSON(&c.Classes, body)
	case "term":
		field, _, _ := bytes.Cut([]byte(id), []byte("/"))
		terms := c.Vocabularies[FieldID(field)]
		err := appendJSON(&terms, body)
		c.Vocabularies[FieldID(field)] = terms
		return err
	}
	return fmt.Errorf("definition of unknown kind %q", kind)
}

func appendJSON[T any](to *[]T, body []byte) error {
	var one T
	if err := json.Unmarshal(body, &one); err != nil {
		return err
	}
	*to = append(*to, one)
	return nil
}
