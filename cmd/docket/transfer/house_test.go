package transfer

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"
	"docket/search"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// A house is a Docket without workers, whose objects are in memory.
type house struct {
	pool    *pgxpool.Pool
	blobs   blob.Store
	journal *journal.Journal
	store   *repository.Store
	plan    *taxonomy.Plan
	desk    *workflow.Desk
	intake  *capture.Intake
}

func newHouse(t *testing.T) *house {
	t.Helper()
	pool := postgrestest.New(t, repository.Migrations, taxonomy.Migrations, search.Migrations, capture.Migrations, workflow.Migrations)
	h := &house{pool: pool, blobs: blob.NewMemory(), journal: journal.New()}
	h.store, h.plan = repository.NewStore(h.blobs, h.journal), taxonomy.NewPlan(h.journal, time.UTC)
	h.desk = workflow.NewDesk(h.journal, h.plan, workflow.Calendar{}, nil)
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: postgres.RiverSchema})
	if err != nil {
		t.Fatal(err)
	}
	h.intake = &capture.Intake{Pool: pool, Store: h.store, Journal: h.journal, Jobs: jobs}
	pack, err := taxonomy.LoadPack()
	if err == nil {
		err = postgres.InTx(t.Context(), pool, func(tx pgx.Tx) error { return taxonomy.Install(t.Context(), tx, pack) })
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// receive takes in some texts and files each as a complaint from somebody of its own.
func (h *house) receive(t *testing.T, n int) []repository.DocumentID {
	t.Helper()
	var ids []repository.DocumentID
	for i := range n {
		p, err := h.intake.Receive(t.Context(), capture.Item{Source: "test", Name: fmt.Sprintf("Brief %d.txt", i), By: "anna",
			Content: strings.NewReader(fmt.Sprintf("Letter %d about a kettle.", i))})
		if err != nil {
			t.Fatal(err)
		}
		err = postgres.InTx(t.Context(), h.pool, func(tx pgx.Tx) error { return h.file(t.Context(), tx, p, i) })
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, p.Document)
	}
	slices.SortFunc(ids, compare)
	return ids
}

func (h *house) file(ctx context.Context, tx pgx.Tx, p capture.Piece, i int) error {
	hints := taxonomy.Hints{Name: fmt.Sprintf("Anna Alt%c", 'a'+i), Emails: []string{fmt.Sprintf("a%d@example.org", i)}}
	m, err := h.plan.Recognise(ctx, tx, "anna", hints, p.Document)
	if err != nil {
		return err
	}
	err = h.store.SetTexts(ctx, tx, p.Document, 1, []repository.PageText{{Page: 1, Text: "a kettle", Language: "en", Confidence: 1}})
	if err != nil {
		return err
	}
	_, err = h.plan.File(ctx, tx, "anna", taxonomy.Filing{Document: p.Document, Class: "complaint", Confidence: 1, How: "typed", Party: m.Party.ID,
		Language: "en", Original: p.Name, Received: p.ReceivedAt, Ticket: workflow.Number("CLM", 2026, i+41),
		Values: taxonomy.Values{taxonomy.LetterDate: {Value: "2026-03-14", Text: "14 March 2026", Confidence: 1, How: "typed"}}})
	return err
}

func (h *house) exporter() *Exporter {
	return &Exporter{Pool: h.pool, Store: h.store, Plan: h.plan, Desk: h.desk, Journal: h.journal, By: "system:test", House: "The Old House",
		Log: slog.New(slog.DiscardHandler)}
}

func (h *house) importer() *Importer {
	return &Importer{Pool: h.pool, Store: h.store, Plan: h.plan, Intake: h.intake, Journal: h.journal, By: "system:test", Log: slog.New(slog.DiscardHandler)}
}

// count counts the rows of a table.
func (h *house) count(t *testing.T, table string) (n int) {
	t.Helper()
	if err := h.pool.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// export exports everything into a new folder.
func (h *house) export(t *testing.T) (string, Report) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "bag")
	r, err := h.exporter().Export(t.Context(), dir, Selection{})
	if err != nil {
		t.Fatal(err)
	}
	return dir, r
}
