package transfer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/bagit"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

// Imported is the verb of an import that came to its end. Its subject is the bag.
const Imported journal.Verb = "documents.imported"

// An Importer brings documents in.
type Importer struct {
	Pool    *pgxpool.Pool
	Store   *repository.Store
	Plan    *taxonomy.Plan
	Intake  *capture.Intake
	Journal *journal.Journal
	By      journal.Actor
	Log     *slog.Logger
}

// Import brings an export in. The bag is verified first and its lines are checked; one that is not whole, or holds what cannot be
// filed here, is refused and nothing is imported. Then each document is brought in by a transaction of its own. One that is here
// already with the same versions is left as it is; one that is here with others, or lost its bytes before it was exported, is a
// problem of the report. An import that was cut off is simply run again.
func (m *Importer) Import(ctx context.Context, dir string) (Report, error) {
	bag, err := bagit.Open(dir)
	if err != nil {
		return Report{}, err
	}
	defer bag.Close()
	r := &run{Importer: m, bag: bag, report: Report{Folder: dir}}
	if err := r.check(ctx); err != nil {
		return r.report, err
	}
	if err := r.all(ctx); err != nil {
		return r.report, err
	}
	if err := r.tie(ctx); err != nil {
		return r.report, err
	}
	return r.report, postgres.InTx(ctx, m.Pool, func(tx pgx.Tx) error {
		_, err := m.Journal.Append(ctx, tx, journal.Event{Actor: m.By, Verb: Imported, Subject: journal.Subject{Kind: "bag", ID: r.report.Bag},
			Detail: map[string]any{"house": bag.Info("Source-Organization"), "documents": r.report.Documents, "already": r.report.Already,
				"problems": len(r.report.Problems)}})
		return err
	})
}

// Check says whether an export could be imported, without importing anything.
func (m *Importer) Check(ctx context.Context, dir string) (Report, error) {
	bag, err := bagit.Open(dir)
	if err != nil {
		return Report{}, err
	}
	defer bag.Close()
	r := &run{Importer: m, bag: bag, report: Report{Folder: dir}}
	err = r.check(ctx)
	for range r.lines() {
		r.report.Documents++
	}
	return r.report, err
}

// A run is one import under way.
type run struct {
	*Importer
	bag *bagit.Bag

	mu     sync.Mutex // guards report
	report Report
}

// check refuses a bag that is not whole, is of another format, or holds what this house does not know.
func (r *run) check(ctx context.Context) error {
	if v := r.bag.Info(formatLabel); v != formatVersion {
		return fault.New(fault.Unsupported, "This bag is no Docket export of a known format: its bag-info.txt has %s %.20q, known is %q.", formatLabel, v, formatVersion)
	}
	id, err := uuid.Parse(r.bag.Info("External-Identifier"))
	if err != nil {
		return fault.New(fault.Invalid, "The bag's External-Identifier is not the ID of an export.")
	}
	r.report.Bag = id
	said := time.Now()
	sum, err := r.bag.Verify(ctx, func(s bagit.Summary) {
		if time.Since(said) > progressEvery {
			said = time.Now()
			r.Log.Info("verifying", "files", s.Files, "bytes", s.Bytes)
		}
	})
	if err != nil {
		return err
	}
	r.report.Files, r.report.Bytes = sum.Files, sum.Bytes
	catalogue, err := r.Plan.Catalogue(ctx, r.Pool)
	if err != nil {
		return err
	}
	return checkLines(r.lines(), catalogue)
}

// lines are the bag's lines, one at a time.
func (r *run) lines() iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		f, err := r.bag.File(linesFile)
		if err != nil {
			yield(Line{}, fault.Wrap(err, fault.Invalid, "The bag has no %s.", linesFile))
			return
		}
		defer f.Close()
		lines := buffered(f)
		for n := 1; lines.Scan(); n++ {
			var l Line
			err := json.Unmarshal(lines.Bytes(), &l)
			if err == nil && bytes.Contains(lines.Bytes(), []byte(`\u0000`)) {
				err = errors.New("it holds a NUL")
			}
			if err != nil {
				yield(l, fault.Wrap(err, fault.Invalid, "Line %d of %s cannot be read: %v.", n, linesFile, err))
				return
			}
			if !yield(l, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Line{}, fault.Wrap(err, fault.Invalid, "%s cannot be read: %v.", linesFile, err))
		}
	}
}

// all brings the documents in, several at once.
func (r *run) all(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(inWork)
	said := time.Now()
	for l, err := range r.lines() {
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error { return r.document(ctx, l) })
		if time.Since(said) > progressEvery {
			said = time.Now()
			r.mu.Lock()
			r.Log.Info("importing", "documents", r.report.Documents+r.report.Already)
			r.mu.Unlock()
		}
	}
	return g.Wait()
}

// note changes the report.
func (r *run) note(change func(*Report)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.report)
}

// document brings one document in, unless it is here.
func (r *run) document(ctx context.Context, l Line) error {
	known, err := r.Store.Versions(ctx, r.Pool, l.Document)
	if err != nil {
		return postgres.Unavailable(err)
	}
	if len(known) > 0 {
		r.compare(l, known)
		return nil
	}
	for _, v := range l.Versions {
		if v.File == nil {
			r.note(func(p *Report) {
				p.problem("Document %s was not imported: version %d is not in the bag. %s", l.Document, v.Number, v.Problem)
			})
			return nil
		}
	}
	err = r.restore(ctx, l)
	switch {
	case err == nil:
		r.note(func(p *Report) { p.Documents++ })
	case postgres.IsUnique(err, "document_pkey"): // another import, this very moment
		r.note(func(p *Report) { p.Already++ })
	default:
		return fmt.Errorf("import document %s: %w", l.Document, err)
	}
	return nil
}

// compare tells a document that is here already from one that only has the same ID or has gone on since.
func (r *run) compare(l Line, known []repository.Version) {
	same := len(known) == len(l.Versions)
	for i := range min(len(known), len(l.Versions)) {
		same = same && l.Versions[i].File != nil && Digest(known[i].SHA256) == l.Versions[i].File.SHA256
	}
	r.note(func(p *Report) {
		if same {
			p.Already++
			return
		}
		p.problem("Document %s is here already, with other versions (%d here, %d in the bag). It was left as it is.", l.Document, len(known), len(l.Versions))
	})
}

// tie says which documents were attached to which messages, once all are here, and has those read that were still to be read:
// a message that is read looks for its parts.
func (r *run) tie(ctx context.Context) error {
	for l, err := range r.lines() {
		if err != nil {
			return err
		}
		brought, attached := l.brought()
		attached = attached && brought.Parent != uuid.Nil
		part := l.Record != nil && l.Record.PartOf != uuid.Nil
		if !attached && !part && !l.unread() {
			continue
		}
		err := postgres.InTx(ctx, r.Pool, func(tx pgx.Tx) error {
			if part {
				if err := r.Plan.TieToMessage(ctx, tx, l.Document, l.Record.PartOf); err != nil {
					return err
				}
			}
			if attached {
				if err := capture.TieToParent(ctx, tx, brought); err != nil {
					return err
				}
			}
			if l.unread() {
				return r.Intake.ReadRestored(ctx, tx, l.Document)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
