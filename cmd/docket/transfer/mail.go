package transfer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// MailExported is the verb of an export of messages that was finished. Its subject is the export.
const MailExported journal.Verb = "mail.exported"

// A MailExporter takes messages out, so that any mail program can read them and anybody can prove what they are.
type MailExporter struct {
	Pool    *pgxpool.Pool
	Store   *repository.Store
	Desk    *workflow.Desk
	Journal *journal.Journal
	By      journal.Actor
	Reader  taxonomy.Reader // whose export it is: what they may not see is left out
	Single  bool            // a file for each message in place of one mailbox
	Log     *slog.Logger
}

// A MailSelection says which messages are exported: of some documents, or all, and of these those that were received in a time.
type MailSelection struct {
	Query     string                  // that chose the documents, for information
	Ticket    string                  // likewise
	Documents []repository.DocumentID // nil means all
	From, To  time.Time               // received at or after, and before; zero means at any time
}

// A MailReport is what an export of messages did.
type MailReport struct {
	Export   uuid.UUID `json:"export"`
	Folder   string    `json:"folder"`
	Messages int       `json:"messages"`
	Bytes    int64     `json:"bytes"` // of them, as they are stored
	Problems []string  `json:"problems,omitempty"`
}

// Export writes the selected messages to the folder dir, which must not exist yet; until it is whole it is called dir.part. Memory does not
// grow with their number or size, but for those of Outlook's, which are written anew for a mailbox. A message whose bytes are missing or
// damaged in the store is a problem of the report.
func (e *MailExporter) Export(ctx context.Context, dir string, s MailSelection) (MailReport, error) {
	r := MailReport{Export: uuid.Must(uuid.NewV7()), Folder: dir}
	part := dir + ".part"
	for _, folder := range []string{dir, part} {
		if _, err := os.Lstat(folder); err == nil {
			return r, fault.New(fault.Conflict, "%s is there already. Choose a folder that is not, or remove it.", folder)
		}
	}
	if err := os.Mkdir(part, 0o750); err != nil {
		return r, err
	}
	w, err := newMailWriter(part, e.Single)
	if err != nil {
		return r, err
	}
	if err := errors.Join(e.all(ctx, w, s, &r), w.close()); err != nil {
		return r, err
	}
	if err := os.Rename(part, dir); err != nil {
		return r, err
	}
	return r, postgres.InTx(ctx, e.Pool, func(tx pgx.Tx) error {
		_, err := e.Journal.Append(ctx, tx, journal.Event{Actor: e.By, Verb: MailExported, Subject: journal.Subject{Kind: "export", ID: r.Export},
			Detail: map[string]any{"documents": r.Messages, "bytes": r.Bytes, "query": s.Query, "ticket": s.Ticket}})
		return err
	})
}

// all writes the messages in the order of their documents.
func (e *MailExporter) all(ctx context.Context, w *mailWriter, s MailSelection, r *MailReport) error {
	said := time.Now()
	for after := uuid.Nil; ; {
		page, err := e.page(ctx, s, after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, m := range page {
			if err := e.message(ctx, w, m, r); err != nil {
				return err
			}
			if time.Since(said) > progressEvery {
				said = time.Now()
				e.Log.Info("exporting", "messages", r.Messages, "bytes", r.Bytes)
			}
		}
		after = page[len(page)-1].version.Document
	}
}

// A storedMessage is a message to be exported.
type storedMessage struct {
	version  repository.Version
	received time.Time
	from     string // the envelope's sender, where there was one
	ticket   string
	hidden   bool // from whoever exports
}

// mailPage is how many messages are looked up at once.
const mailPage = 500

// page gives the next messages by key: what was read as a message or handed to us as one.
func (e *MailExporter) page(ctx context.Context, s MailSelection, after repository.DocumentID) ([]storedMessage, error) {
	rows, err := e.Pool.Query(ctx, `select v.document, v.number, v.name, v.media_type, v.size, v.sha256, v.object, p.received_at, coalesce(l.mail_from, '')
		from repository.document d join repository.version v on v.document = d.id and v.number = d.latest
		join lateral (select received_at from capture.piece where document = d.id order by seq limit 1) p on true
		left join lateral (select mail_from from capture.delivery join capture.piece using (receipt) where delivery.document = d.id order by seq limit 1) l on true
		where d.id > $1 and ($2::uuid[] is null or d.id = any($2)) and ($3::timestamptz is null or p.received_at >= $3)
			and ($4::timestamptz is null or p.received_at < $4)
			and (l.mail_from is not null or exists (select from capture.reading r where r.document = d.id and r.kind = 'mail'))
		order by d.id limit $5`, after, s.Documents, nullTime(s.From), nullTime(s.To), mailPage)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	var ids []repository.DocumentID
	page, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m storedMessage, err error) {
		var digest []byte
		v := &m.version
		err = row.Scan(&v.Document, &v.Number, &v.Name, &v.MediaType, &v.Size, &digest, &v.Object, &m.received, &m.from)
		copy(v.SHA256[:], digest)
		ids = append(ids, v.Document)
		return m, err
	})
	if err != nil || len(page) == 0 {
		return nil, postgres.Unavailable(err)
	}
	seen, err := e.Reader.Visible(ctx, e.Pool, ids)
	if err != nil {
		return nil, err
	}
	tickets, err := e.Desk.ByDocuments(ctx, e.Pool, ids)
	for i := range page {
		id := page[i].version.Document
		page[i].hidden, page[i].ticket = !seen[id], tickets[id].Number
	}
	return page, err
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// message writes one message, unless whoever exports may not see it.
func (e *MailExporter) message(ctx context.Context, w *mailWriter, m storedMessage, r *MailReport) error {
	if m.hidden {
		return nil
	}
	err := e.write(ctx, w, m)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errMailWrite):
		return err
	case err != nil:
		r.problem("Message %s: %s", m.version.Document, fault.Sentence(err))
		return nil
	}
	r.Messages++
	r.Bytes += m.version.Size
	return nil
}

func (e *MailExporter) write(ctx context.Context, w *mailWriter, m storedMessage) error {
	content, err := e.Store.Open(ctx, m.version)
	if err != nil {
		return err
	}
	defer content.Close()
	return w.add(m, content)
}

func (r *MailReport) problem(format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}
