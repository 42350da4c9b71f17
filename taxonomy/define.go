package taxonomy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about definitions. Detail: kind, id, version, and changed: the parts that
// are not as they were.
const DefinitionChanged journal.Verb = "definition.changed"

// DefinitionKinds are the kinds of what an organisation defines, as they stand in the subjects of DefinitionChanged.
var DefinitionKinds = []string{"setting", "category", "field", "term", "class"}

// idShape is what an administrator may call a new definition: it stands in addresses, queries and templates.
var idShape = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)

const maxID = 60 // characters

// CheckNew says what is wrong with the short name of something new that an administrator defines.
func CheckNew(id string, taken bool) error {
	if taken {
		return fault.New(fault.Conflict, "The short name %q is taken. Choose another, or change what has it.", id)
	}
	if len(id) > maxID || !idShape.MatchString(id) {
		return fault.New(fault.Invalid, "The short name %q is not usable. Use small letters a to z and digits, parted by single hyphens or underscores, at most %d characters.", id, maxID)
	}
	return nil
}

// checkTitles wants a title in the house's language, in which names are written, and in English, which stands in for others.
func (c *Catalogue) checkTitles(t Titles) error {
	if t[c.Language] == "" || t["en"] == "" {
		return fault.New(fault.Invalid, "A title is missing: there must be one in English and one in the house's language. Other languages may be left empty; English stands in for them.")
	}
	for _, title := range t {
		if utf8.RuneCountInString(title) > maxTitle {
			return fault.New(fault.Invalid, "A title has at most %d characters.", maxTitle)
		}
	}
	return nil
}

// maxTitle is the most characters of the title of a definition.
const maxTitle = 100

// SaveClass writes a class that an administrator has changed or made. It is checked against the catalogue first. The
// version is the one that the administrator saw, 0 for a new class; somebody else's change in between is a conflict.
func (p *Plan) SaveClass(ctx context.Context, tx pgx.Tx, by journal.Actor, k Class, version int) error {
	c, err := p.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	if version == 0 {
		_, taken := c.Class(k.ID)
		err = CheckNew(string(k.ID), taken)
	}
	if err := errors.Join(err, c.checkTitles(k.Titles)); err != nil {
		return err
	}
	if err := c.CheckClass(k); err != nil {
		return fault.Wrap(err, fault.Invalid, "The class was not saved: %v.", err)
	}
	return p.save(ctx, tx, by, definition{"class", string(k.ID), len(c.Classes), k}, version)
}

// SaveField writes a field as SaveClass writes a class. The type of a field that documents hold values of stays as it is, for
// they are written in its form.
func (p *Plan) SaveField(ctx context.Context, tx pgx.Tx, by journal.Actor, f Field, version int) error {
	c, err := p.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	if version == 0 {
		_, taken := c.Field(f.ID)
		err = CheckNew(string(f.ID), taken)
	}
	if err := errors.Join(err, c.checkTitles(f.Titles)); err != nil {
		return err
	}
	if !slices.Contains(FieldTypes, f.Type) {
		return fault.New(fault.Invalid, "There is no field type %q.", f.Type)
	}
	if slices.Contains(Placeholders, string(f.ID)) {
		return fault.New(fault.Invalid, "The short name %q is taken: templates use it already.", f.ID)
	}
	if old, ok := c.Field(f.ID); ok && old.Type != f.Type {
		var used bool
		if err := tx.QueryRow(ctx, "select exists (select from taxonomy.record where fields ? $1)", f.ID).Scan(&used); err != nil {
			return fmt.Errorf("save field %s: %w", f.ID, err)
		}
		if used {
			return fault.New(fault.Conflict, "Documents hold values of this field, written as its type wants them. Its type stays as it is; make a new field instead.")
		}
	}
	return p.save(ctx, tx, by, definition{"field", string(f.ID), len(c.Fields), f}, version)
}

// SaveTerm writes a term of a field's vocabulary as SaveClass writes a class. Terms are never deleted, since documents name them:
// a term that is not wanted any more is retired.
func (p *Plan) SaveTerm(ctx context.Context, tx pgx.Tx, by journal.Actor, field FieldID, t Term, version int) error {
	c, err := p.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	if f, ok := c.Field(field); !ok || f.Type != TermField {
		return fault.New(fault.NotFound, "There is no vocabulary %q.", field)
	}
	if version == 0 {
		_, taken := c.Term(field, t.ID)
		err = CheckNew(t.ID, taken)
	}
	if err := errors.Join(err, c.checkTitles(t.Titles)); err != nil {
		return err
	}
	for language, phrases := range t.Synonyms {
		for _, phrase := range phrases {
			if _, err := PhraseWords(phrase); err != nil {
				return fault.Wrap(err, fault.Invalid, "The phrase %q (%s) cannot be looked for: it holds no word, or a * elsewhere than at the end of a word.", phrase, language)
			}
		}
	}
	return p.save(ctx, tx, by, definition{"term", string(field) + "/" + t.ID, len(c.Vocabularies[field]), t}, version)
}

func (p *Plan) save(ctx context.Context, tx pgx.Tx, by journal.Actor, d definition, version int) error {
	body, err := json.Marshal(d.body)
	if err != nil {
		return err
	}
	var now int
	var was []byte
	err = tx.QueryRow(ctx, `with was as (select body from taxonomy.definition where kind = $1 and id = $2)
		insert into taxonomy.definition as d (kind, id, position, body, changed_by)
		values ($1, $2, $3, $4::jsonb, $5)
		on conflict (kind, id) do update set body = excluded.body, version = d.version + 1,
			changed_by = excluded.changed_by, changed_at = now()
		where d.version = $6 returning version, (select body from was)`, d.kind, d.id, d.position, string(body), by, version).Scan(&now, &was)
	if err == pgx.ErrNoRows {
		return fault.New(fault.Conflict, "“%s” was changed by somebody else in the meantime. Nothing was saved; look at it again.", d.id)
	}
	if err != nil {
		return fmt.Errorf("save %s %s: %w", d.kind, d.id, err)
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DefinitionChanged, Subject: DefinitionSubject(d.kind, d.id),
		Detail: map[string]any{"kind": d.kind, "id": d.id, "version": now, "changed": changedParts(was, body)}})
	return err
}

// changedParts names the parts of a definition that differ in two of its states, in alphabetical order; none of one that is new.
func changedParts(was, now []byte) []string {
	var old, is map[string]any
	if json.Unmarshal(was, &old) != nil || json.Unmarshal(now, &is) != nil {
		return nil
	}
	var parts []string
	for name := range is {
		if !reflect.DeepEqual(old[name], is[name]) {
			parts = append(parts, name)
		}
	}
	for name := range old {
		if _, still := is[name]; !still {
			parts = append(parts, name)
		}
	}
	slices.Sort(parts)
	return parts
}

// DefinitionSubject is what the journal calls a definition: a name-based UUID of its kind and ID.
func DefinitionSubject(kind, id string) journal.Subject {
	return journal.Subject{Kind: kind, ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("docket:"+kind+"/"+id))}
}
