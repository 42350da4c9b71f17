package taxonomy

import (
	"context"
	"fmt"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A FolderID names a record folder.
type FolderID = uuid.UUID

// A Record is a document that was given its class, name and place.
type Record struct {
	Document   repository.DocumentID
	Class      ClassID
	ClassTitle string        // in the house's language
	Confidence float64       // of the class, 0 to 1; 1 when a person decided
	DecidedBy  journal.Actor // who decided the class
	How        string        // why this class, for people
	Title      string
	Folder     FolderID
	Category   string    // code of the record category
	Place      string    // the whole path: "Complaints/2026/03"
	FolderPath string    // of the folder under its category: "2026/03"
	ClosedAt   time.Time // of the folder; zero while it is open
	Party      PartyID
	PartyName  string
	LetterDate time.Time // a day; zero when not known
	ReceivedAt time.Time
	Language   string                // two letters, empty when not known
	Original   string                // file name it came with
	Ticket     string                // number, empty while there is none
	PartOf     repository.DocumentID // the message it was attached to, Nil when it came by itself
	Values     Values
	Readers    []string // access tokens; see Reader
	Version    int
	FiledAt    time.Time
	FiledBy    journal.Actor
}

// Closed says whether nobody but administrators may see the record, whatever its class says. It stays so. A record that is not written
// yet has no readers at all, nil, and is not closed.
func (r Record) Closed() bool { return r.Readers != nil && len(r.Readers) == 0 }

// recordColumns and recordTables select records for lists of other packages; ScanRecord reads them.
const (
	recordColumns = `r.document, r.class, r.confidence, r.decided_by, r.how, r.title, r.folder, f.category, f.path, coalesce(f.closed_at, '0001-01-01 00:00:00+00'),
		coalesce(r.party, '00000000-0000-0000-0000-000000000000'), coalesce(p.name, ''), r.letter_date, r.received_at,
		r.language, r.original, r.ticket, coalesce(r.part_of, '00000000-0000-0000-0000-000000000000'), r.fields, r.readers, r.version, r.filed_at, r.filed_by`
	recordTables = `taxonomy.record r join taxonomy.folder f on f.id = r.folder left join taxonomy.party p on p.id = r.party`
)

// ScanRecord reads a row of recordColumns.
func (c *Catalogue) ScanRecord(row pgx.CollectableRow) (Record, error) {
	var r Record
	var day *time.Time
	err := row.Scan(&r.Document, &r.Class, &r.Confidence, &r.DecidedBy, &r.How, &r.Title, &r.Folder, &r.Category, &r.FolderPath, &r.ClosedAt,
		&r.Party, &r.PartyName, &day, &r.ReceivedAt, &r.Language, &r.Original, &r.Ticket, &r.PartOf, &r.Values, &r.Readers,
		&r.Version, &r.FiledAt, &r.FiledBy)
	if day != nil {
		r.LetterDate = *day
	}
	class, _ := c.Class(r.Class)
	r.ClassTitle = class.Titles.In(c.Language, string(r.Class))
	r.Place = c.Place(r.Category, r.FolderPath)
	return r, err
}

// Record gives one document's record. A document that was never filed is a fault of kind NotFound.
func (p *Plan) Record(ctx context.Context, q postgres.Querier, id repository.DocumentID) (Record, error) {
	all, err := p.list(ctx, q, "r.document = $1", id) // not any($1): that is planned anew each time
	if err == nil && len(all) == 0 {
		err = postgres.Missing(pgx.ErrNoRows, "This document is not filed, or does not exist.")
	}
	if err != nil {
		return Record{}, err
	}
	return all[0], nil
}

// Records gives the records of many documents in one query. Documents that were never filed are not in the map.
func (p *Plan) Records(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) (map[repository.DocumentID]Record, error) {
	list, err := p.list(ctx, q, "r.document = any($1)", ids)
	all := make(map[repository.DocumentID]Record, len(list))
	for _, r := range list {
		all[r.Document] = r
	}
	return all, err
}

// Parts gives the records of what was attached to a message and is filed, in the order of documents.
func (p *Plan) Parts(ctx context.Context, q postgres.Querier, message repository.DocumentID) ([]Record, error) {
	return p.list(ctx, q, "r.part_of = $1 order by r.document", message)
}

func (p *Plan) list(ctx context.Context, q postgres.Querier, where string, args ...any) ([]Record, error) {
	c, err := p.Catalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, "select "+recordColumns+" from "+recordTables+" where "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("records: %w", err)
	}
	list, err := pgx.CollectRows(rows, c.ScanRecord)
	if err != nil {
		return nil, fmt.Errorf("records: %w", err)
	}
	return list, nil
}

// facts are what the record's name and place are made of.
func (r Record) facts(zone *time.Location) Facts {
	return Facts{Class: r.Class, Values: r.Values, Party: r.PartyName, Ticket: r.Ticket, Original: r.Original,
		Language: r.Language, Received: r.ReceivedAt.In(zone)}
}
