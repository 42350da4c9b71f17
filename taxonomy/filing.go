package taxonomy

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about documents.
const (
	DocumentFiled     journal.Verb = "document.filed"     // class, confidence, title, place, party
	DocumentCorrected journal.Verb = "document.corrected" // for each thing that changed: old and new
	DocumentRetitled  journal.Verb = "document.retitled"  // title: old and new
)

// A Filing is what is needed to make a document a record.
type Filing struct {
	Document   repository.DocumentID
	Class      ClassID
	Confidence float64 // of the class, 0 to 1
	How        string  // why this class, for people
	Values     Values
	Party      PartyID // Nil when not known
	Language   string
	Original   string                // file name it came with
	Received   time.Time             // legal receipt
	Ticket     string                // number, empty while there is none
	PartOf     repository.DocumentID // the message it was attached to, Nil when it came by itself
	Closed     bool                  // whatever its class says, only administrators may see it; see Record.Closed
}

// File makes a document a record: it gets its name and its place by its class's templates, and its readers. Filing it again
// replaces what a machine decided before; what a person decided stays, and that record is given back unchanged.
func (p *Plan) File(ctx context.Context, tx pgx.Tx, by journal.Actor, f Filing) (Record, error) {
	known, err := p.lock(ctx, tx, f.Document)
	if err == nil && !isMachine(known.DecidedBy) {
		return known, nil
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Record{}, err
	}
	r := Record{Document: f.Document, Class: f.Class, Confidence: f.Confidence, DecidedBy: by, How: f.How, Party: f.Party,
		ReceivedAt: f.Received, Language: f.Language, Original: f.Original, Ticket: f.Ticket, PartOf: f.PartOf, Values: f.Values, FiledBy: by,
		Folder: known.Folder, Category: known.Category, FolderPath: known.FolderPath}
	if r.Values == nil {
		r.Values = Values{}
	}
	if f.Closed || known.Closed() {
		r.Readers = []string{}
	}
	if r.Ticket == "" {
		r.Ticket = known.Ticket
	}
	if r, err = p.put(ctx, tx, r); err != nil {
		return Record{}, err
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentFiled, Subject: document(f.Document),
		Detail: map[string]any{"class": r.Class, "confidence": r.Confidence, "title": r.Title, "place": r.Place, "party": r.Party}})
	if err != nil {
		return Record{}, err
	}
	return p.Record(ctx, tx, f.Document) // a subscriber may have given it a ticket
}

func document(id repository.DocumentID) journal.Subject {
	return journal.Subject{Kind: "document", ID: id}
}

// isMachine says whether an actor is a part of the system.
func isMachine(a journal.Actor) bool { return len(a) > 7 && a[:7] == "system:" }

// lock reads a record and keeps others from changing it until the transaction ends.
func (p *Plan) lock(ctx context.Context, tx pgx.Tx, id repository.DocumentID) (Record, error) {
	if _, err := tx.Exec(ctx, "select from taxonomy.record where document = $1 for update", id); err != nil {
		return Record{}, fmt.Errorf("lock record %s: %w", id, err)
	}
	return p.Record(ctx, tx, id)
}

// put computes name, place and readers, and writes the row.
func (p *Plan) put(ctx context.Context, tx pgx.Tx, r Record) (Record, error) {
	c, err := p.Catalogue(ctx, tx)
	if err != nil {
		return r, err
	}
	class, ok := c.Class(r.Class)
	if !ok {
		return r, fault.New(fault.Invalid, "There is no class %q.", r.Class)
	}
	r.PartyName = ""
	if r.Party != uuid.Nil {
		err := tx.QueryRow(ctx, "select name from taxonomy.party where id = $1", r.Party).Scan(&r.PartyName)
		if err != nil {
			return r, fmt.Errorf("party %s of document %s: %w", r.Party, r.Document, err)
		}
	}
	path, err := c.Folder(r.facts(p.zone))
	if err != nil {
		return r, err
	}
	if r.Title, err = c.Name(r.facts(p.zone)); err != nil {
		return r, err
	}
	if !r.liesIn(class.Category, path) {
		if r.Folder, r.FolderPath, err = openFolder(ctx, tx, class.Category, path); err != nil {
			return r, err
		}
	}
	r.ClassTitle, r.Category = class.Titles.In(c.Language, string(class.ID)), class.Category
	if !r.Closed() {
		r.Readers = class.Readers
	}
	r.Place = c.Place(class.Category, r.FolderPath)
	r.LetterDate, _ = time.Parse(time.DateOnly, r.Values.Get(LetterDate))
	return r, write(ctx, tx, &r)
}

// liesIn says whether the record is already in a folder of that path or in one that was opened beside it: a correction
// that does not move a record must not take it out of a closed folder.
func (r Record) liesIn(category, path string) bool {
	return r.Folder != uuid.Nil && r.Category == category && (r.FolderPath == path || strings.HasPrefix(r.FolderPath, path+" ("))
}

