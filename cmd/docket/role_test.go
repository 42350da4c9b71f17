package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

type stubbornArgs struct{}

func (stubbornArgs) Kind() string { return "test.stubborn" }

// A stubborn worker works until it is cut off, and then speaks of something else, as a killed child process does.
type stubborn struct {
	river.WorkerDefaults[stubbornArgs]
	began chan struct{}
}

func (w *stubborn) Work(ctx context.Context, _ *river.Job[stubbornArgs]) error {
	close(w.began)
	<-ctx.Done()
	return errors.New("signal: killed")
}

// A job that is cut off when its process stops is free for the next at once and has used up no attempt.
func TestJobsThatAreCutOffAreGivenBack(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a database")
	}
	pool := postgrestest.New(t)
	w := &stubborn{began: make(chan struct{})}
	workers := river.NewWorkers()
	river.AddWorker(workers, w)
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: postgres.RiverSchema, Workers: workers, Logger: slog.New(slog.DiscardHandler),
		Middleware: []rivertype.Middleware{giveBack}, SoftStopTimeout: time.Millisecond, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	in, err := jobs.Insert(t.Context(), stubbornArgs{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	<-w.began
	if err := jobs.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	job, err := jobs.JobGet(t.Context(), in.Job.ID)
	if err != nil || job.State != rivertype.JobStateAvailable || job.Attempt != 0 || len(job.Errors) != 0 {
		t.Errorf("the job is %s after %d attempts with errors %v (%v)", job.State, job.Attempt, job.Errors, err)
	}
}
