package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docket/capture"
	"docket/capture/page"
	"docket/capture/tesseract"
	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// An app is the packages composed: every subscriber and every worker is on this screen.
type app struct {
	*stack
	journal  *journal.Journal
	store    *repository.Store
	plan     *taxonomy.Plan
	models   *capture.Models
	intake   *capture.Intake
	index    *search.Index
	follower *search.Follower
	people   *workflow.People
	desk     *workflow.Desk
	ocr      *tesseract.Pool
	jobs     *river.Client[pgx.Tx]
}

// compose builds the packages over an open stack, in the order of their imports. Jobs do not run before start.
func compose(ctx context.Context, s *stack) (*app, error) {
	a := &app{stack: s, journal: journal.New()}
	a.store = repository.NewStore(s.blobs, a.journal)
	a.plan = taxonomy.NewPlan(a.journal, time.Local)
	a.people = workflow.NewPeople(a.journal)
	a.desk = workflow.NewDesk(a.journal, a.plan, workflow.Calendar{Zone: time.Local}, nil)
	a.intake = &capture.Intake{Pool: s.pool, Store: a.store, Journal: a.journal, MaxSize: int64(s.config.MaxSize)}
	if err := a.install(ctx); err != nil {
		return nil, fmt.Errorf("install the starter pack: %w", err)
	}
	catalogue, err := a.plan.Catalogue(ctx, s.pool)
	if err != nil {
		return nil, err
	}
	if a.models, err = capture.LoadModels(ctx, s.pool, s.log, catalogue.Classes); err != nil {
		return nil, err
	}
	if err := a.openIndex(ctx); err != nil {
		return nil, err
	}
	if err := a.employ(); err != nil {
		return nil, err
	}
	a.intake.Jobs = a.jobs
	a.journal.Subscribe(a.desk.Follow)
	a.follower.Subscribe(a.journal, a.jobs)
	return a, nil
}

// install brings the starter pack's new definitions into the database.
func (a *app) install(ctx context.Context) error {
	pack, err := taxonomy.LoadPack()
	if err != nil {
		return err
	}
	processes, err := workflow.Shipped()
	if err != nil {
		return err
	}
	return postgres.InTx(ctx, a.pool, func(tx pgx.Tx) error {
		return errors.Join(taxonomy.Install(ctx, tx, pack), workflow.Install(ctx, tx, processes))
	})
}

func (a *app) openIndex(ctx context.Context) (err error) {
	if a.index, err = openIndex(ctx, a.stack); err != nil {
		return err
	}
	a.opened(func(context.Context) error { return a.index.Close() })
	a.follower = &search.Follower{Pool: a.pool, Engine: a.index, Kinds: []string{"document", "party", "folder"},
		Loader: &search.Records{Store: a.store, Plan: a.plan, Zone: time.Local, Beside: besideRecords}}
	return nil
}

// openIndex opens the index of the data folder with the fields and classes that the organisation has defined.
func openIndex(ctx context.Context, s *stack) (*search.Index, error) {
	c, err := taxonomy.Load(ctx, s.pool)
	if err != nil {
		return nil, err
	}
	var states []string
	for _, s := range capture.States {
		states = append(states, string(s))
	}
	return search.Open(filepath.Join(s.config.Data, "index"), search.NewSchema(c, states))
}

// employ registers every worker with the job queue.
func (a *app) employ() error {
	temp, err := a.tempDir()
	if err != nil {
		return err
	}
	a.ocr, err = tesseract.New(tesseract.Config{Children: a.config.OCRWorkers, Log: a.log})
	if err != nil {
		return err
	}
	a.opened(func(context.Context) error { a.ocr.Close(); return nil })
	own, err := house(a.config.House)
	if err != nil {
		return err
	}
	understand := &capture.Understander{Plan: a.plan, Models: a.models, House: own}
	workers := river.NewWorkers()
	river.AddWorker(workers, &capture.Reader{Intake: a.intake, Understand: understand, TempDir: temp,
		Pages: page.NewReader(a.ocr, page.Config{TempDir: temp, MaxSize: int64(a.config.MaxSize), Pages: a.config.OCRWorkers + 1})})
	river.AddWorker(workers, &capture.Filer{Intake: a.intake, Plan: a.plan})
	river.AddWorker(workers, &capture.Archiver{Intake: a.intake, TempDir: temp})
	river.AddWorker(workers, &capture.Retrainer{Models: a.models, Classes: a.classes})
	river.AddWorker(workers, &search.Worker{Follower: a.follower})
	river.AddWorker(workers, &housekeeper{pool: a.pool, store: a.store, log: a.log})
	a.jobs, err = river.NewClient(riverpgxv5.New(a.pool), &river.Config{
		ID:           a.name(),
		Schema:       postgres.RiverSchema,
		Logger:       quiet(a.log),
		Workers:      workers,
		PeriodicJobs: periodic(),
		Queues: map[string]river.QueueConfig{
			capture.ReadQueue:    {MaxWorkers: a.config.Readers},
			capture.FileQueue:    {MaxWorkers: 2},
			capture.ArchiveQueue: {MaxWorkers: 1},
			capture.TrainQueue:   {MaxWorkers: 1},
			search.Queue:         {MaxWorkers: 1}, // the index has one writer
			housekeepingQueue:    {MaxWorkers: 1},
		},
		FetchCooldown:   20 * time.Millisecond,
		JobTimeout:      30 * time.Minute,
		SoftStopTimeout: 10 * time.Second,
	})
	return err
}

func (a *app) classes(ctx context.Context) ([]taxonomy.Class, error) {
	c, err := a.plan.Catalogue(ctx, a.pool)
	if err != nil {
		return nil, err
	}
	return c.Classes, nil
}

// tempDir is where pages in work lie; what an earlier process left there is removed.
func (a *app) tempDir() (string, error) {
	dir := filepath.Join(a.config.Data, "tmp", "pages")
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o700)
}

// name is who works on jobs: the same after a restart, so that the jobs of a process that was killed can be taken back.
func (a *app) name() string {
	host, _ := os.Hostname()
	folder, _ := filepath.Abs(a.config.Data)
	sum := sha256.Sum256([]byte(folder))
	return fmt.Sprintf("docket-%s-%x", strings.ReplaceAll(host, ".", "-"), sum[:6])
}

// quiet is a logger for the job queue, which tells of every few seconds of its life: only what is wrong is wanted.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

// warnings drops what is less than a warning.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// start takes back the jobs that a killed predecessor was running and begins to work.
func (a *app) start(ctx context.Context) error {
	back, err := a.pool.Exec(ctx, `update river.river_job set state = 'available', scheduled_at = now()
		where state = 'running' and attempted_by[array_upper(attempted_by, 1)] = $1`, a.name())
	if err != nil {
		return fmt.Errorf("take back jobs: %w", err)
	}
	if n := back.RowsAffected(); n > 0 {
		a.log.Info("taking up the jobs that were cut off", "jobs", n)
	}
	if err := a.follower.FillIfEmpty(ctx, a.jobs); err != nil {
		return err
	}
	if err := a.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	a.opened(func(ctx context.Context) error {
		if err := a.jobs.Stop(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return nil
	})
	return nil
}