func write(ctx context.Context, tx pgx.Tx, r *Record) error {
	var day *time.Time
	if !r.LetterDate.IsZero() {
		day = &r.LetterDate
	}
	err := tx.QueryRow(ctx, `insert into taxonomy.record as r (document, class, confidence, decided_by, how, title, folder, party,
			letter_date, received_at, language, original, ticket, fields, readers, filed_by, part_of)
		values ($1, $2, $3, $4, $5, $6, $7, nullif($8, '00000000-0000-0000-0000-000000000000'::uuid), $9, $10, $11, $12, $13, $14, $15, $16,
			nullif($17, '00000000-0000-0000-0000-000000000000'::uuid))
		on conflict (document) do update set class = excluded.class, confidence = excluded.confidence,
			decided_by = excluded.decided_by, how = excluded.how, title = excluded.title, folder = excluded.folder,
			party = excluded.party, letter_date = excluded.letter_date, received_at = excluded.received_at,
			language = excluded.language, original = excluded.original, ticket = excluded.ticket, fields = excluded.fields,
			readers = excluded.readers, version = r.version + 1
		returning version, filed_at, filed_by`,
		r.Document, r.Class, r.Confidence, r.DecidedBy, r.How, r.Title, r.Folder, r.Party, day, r.ReceivedAt, r.Language,
		r.Original, r.Ticket, r.Values, r.Readers, r.FiledBy, r.PartOf).Scan(&r.Version, &r.FiledAt, &r.FiledBy)
	if err != nil {
		return fmt.Errorf("write record %s: %w", r.Document, err)
	}
	return nil
}

// A Correction is what a person says a record is. Zero fields stay as they are.
type Correction struct {
	Class    ClassID
	Values   Values   // replace those given; one with an empty Value is removed
	Party    *PartyID // uuid.Nil takes the party away
	Language string
	Version  int // the record's version that the person saw; 0 does not check
}

// Correct changes a record as a person says, gives it its new name and place, and writes old and new values to the journal.
func (p *Plan) Correct(ctx context.Context, tx pgx.Tx, by journal.Actor, id repository.DocumentID, c Correction) (Record, error) {
	old, err := p.lock(ctx, tx, id)
	if err != nil {
		return Record{}, err
	}
	if c.Version != 0 && c.Version != old.Version {
		return Record{}, fault.New(fault.Conflict, "The document was changed by somebody else in the meantime. Nothing was saved; look at it again.")
	}
	r := old
	r.DecidedBy, r.Confidence, r.How = by, 1, say.Text("decided by %+s", by)
	if c.Class != "" {
		r.Class = c.Class
	}
	if c.Language != "" {
		r.Language = c.Language
	}
	if c.Party != nil {
		r.Party = *c.Party
	}
	r.Values = maps.Clone(old.Values)
	for id, v := range c.Values {
		if r.Values[id] = v; v.Value == "" {
			delete(r.Values, id)
		}
	}
	if r, err = p.put(ctx, tx, r); err != nil {
		return Record{}, err
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentCorrected, Subject: document(id), Detail: Changes(old, r)})
	if err != nil {
		return Record{}, err
	}
	return p.Record(ctx, tx, id)
}

// Changes are the differences of two states of a record: for each thing that changed its old and new value, fields by
// their ID under "fields". It says nothing about boxes and confidences.
func Changes(old, now Record) map[string]any {
	all := map[string]any{}
	add := func(to map[string]any, name, a, b string) {
		if a != b {
			to[name] = map[string]any{"old": a, "new": b}
		}
	}
	add(all, "class", string(old.Class), string(now.Class))
	add(all, "title", old.Title, now.Title)
	add(all, "place", old.Place, now.Place)
	add(all, "party", old.PartyName, now.PartyName)
	add(all, "language", old.Language, now.Language)
	fields := map[string]any{}
	for id := range old.Values {
		add(fields, string(id), old.Values.Get(id), now.Values.Get(id))
	}
	for id := range now.Values {
		add(fields, string(id), old.Values.Get(id), now.Values.Get(id))
	}
	if len(fields) > 0 {
		all["fields"] = fields
	}
	return all
}

// Retitle gives a document its ticket's number and its name anew. A document that is not filed stays as it is.
func (p *Plan) Retitle(ctx context.Context, tx pgx.Tx, by journal.Actor, id repository.DocumentID, ticket string) error {
	old, err := p.lock(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := p.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	r := old
	r.Ticket = ticket
	if r.Title, err = c.Name(r.facts(p.zone)); err != nil {
		return err
	}
	if r.Title == old.Title && r.Ticket == old.Ticket {
		return nil
	}
	_, err = tx.Exec(ctx, "update taxonomy.record set title = $2, ticket = $3, version = version + 1 where document = $1", id, r.Title, ticket)
	if err != nil {
		return fmt.Errorf("retitle document %s: %w", id, err)
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentRetitled, Subject: document(id),
		Detail: map[string]any{"title": map[string]string{"old": old.Title, "new": r.Title}, "ticket": ticket}})
	return err
}
