package search

import (
	"context"
	"fmt"
	"slices"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// Records is the Loader of Docket: entries are made of versions, page texts, annotations and records. What other packages know of a document
// comes through Beside.
type Records struct {
	Store *repository.Store
	Plan  *taxonomy.Plan
	Zone  *time.Location // in which the day of receipt is meant; nil means UTC
	// Beside tells, in one query, what is not in a record. It may be nil.
	Beside func(ctx context.Context, q postgres.Querier, documents []repository.DocumentID) (map[repository.DocumentID]Beside, error)
	// Also gives the documents that subjects of other kinds than document, party and folder touch: tickets. It may be nil.
	Also func(ctx context.Context, q postgres.Querier, subjects []journal.Subject) ([]repository.DocumentID, error)
}

// Beside is what is known of a document outside its record. Of a document without a record nothing else is known, and it is not to be
// found by anybody unless Readers are given.
type Beside struct {
	State    string    // "filed", "waiting"
	Source   string    // way in
	Received time.Time // for a document without a record
	Tickets  []string  // in addition to the record's
	Desk     []string  // how far its tickets are
	Labels   []string
	Class    taxonomy.ClassID // a guess, for a document without a record
	Readers  []string         // for a document without a record
	Message  Message          // of a message
}

// Touched implements Loader.
func (l *Records) Touched(ctx context.Context, q postgres.Querier, subjects []journal.Subject) ([]repository.DocumentID, error) {
	var documents, others []repository.DocumentID
	var also []journal.Subject
	for _, s := range subjects {
		switch s.Kind {
		case "document":
			documents = append(documents, s.ID)
		case "party", "folder":
			others = append(others, s.ID)
		default:
			if !isDefinition(s) { // entries hold IDs, not what is defined
				also = append(also, s)
			}
		}
	}
	if len(others) > 0 {
		rows, err := q.Query(ctx, "select document from taxonomy.record where party = any($1) or folder = any($1)", others)
		if err != nil {
			return nil, fmt.Errorf("documents of parties and folders: %w", err)
		}
		more, err := pgx.CollectRows(rows, pgx.RowTo[repository.DocumentID])
		if err != nil {
			return nil, fmt.Errorf("documents of parties and folders: %w", err)
		}
		documents = append(documents, more...)
	}
	if len(also) == 0 || l.Also == nil {
		return documents, nil
	}
	more, err := l.Also(ctx, q, also)
	return append(documents, more...), err
}

// Load implements Loader. A document that is not in the repository any more, or has neither a record nor readers, is left out.
func (l *Records) Load(ctx context.Context, q postgres.Querier, documents []repository.DocumentID) ([]Entry, error) {
	versions, err := l.versions(ctx, q, documents)
	if err != nil {
		return nil, err
	}
	texts, err := l.Store.Texts(ctx, q, documents)
	if err != nil {
		return nil, err
	}
	records, err := l.Plan.Records(ctx, q, documents)
	if err != nil {
		return nil, err
	}
	catalogue, err := l.Plan.Catalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	sayings, err := l.Store.Sayings(ctx, q, documents)
	if err != nil {
		return nil, err
	}
	beside := map[repository.DocumentID]Beside{}
	if l.Beside != nil {
		if beside, err = l.Beside(ctx, q, documents); err != nil {
			return nil, err
		}
	}
	entries := make([]Entry, 0, len(documents))
	for _, v := range versions {
		e := entryOf(v, texts[v.Document], beside[v.Document])
		for _, a := range sayings[v.Document] {
			e.Notes = append(e.Notes, Note{a.ID, a.Version, a.Page, a.Text})
		}
		if r, ok := records[v.Document]; ok {
			e.describe(r, catalogue)
		}
		e.Received = e.Received.In(l.zone())
		if len(e.Readers) > 0 {
			entries = append(entries, e)
		}
	}
	return entries, nil
}

func (l *Records) zone() *time.Location {
	if l.Zone == nil {
		return time.UTC
	}
	return l.Zone
}

// versions are the newest versions of some documents.
func (l *Records) versions(ctx context.Context, q postgres.Querier, documents []repository.DocumentID) ([]repository.Version, error) {
	rows, err := q.Query(ctx, `select v.document, v.number, v.name, v.sha256, v.at from repository.document d
		join repository.version v on v.document = d.id and v.number = d.latest where d.id = any($1)`, documents)
	if err != nil {
		return nil, fmt.Errorf("versions: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (repository.Version, error) {
		var v repository.Version
		var digest []byte
		err := row.Scan(&v.Document, &v.Number, &v.Name, &digest, &v.At)
		copy(v.SHA256[:], digest)
		return v, err
	})
}

// entryOf is what is known of a document without its record.
func entryOf(v repository.Version, pages []repository.PageText, b Beside) Entry {
	e := Entry{
		Document: v.Document, Version: v.Number, Digest: v.SHA256, Title: v.Name, FileName: v.Name, Class: b.Class, State: b.State,
		Source: b.Source, Received: b.Received, Tickets: b.Tickets, Desk: b.Desk, Labels: b.Labels, Readers: b.Readers, Message: b.Message,
	}
	if e.Received.IsZero() {
		e.Received = v.At
	}
	length := map[string]int{}
	for _, p := range pages {
		for len(e.Pages) < p.Page {
			e.Pages = append(e.Pages, "")
		}
		e.Pages[p.Page-1] = p.Text
		if length[p.Language] += len(p.Text); length[p.Language] > length[e.Language] || e.Language == "" {
			e.Language = p.Language
		}
	}
	return e
}

// describe puts in what the record says.
func (e *Entry) describe(r taxonomy.Record, c *taxonomy.Catalogue) {
	e.Title, e.Class, e.Party, e.PartyName = r.Title, r.Class, r.Party, r.PartyName
	e.Date, e.Received, e.Readers = r.LetterDate, r.ReceivedAt, r.Readers
	if r.Language != "" {
		e.Language = r.Language
	}
	if r.Ticket != "" && !slices.Contains(e.Tickets, r.Ticket) {
		e.Tickets = append(e.Tickets, r.Ticket)
	}
	e.Folders = []string{r.Folder.String()}
	for _, category := range c.Line(r.Category) {
		e.Folders = append(e.Folders, category.Code)
	}
	e.Fields = make(map[taxonomy.FieldID]string, len(r.Values))
	for id, v := range r.Values {
		e.Fields[id] = v.Value
	}
}
