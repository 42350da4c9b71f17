package capture

import (
	"context"
	"fmt"
	"time"

	"docket/capture/detect"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// A Reading is what was understood of a document's newest version: by the machine and, once decided, by a person.
type Reading struct {
	Document   repository.DocumentID
	Version    int
	Rev        int       // counts changes; see Decide
	Kind       page.Kind // what the file is by its bytes
	Cover      bool      // a message that says little itself: it is what it brings; see settleCover
	Pages      int
	Language   string // two letters, empty when unknown
	Class      taxonomy.ClassID
	Confidence float64         // calibrated, 0 to 1; 1 when a person decided
	Ranked     []detect.Ranked // the classes considered, the likeliest first
	Reasons    []detect.Reason // what spoke for the likeliest
	Fields     taxonomy.Values
	Doubts     []string          // why a person is asked, sentences; empty when nobody needs to be
	Flags      []string          // what is special about the file, sentences
	Meta       map[string]string // of messages: subject, from, to, cc, date
	Mail       *MailFacts        // nil for what is no message
	ReadAt     time.Time
	DecidedBy  string // who validated it; empty while only the machine has spoken
	DecidedAt  time.Time
}

const readingColumns = `document, version, rev, kind, cover, pages, language, class, confidence, ranked, reasons, fields, doubts, flags, meta, mail, read_at,
	coalesce(decided_by, ''), coalesce(decided_at, 'epoch')`

func scanReading(row pgx.CollectableRow) (Reading, error) {
	var r Reading
	err := row.Scan(&r.Document, &r.Version, &r.Rev, &r.Kind, &r.Cover, &r.Pages, &r.Language, &r.Class, &r.Confidence, &r.Ranked, &r.Reasons, &r.Fields,
		&r.Doubts, &r.Flags, &r.Meta, &r.Mail, &r.ReadAt, &r.DecidedBy, &r.DecidedAt)
	return r, err
}

// FindReading gives what was understood of a document, or a fault of kind NotFound while it has not been read.
func FindReading(ctx context.Context, q postgres.Querier, id repository.DocumentID) (Reading, error) {
	rows, err := q.Query(ctx, "select "+readingColumns+" from capture.reading where document = $1", id)
	if err != nil {
		return Reading{}, err
	}
	r, err := pgx.CollectExactlyOneRow(rows, scanReading)
	return r, postgres.Missing(err, "This document has not been read yet.")
}

// Readings is FindReading for several documents in one query; documents that were not read are left out.
func Readings(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) (map[repository.DocumentID]Reading, error) {
	rows, err := q.Query(ctx, "select "+readingColumns+" from capture.reading where document = any($1)", ids)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, scanReading)
	found := make(map[repository.DocumentID]Reading, len(all))
	for _, r := range all {
		found[r.Document] = r
	}
	return found, err
}

// save writes what the machine understood. What a person has decided since is kept: the class, and every value; values that
// they left empty are filled where a new version tells them.
func (r Reading) save(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `insert into capture.reading (document, version, pages, language, class, confidence, ranked, reasons,
			fields, doubts, flags, meta, kind, cover, mail)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		on conflict (document) do update set version = excluded.version, kind = excluded.kind, cover = excluded.cover, rev = reading.rev + 1, pages = excluded.pages,
			flags = excluded.flags, meta = excluded.meta, mail = excluded.mail, read_at = now(),
			(language, class, confidence, ranked, reasons, doubts, fields) = (select k.language, k.class, k.confidence, k.ranked, k.reasons,
				k.doubts, case when reading.decided_by is null then excluded.fields else excluded.fields || reading.fields end
				from (values (reading.decided_by is null, excluded.language, excluded.class, excluded.confidence, excluded.ranked, excluded.reasons, excluded.doubts),
					(reading.decided_by is not null, reading.language, reading.class, reading.confidence, reading.ranked, reading.reasons, reading.doubts))
				k (taken, language, class, confidence, ranked, reasons, doubts) where k.taken)`,
		r.Document, r.Version, r.Pages, r.Language, r.Class, r.Confidence, postgres.Array(r.Ranked), postgres.Array(r.Reasons),
		notNil(r.Fields), postgres.Array(r.Doubts), postgres.Array(r.Flags), notNil(r.Meta), r.Kind, r.Cover, r.Mail)
	if err != nil {
		return fmt.Errorf("save the reading of %s: %w", r.Document, err)
	}
	return nil
}

func notNil[K comparable, V any, M ~map[K]V](m M) M {
	if m == nil {
		return M{}
	}
	return m
}
