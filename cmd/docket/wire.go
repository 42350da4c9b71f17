package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docket/capture"
	"docket/capture/clamd"
	"docket/capture/mail"
	"docket/capture/page"
	"docket/capture/tesseract"
	"docket/repository"
	"docket/repository/journal"
	"docket/repository/keyring"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"
	"docket/web"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// An app is the packages composed: every subscriber and every worker is on this screen.
type app struct {
	*stack
	role     role
	journal  *journal.Journal
	ring     *keyring.Ring
	store    *repository.Store
	plan     *taxonomy.Plan
	models   *capture.Models
	intake   *capture.Intake
	sheets   *capture.Sheets // nil where nothing is worked or shown
	index    *search.Index
	follower *search.Follower
	people   *workflow.People
	desk     *workflow.Desk
	outbox   *workflow.Outbox
	notifier *workflow.Notifier
	ocr      *tesseract.Pool // nil where nothing is read
	jobs     *river.Client[pgx.Tx]
	metrics  *prometheus.Registry
}

// compose builds the packages over an open stack, in the order of their imports: all that the role needs. The subscribers are
// the same in every role, since whatever a process writes has the same consequences. Jobs do not run before start.
func compose(ctx context.Context, s *stack, r role) (*app, error) {
	a := &app{stack: s, role: r, journal: journal.New(), metrics: newRegistry()}
	a.store = repository.NewStore(s.blobs, a.journal)
	a.plan = taxonomy.NewPlan(a.journal, time.Local)
	a.people = workflow.NewPeople(a.journal)
	a.desk = workflow.NewDesk(a.journal, a.plan, workflow.Calendar{Zone: time.Local}, nil)
	a.outbox = &workflow.Outbox{Desk: a.desk, Ready: s.config.Relay != "", Log: s.log}
	a.notifier = &workflow.Notifier{Outbox: a.outbox}
	if err := a.correspond(); err != nil {
		return nil, err
	}
	a.intake = &capture.Intake{Pool: s.pool, Store: a.store, Journal: a.journal, MaxSize: int64(s.config.MaxSize),
		PassOversize: s.config.ClamdOversize == "pass"}
	if s.config.Clamd != "" {
		var err error
		if a.intake.Scanner, err = clamd.Parse(s.config.Clamd); err != nil {
			return nil, err
		}
	}
	if err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error { return workflow.InstallShipped(ctx, tx) }); err != nil {
		return nil, fmt.Errorf("install what ships with the program: %w", err)
	}
	a.follower = &search.Follower{Pool: a.pool, Kinds: []string{"document", "party", "folder", "ticket"}, Redefine: a.redefine, Log: a.log,
		Loader: &search.Records{Store: a.store, Plan: a.plan, Zone: time.Local, Beside: besideRecords, Also: ofTickets}}
	if r.index {
		if err := a.openIndex(ctx); err != nil {
			return nil, err
		}
	}
	if err := a.employ(ctx); err != nil {
		return nil, err
	}
	a.intake.Jobs, a.outbox.Jobs = a.jobs, a.jobs
	a.journal.Subscribe(a.intake.Follow)
	a.journal.Subscribe(a.desk.Follow)
	a.journal.Subscribe(a.notifier.Follow)
	a.journal.Subscribe(web.Follow)
	a.follower.Subscribe(a.journal)
	return a, nil
}

func (a *app) openIndex(ctx context.Context) (err error) {
	if err := a.ownSearch(ctx); err != nil {
		return err
	}
	if a.index, err = openIndex(ctx, a.stack); err != nil {
		return err
	}
	a.opened(func(context.Context) error { return a.index.Close() })
	a.follower.Engine = a.index
	return nil
}

// redefine lets the index know of classes, fields and vocabularies that were changed.
func (a *app) redefine(ctx context.Context) error {
	c, err := a.plan.Catalogue(ctx, a.pool)
	if err == nil {
		a.index.Use(search.NewSchema(c, states()))
	}
	return err
}

// openIndex opens the index of the data folder with the fields and classes that the organisation has defined.
func openIndex(ctx context.Context, s *stack) (*search.Index, error) {
	c, err := taxonomy.Load(ctx, s.pool)
	if err != nil {
		return nil, err
	}
	return search.Open(filepath.Join(s.config.Data, "index"), search.NewSchema(c, states()))
}

// states are what can be asked for as state:.
func states() []string {
	var all []string
	for _, s := range capture.States {
		all = append(all, string(s))
	}
	return all
}

// employ makes the job queue's client and registers the workers of the role's queues. A client without queues hands jobs in
// and works none.
func (a *app) employ(ctx context.Context) (err error) {
	config := &river.Config{
		ID:                  a.role.name,
		Schema:              postgres.RiverSchema,
		Logger:              quiet(a.log),
		SkipUnknownJobCheck: true, // others work what is not worked here
		Middleware:          []rivertype.Middleware{newJobMetrics(a.metrics), giveBack},
		FetchCooldown:       20 * time.Millisecond,
		JobTimeout:          30 * time.Minute,
		SoftStopTimeout:     10 * time.Second,
	}
	if len(a.role.queues) > 0 || a.role.index {
		config.PeriodicJobs = periodic()
		config.Queues = a.queues()
		if config.Workers, err = a.workers(ctx); err != nil {
			return err
		}
	}
	a.jobs, err = river.NewClient(riverpgxv5.New(a.pool), config)
	return err
}

