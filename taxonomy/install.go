package taxonomy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about definitions. Detail: kind, id, version.
const DefinitionChanged journal.Verb = "definition.changed"

// DefinitionKinds are the kinds of what an organisation defines, as they stand in the subjects of DefinitionChanged.
var DefinitionKinds = []string{"setting", "category", "field", "term", "class"}

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

// SaveClass writes a class that an administrator has changed or made. It is checked against the catalogue first. The
// version is the one that the administrator saw, 0 for a new class; somebody else's change in between is a conflict.
func (p *Plan) SaveClass(ctx context.Context, tx pgx.Tx, by journal.Actor, k Class, version int) error {
	c, err := p.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	if err := c.CheckClass(k); err != nil {
		return fault.Wrap(err, fault.Invalid, "The class was not saved: %v.", err)
	}
	return p.save(ctx, tx, by, definition{"class", string(k.ID), len(c.Classes), k}, version)
}

// SaveLanguage changes the language in which names and paths are written from now on.
func (p *Plan) SaveLanguage(ctx context.Context, tx pgx.Tx, by journal.Actor, language string) error {
	var version int
	err := tx.QueryRow(ctx, "select version from taxonomy.definition where kind = 'setting' and id = 'language'").Scan(&version)
	if err != nil {
		return fmt.Errorf("save the house's language: %w", err)
	}
	return p.save(ctx, tx, by, definition{"setting", "language", 0, language}, version)
}

func (p *Plan) save(ctx context.Context, tx pgx.Tx, by journal.Actor, d definition, version int) error {
	body, err := json.Marshal(d.body)
	if err != nil {
		return err
	}
	var now int
	err = tx.QueryRow(ctx, `insert into taxonomy.definition as d (kind, id, position, body, changed_by)
		values ($1, $2, $3, $4::jsonb, $5)
		on conflict (kind, id) do update set body = excluded.body, version = d.version + 1,
			changed_by = excluded.changed_by, changed_at = now()
		where d.version = $6 returning version`, d.kind, d.id, d.position, string(body), by, version).Scan(&now)
	if err == pgx.ErrNoRows {
		return fault.New(fault.Conflict, "The %s %q was changed by somebody else in the meantime. Nothing was saved; look at it again.", d.kind, d.id)
	}
	if err != nil {
		return fmt.Errorf("save %s %s: %w", d.kind, d.id, err)
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DefinitionChanged, Subject: DefinitionSubject(d.kind, d.id),
		Detail: map[string]any{"kind": d.kind, "id": d.id, "version": now}})
	return err
}

// DefinitionSubject is what the journal calls a definition: a name-based UUID of its kind and ID.
func DefinitionSubject(kind, id string) journal.Subject {
	return journal.Subject{Kind: kind, ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("docket:"+kind+"/"+id))}
}

// ClassVersion is the version of a class as SaveClass wants it back.
func ClassVersion(ctx context.Context, q postgres.Querier, id ClassID) (int, error) {
	var version int
	err := q.QueryRow(ctx, "select version from taxonomy.definition where kind = 'class' and id = $1", id).Scan(&version)
	return version, postgres.Missing(err, "There is no class %q.", id)
}
