package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"docket/capture"
	"docket/capture/clamd"
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
)

// An app is the packages composed: every subscriber is on this screen, every worker in jobs.go.
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
