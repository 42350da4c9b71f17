package main

import (
	"context"
	"log/slog"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// housekeepingQueue has one worker: this work may wait.
const housekeepingQueue = "housekeeping"

// HousekeepArgs asks for one of the repository's chores.
type HousekeepArgs struct {
	Chore string `json:"chore"` // seal, fold, fixity, sweep
}

// Kind names the job.
func (HousekeepArgs) Kind() string { return "docket.housekeep" }

// InsertOpts puts the job in its queue, where one of each chore at a time is enough.
func (HousekeepArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: housekeepingQueue, MaxAttempts: 1}
}

// A housekeeper seals the journal, folds the tally of records, checks stored bytes, and removes objects that nobody points to.
type housekeeper struct {
	river.WorkerDefaults[HousekeepArgs]
	pool  *pgxpool.Pool
	store *repository.Store
	log   *slog.Logger
}

// Bounds of the chores.
const (
	fixityBatch  = 100                 // versions checked at a time
	fixityEvery  = 30 * 24 * time.Hour // how often each version is checked
	strayAge     = 24 * time.Hour      // younger objects and unfinished puts may belong to work in flight
	choreTimeout = 30 * time.Minute
)

// Timeout bounds a chore.
func (*housekeeper) Timeout(*river.Job[HousekeepArgs]) time.Duration { return choreTimeout }

// Work does the chore.
func (h *housekeeper) Work(ctx context.Context, job *river.Job[HousekeepArgs]) error {
	switch job.Args.Chore {
	case "seal":
		return seal(ctx, h.pool)
	case "fold":
		return postgres.InTx(ctx, h.pool, func(tx pgx.Tx) error { return taxonomy.FoldTally(ctx, tx) })
	case "fixity":
		return h.fixity(ctx)
	}
	n, err := h.store.Sweep(ctx, h.pool, time.Now().Add(-strayAge))
	if n > 0 {
		h.log.Info("removed objects and unfinished puts that nobody points to", "objects", n)
	}
	return err
}

// seal extends the audit chain by all that is committed.
func seal(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		var n int
		err := postgres.InTx(ctx, pool, func(tx pgx.Tx) (err error) {
			n, err = journal.Seal(ctx, tx)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// fixity reads the versions that were not checked for longest and notes what is damaged.
func (h *housekeeper) fixity(ctx context.Context) error {
	due, err := h.store.LeastRecentlyChecked(ctx, h.pool, time.Now().Add(-fixityEvery), fixityBatch)
	if err != nil {
		return err
	}
	for _, v := range due {
		damage, err := h.store.Check(ctx, v)
		if err != nil {
			return err
		}
		if damage != "" {
			h.log.Error("stored content is damaged", "document", v.Document, "version", v.Number, "damage", damage)
		}
		err = postgres.InTx(ctx, h.pool, func(tx pgx.Tx) error {
			return h.store.RecordCheck(ctx, tx, journal.System("fixity"), v, damage, time.Now())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// periodic are the jobs that come by the clock; one process of all that share a database inserts them.
func periodic() []*river.PeriodicJob {
	every := func(d time.Duration, args river.JobArgs) *river.PeriodicJob {
		return river.NewPeriodicJob(river.PeriodicInterval(d), func() (river.JobArgs, *river.InsertOpts) { return args, nil }, nil)
	}
	return []*river.PeriodicJob{
		every(15*time.Second, HousekeepArgs{"seal"}),
		every(5*time.Minute, HousekeepArgs{"fold"}),
		every(10*time.Minute, HousekeepArgs{"fixity"}),
		every(time.Hour, HousekeepArgs{"sweep"}),
		every(2*time.Minute, capture.RetrainArgs{}),
	}
}
