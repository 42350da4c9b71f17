package transfer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"docket/repository"
	"docket/repository/bagit"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

// Exported is the verb of an export that was finished. Its subject is the bag.
const Exported journal.Verb = "documents.exported"

// An Exporter takes documents out.
type Exporter struct {
	Pool       *pgxpool.Pool
	Store      *repository.Store
	Plan       *taxonomy.Plan
	Desk       *workflow.Desk
	Journal    *journal.Journal
	By         journal.Actor
	House      string // whose documents they are, empty when not configured
	Renditions bool   // page images, layouts and searchable PDFs as well
	Log        *slog.Logger
}

// A Selection says which documents are exported.
type Selection struct {
	Query     string                  `json:"query,omitempty"` // that chose the documents, for information
	Documents []repository.DocumentID `json:"-"`               // in rising order; nil means all
}

// A Report is what an export or an import did.
type Report struct {
	Bag       uuid.UUID `json:"bag"`
	Folder    string    `json:"folder"`
	Documents int       `json:"documents"`
	Files     int       `json:"files"`
	Bytes     int64     `json:"bytes"`
	Already   int       `json:"already,omitempty"`  // of an import: were there before, and the same
	Problems  []string  `json:"problems,omitempty"` // sentences; the first hundred
}

// maxProblems is how many problems are listed one by one.
const maxProblems = 100

func (r *Report) problem(format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}

// inWork is how many documents are exported or imported at the same time.
const inWork = 4

// Export writes the selected documents to the folder dir, which must not exist yet. Until it is whole it is called dir.part, and an
// export that was cut off goes on there. Memory does not grow with the number of documents. A version whose bytes are missing or
// damaged in the store is a problem of the report and of its line; the others are exported.
func (e *Exporter) Export(ctx context.Context, dir string, s Selection) (Report, error) {
	if _, err := os.Lstat(dir); err == nil {
		return Report{}, fault.New(fault.Conflict, "%s is there already. Choose a folder that is not.", dir)
	}
	w, err := e.begin(dir+".part", s)
	if err != nil {
		return Report{}, err
	}
	defer w.close()
	w.report.Folder = dir
	if err := e.all(ctx, w, e.selected(ctx, s, w.last)); err != nil {
		return w.report, errors.Join(err, w.flush())
	}
	if err := e.finish(ctx, w, s); err != nil {
		return w.report, err
	}
	if err := os.Rename(w.dir, dir); err != nil {
		return w.report, err
	}
	return w.report, postgres.InTx(ctx, e.Pool, func(tx pgx.Tx) error {
		_, err := e.Journal.Append(ctx, tx, journal.Event{Actor: e.By, Verb: Exported, Subject: journal.Subject{Kind: "bag", ID: w.report.Bag},
			Detail: map[string]any{"documents": w.report.Documents, "files": w.report.Files, "bytes": w.report.Bytes, "query": s.Query}})
		return err
	})
}

// all writes the documents, several at once, and their lines in the order of the documents.
func (e *Exporter) all(ctx context.Context, w *writer, documents iter.Seq2[repository.DocumentID, error]) error {
	g, ctx := errgroup.WithContext(ctx)
	type result struct {
		line Line
		err  error
	}
	waiting := make(chan chan result, inWork)
	g.Go(func() error {
		defer close(waiting)
		for id, err := range documents {
			if err != nil {
				return err
			}
			done := make(chan result, 1)
			select {
			case waiting <- done:
			case <-ctx.Done():
				return ctx.Err()
			}
			g.Go(func() error {
				line, err := e.document(ctx, w.dir, id)
				done <- result{line, err}
				return nil
			})
		}
		return nil
	})
	g.Go(func() error {
		said := time.Now()
		for done := range waiting {
			r := <-done
			if r.err != nil {
				return r.err
			}
			if err := w.add(r.line); err != nil {
				return err
			}
			if time.Since(said) > progressEvery {
				said = time.Now()
				e.Log.Info("exporting", "documents", w.report.Documents, "bytes", w.report.Bytes)
			}
		}
		return nil
	})
	return g.Wait()
}

// progressEvery is how often a long export or import says how far it is.
const progressEvery = 5 * time.Second

// selected gives the documents to export that come after one: those chosen, or all, page by page by key.
func (e *Exporter) selected(ctx context.Context, s Selection, after repository.DocumentID) iter.Seq2[repository.DocumentID, error] {
	return func(yield func(repository.DocumentID, error) bool) {
		if s.Documents != nil {
			at, found := slices.BinarySearchFunc(s.Documents, after, compare)
			if found {
				at++
			}
			for _, id := range s.Documents[at:] {
				if !yield(id, nil) {
					return
				}
			}
			return
		}
		for {
			page, err := e.page(ctx, after)
			if err != nil {
				yield(uuid.Nil, postgres.Unavailable(err))
				return
			}
			for _, id := range page {
				if !yield(id, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
			after = page[len(page)-1]
		}
	}
}

func (e *Exporter) page(ctx context.Context, after repository.DocumentID) ([]repository.DocumentID, error) {
	rows, err := e.Pool.Query(ctx, "select id from repository.document where id > $1 order by id limit 500", after)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[repository.DocumentID])
}

// finish writes what is about the whole, and makes a bag of it.
func (e *Exporter) finish(ctx context.Context, w *writer, s Selection) error {
	if err := w.flush(); err != nil {
		return err
	}
	catalogue, err := e.Plan.Catalogue(ctx, e.Pool)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(newDefinitions(catalogue), "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, definitionsFile), body, 0o640); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, readmeFile), []byte(readme), 0o640); err != nil {
		return err
	}
	sum, err := bagit.Write(w.dir, w.payload(), e.info(w, s), readmeFile)
	if err != nil {
		return err
	}
	w.report.Files, w.report.Bytes = sum.Files, sum.Bytes
	return os.Remove(filepath.Join(w.dir, stateFile))
}

// info are the fields of bag-info.txt.
func (e *Exporter) info(w *writer, s Selection) []bagit.Field {
	which := "all documents"
	switch {
	case s.Query != "":
		which = "the documents found by: " + s.Query
	case s.Documents != nil:
		which = "documents chosen one by one"
	}
	return []bagit.Field{
		{Label: "Bag-Software-Agent", Value: "Docket"},
		{Label: "Source-Organization", Value: e.House},
		{Label: "External-Identifier", Value: w.report.Bag.String()},
		{Label: "External-Description", Value: fmt.Sprintf("%d documents with all their versions: %s", w.report.Documents, which)},
		{Label: "Bagging-Date", Value: w.state.Began.Format(time.DateOnly)},
		{Label: formatLabel, Value: formatVersion},
		{Label: documentsLabel, Value: fmt.Sprint(w.report.Documents)},
	}
}

// buffered reads lines whose length is bounded.
func buffered(f *os.File) *bufio.Scanner {
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	return lines
}
