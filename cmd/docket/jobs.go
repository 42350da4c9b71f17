package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docket/capture"
	"docket/capture/mail"
	"docket/capture/page"
	"docket/capture/tesseract"
	"docket/repository/postgres"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

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
	pool := a.pool
	if len(a.role.queues) > 0 || a.role.index {
		config.PeriodicJobs = periodic()
		config.Queues = a.queues()
		if config.Workers, err = a.workers(ctx); err != nil {
			return err
		}
		if pool, err = a.jobsPool(ctx); err != nil {
			return err
		}
	}
	a.jobs, err = river.NewClient(riverpgxv5.New(pool), config)
	return err
}

// jobsPool is for the queue's own business: handing jobs out and noting that they are done. That need not be on the disk before the
// work goes on, since a job that is handed out twice after a crash finds its work done. What hands a job in is a transaction of
// those who work, which waits for the disk as always.
func (a *app) jobsPool(ctx context.Context) (*pgxpool.Pool, error) {
	config := a.pool.Config()
	config.MaxConns = int32(len(a.role.queues)) + 2 // one for each queue, one that listens, one that notes what is done
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "set synchronous_commit = off")
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	a.opened(func(context.Context) error { pool.Close(); return nil })
	return pool, nil
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