// queues says how many jobs of each queue are worked here at once.
func (a *app) queues() map[string]river.QueueConfig {
	queues := map[string]river.QueueConfig{}
	for _, q := range a.role.queues {
		queues[q] = river.QueueConfig{MaxWorkers: 1}
	}
	if a.role.works(capture.ReadQueue) {
		queues[capture.ReadQueue] = river.QueueConfig{MaxWorkers: a.config.Readers}
	}
	if a.role.works(capture.FileQueue) {
		queues[capture.FileQueue] = river.QueueConfig{MaxWorkers: 2}
	}
	if a.role.works(workflow.SendQueue) {
		queues[workflow.SendQueue] = river.QueueConfig{MaxWorkers: 4} // one waits for a slow server while others are sent
	}
	if a.config.Relay == "" {
		delete(queues, workflow.SendQueue) // what is to be sent waits until sending is set up
	}
	return queues
}

// workers are who works the jobs of the role's queues.
func (a *app) workers(ctx context.Context) (*river.Workers, error) {
	workers := river.NewWorkers()
	temp, err := a.tempDir("pages")
	if err != nil {
		return nil, err
	}
	a.sheets = &capture.Sheets{Pool: a.pool, Store: a.store, TempDir: temp, Pages: page.NewReader(nil, page.Config{TempDir: temp})}
	if a.role.works(capture.ReadQueue, capture.ScanQueue, capture.TrainQueue) {
		if err := a.loadModels(ctx); err != nil {
			return nil, err
		}
		river.AddWorker(workers, &capture.Retrainer{Models: a.models, Classes: a.classes})
	}
	if a.role.works(capture.ReadQueue, capture.ScanQueue) {
		if err := a.addReader(workers, temp); err != nil {
			return nil, err
		}
	}
	river.AddWorker(workers, &capture.Filer{Intake: a.intake, Plan: a.plan, Threads: threads{a.desk}})
	river.AddWorker(workers, &capture.Archiver{Intake: a.intake, Sheets: a.sheets, TempDir: temp})
	if a.config.Relay != "" {
		postman, err := a.postman()
		if err != nil {
			return nil, err
		}
		river.AddWorker(workers, postman)
		river.AddWorker(workers, &workflow.Teller{Notifier: a.notifier, Pool: a.pool, Store: a.store, Site: a.config.pages(), Newest: mail.Newest})
	}
	river.AddWorker(workers, &housekeeper{pool: a.pool, store: a.store, log: a.log})
	return workers, nil
}

// addReader adds what reads pieces: recognition in child processes, detection, extraction.
func (a *app) addReader(workers *river.Workers, temp string) (err error) {
	if a.ocr, err = tesseract.New(tesseract.Config{Children: a.config.OCRWorkers, Log: a.log}); err != nil {
		return err
	}
	a.opened(func(context.Context) error { a.ocr.Close(); return nil })
	own, err := house(a.config.House)
	if err != nil {
		return err
	}
	reader := &capture.Reader{Intake: a.intake, TempDir: temp, Sender: a.senderChecker(),
		Understand: &capture.Understander{Plan: a.plan, Models: a.models, House: own, Forms: commas(strings.ToLower(a.config.MailForms))},
		Pages:      page.NewReader(a.ocr, page.Config{TempDir: temp, MaxSize: int64(a.config.MaxSize), Pages: a.config.OCRWorkers + 1})}
	river.AddWorker(workers, reader)
	river.AddWorker(workers, &capture.Screener{Reader: reader})
	river.AddWorker(workers, &capture.Renderer{Reader: reader})
	river.AddWorker(workers, &capture.Layer{Reader: reader})
	river.AddWorker(workers, &capture.Sender{Reader: reader})
	return nil
}

func (a *app) loadModels(ctx context.Context) error {
	classes, err := a.classes(ctx)
	if err != nil {
		return err
	}
	a.models, err = capture.LoadModels(ctx, a.pool, a.log, classes)
	return err
}

// modelsEvery is how soon a process works with a model that another one has trained.
const modelsEvery = time.Minute

// followModels takes models into use that other processes have trained.
func (a *app) followModels(ctx context.Context) error {
	for tick := time.Tick(modelsEvery); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
		}
		classes, err := a.classes(ctx)
		if err == nil {
			err = a.models.Refresh(ctx, classes)
		}
		if err != nil && ctx.Err() == nil {
			a.log.Warn("look for a newer detection model", "error", err)
		}
	}
}

func (a *app) classes(ctx context.Context) ([]taxonomy.Class, error) {
	c, err := a.plan.Catalogue(ctx, a.pool)
	if err != nil {
		return nil, err
	}
	return c.Classes, nil
}

// tempDir is where things in work lie; what an earlier process left there is removed.
func (a *app) tempDir(name string) (string, error) {
	dir := filepath.Join(a.config.Data, "tmp", name)
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o700)
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
		where state = 'running' and attempted_by[array_upper(attempted_by, 1)] = $1`, a.role.name)
	if err != nil {
		return fmt.Errorf("take back jobs: %w", err)
	}
	if n := back.RowsAffected(); n > 0 {
		a.log.Info("taking up the jobs that were cut off", "jobs", n)
	}
	if a.role.index {
		if err := a.follower.FillIfEmpty(ctx); err != nil {
			return err
		}
		a.inBackground(context.WithoutCancel(ctx), a.follower.Run) // the index has one writer
	}
	if a.role.works(workflow.SendQueue) && a.config.Relay != "" {
		if err := a.resumeSending(ctx); err != nil {
			return err
		}
	}
	if a.models != nil {
		a.inBackground(ctx, a.followModels)
	}
	if len(a.queues()) == 0 {
		return nil
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
