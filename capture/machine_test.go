package capture_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"docket/capture"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/journal"
	"docket/repository/postgres/postgrestest"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A machine is the door with the workers behind it, which work when they are told to.
type machine struct {
	*postgrestest.DB
	in     *capture.Intake
	plan   *taxonomy.Plan
	reader *capture.Reader
	filer  *capture.Filer
	events []journal.Verb // of documents, by system and people, in order

	mu   sync.Mutex
	jobs []river.JobArgs
	put  []river.JobArgs // off by those who worked them
}

// noOCR stands where recognition would; the pieces of these tests hold their text.
type noOCR struct{}

func (noOCR) ReadImage(context.Context, string, int, int, string) (l repository.Layout, image, thumb []byte, err error) {
	return l, nil, nil, errors.New("there is no recognition in this test")
}

func (noOCR) CountImages(context.Context, string) (int, error) {
	return 0, errors.New("there is no recognition in this test")
}

// InsertTx remembers a job. Transactions that insert jobs succeed in these tests.
func (m *machine) InsertTx(_ context.Context, _ pgx.Tx, args river.JobArgs, _ *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.jobs = append(m.jobs, args)
	return &rivertype.JobInsertResult{}, nil
}

// models are trained once for all tests.
var models struct {
	once sync.Once
	*capture.Models
	err error
}

func openMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{DB: postgrestest.Open(t, repository.Migrations, taxonomy.Migrations, capture.Migrations)}
	j := journal.New()
	m.plan = taxonomy.NewPlan(j, nil)
	m.in = &capture.Intake{Pool: m.Pool, Store: repository.NewStore(blob.NewMemory(), j), Journal: j, Jobs: m}
	j.Subscribe(m.in.Follow)
	j.Subscribe(func(_ context.Context, _ pgx.Tx, e journal.Event) error {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.events = append(m.events, e.Verb)
		return nil
	})
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	m.Tx(func(ctx context.Context, tx pgx.Tx) error { return taxonomy.Install(ctx, tx, pack) })
	models.once.Do(func() {
		models.Models, models.err = capture.LoadModels(t.Context(), m.Pool, slog.New(slog.DiscardHandler), pack.Classes)
	})
	if models.err != nil {
		t.Fatal(models.err)
	}
	temp := t.TempDir()
	m.reader = &capture.Reader{Intake: m.in, Understand: &capture.Understander{Plan: m.plan, Models: models.Models}, TempDir: temp,
		Pages: page.NewReader(noOCR{}, page.Config{TempDir: temp, Pages: 2})}
	m.filer = &capture.Filer{Intake: m.in, Plan: m.plan}
	return m
}

// hand gives something in at the door and lets the workers do all that follows.
func (m *machine) hand(name, content string) capture.Piece {
	m.Helper()
	p, err := m.in.Receive(m.Context(), capture.Item{Source: "test", Name: name, By: "anna", Content: strings.NewReader(content)})
	if err != nil {
		m.Fatal(err)
	}
	m.work()
	return m.piece(p)
}

// work does all jobs, and those that they bring, until there is none.
func (m *machine) work() {
	m.Helper()
	for len(m.jobs) > 0 {
		args := m.jobs[0]
		m.jobs = m.jobs[1:]
		var err error
		switch args := args.(type) {
		case capture.ReadArgs:
			err = m.reader.Work(m.Context(), &river.Job[capture.ReadArgs]{JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 1}, Args: args})
		case capture.FileArgs:
			err = m.filer.Work(m.Context(), &river.Job[capture.FileArgs]{JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 1}, Args: args})
		case capture.ScreenArgs:
			err = (&capture.Screener{Reader: m.reader}).Work(m.Context(), &river.Job[capture.ScreenArgs]{JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 1}, Args: args})
		}
		if _, off := errors.AsType[*river.JobSnoozeError](err); off {
			m.put = append(m.put, args)
			continue
		}
		if err != nil {
			m.Fatalf("%s: %v", args.Kind(), err)
		}
	}
}

// piece is a piece as it is now.
func (m *machine) piece(p capture.Piece) capture.Piece {
	m.Helper()
	p, err := capture.FindPiece(m.Context(), m.Pool, p.Receipt)
	if err != nil {
		m.Fatal(err)
	}
	return p
}

func (m *machine) record(id repository.DocumentID) taxonomy.Record {
	m.Helper()
	r, err := m.plan.Record(m.Context(), m.Pool, id)
	if err != nil {
		m.Fatal(err)
	}
	return r
}

func (m *machine) reading(id repository.DocumentID) capture.Reading {
	m.Helper()
	r, err := capture.FindReading(m.Context(), m.Pool, id)
	if err != nil {
		m.Fatal(err)
	}
	return r
}

// revise gives a document a new version, as nobody in particular does.
func (m *machine) revise(id repository.DocumentID, content string) {
	m.Helper()
	d, err := m.in.Store.Get(m.Context(), m.Pool, id)
	if err != nil {
		m.Fatal(err)
	}
	c, err := m.in.Store.PutContent(m.Context(), id, d.Latest+1, "later.txt", strings.NewReader(content), 0)
	if err != nil {
		m.Fatal(err)
	}
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := m.in.Store.Revise(ctx, tx, "ben", id, c, "")
		return err
	})
	m.work()
}
