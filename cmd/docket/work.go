package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/repository/embedded"
	"docket/repository/fault"
	"docket/web"
	"docket/workflow"
)

// runWork works queues and nothing else, beside servers and other workers that share a database and an object store.
func runWork(ctx context.Context, std stdio, args []string) error {
	c := defaultConfig()
	c.Listen = "" // a worker listens only when it is told to
	c, words, err := c.configure("work", args, nil)
	if err != nil || len(words) > 0 {
		return errors.Join(err, unexpected(words))
	}
	if err := c.shared(); err != nil {
		return err
	}
	queues, err := queuesOf(c.Queues)
	if err != nil {
		return err
	}
	if len(queues) == 0 {
		return usagef("--queues none leaves a worker without work. Choose from %s; or all.", strings.Join(sharedQueues, ", "))
	}
	if c.Relay != "" && c.MasterKey == "" && slices.Contains(queues, workflow.SendQueue) {
		return usagef("answers are recognised by keys that all machines share: give them the same DOCKET_MASTER_KEY, or leave out the queue %s here", workflow.SendQueue)
	}
	folder, err := c.takeWorkFolder(ctx)
	if err != nil {
		return err
	}
	defer folder.Close()
	began := time.Now()
	return withApp(ctx, std, c, role{name: c.name(), queues: queues}, func(a *app) error { return a.work(ctx, began) })
}

// shared refuses a worker whose parts would be embedded ones.
func (c *config) shared() error {
	if c.DatabaseURL != "" && c.S3Endpoint != "" {
		return nil
	}
	return usagef("the embedded database and object store belong to the one server that runs them, so there is nothing here to share. " +
		"Give the server and all workers the same PostgreSQL and S3 store: DOCKET_DATABASE_URL, DOCKET_S3_ENDPOINT, DOCKET_S3_BUCKET, " +
		"DOCKET_S3_ACCESS_KEY and DOCKET_S3_SECRET_KEY. A single machine needs no worker: 'docket serve' does all of it")
}

// takeWorkFolder makes a folder under the data folder this process's own: the first that no other worker has. Working files
// lie there, and it gives the worker the name under which it takes up what a killed predecessor left.
func (c *config) takeWorkFolder(ctx context.Context) (*os.File, error) {
	parent := filepath.Join(c.Data, "workers")
	if err := os.MkdirAll(parent, 0o750); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The folder %s cannot be made. Choose another place for working files with --data.", parent)
	}
	for n := 1; ; n++ {
		folder := filepath.Join(parent, strconv.Itoa(n))
		lock, err := embedded.Lock(ctx, folder, "worker")
		if errors.Is(err, embedded.ErrRunning) && ctx.Err() == nil {
			continue
		}
		c.Data = folder
		return lock, err
	}
}

// work works until it is told to stop; then it takes no more jobs, finishes those in hand, and gives back what takes too long.
func (a *app) work(ctx context.Context, began time.Time) (err error) {
	if err := a.start(ctx); err != nil {
		return err
	}
	var failed <-chan error
	if a.config.Listen != "" {
		if failed, err = a.listen(web.Probes(a.log, a.checks(), a.metrics)); err != nil {
			return err
		}
	}
	a.log.Info("working", "queues", strings.Join(a.role.queues, ","), "worker", a.role.name, "seconds", time.Since(began).Seconds())
	select {
	case <-ctx.Done():
		a.log.Info("stopping: jobs in hand are finished or given back")
		return nil
	case err := <-failed:
		return err
	}
}

// listen serves HTTP. The channel gets what ends it before its time.
func (a *app) listen(handler http.Handler) (<-chan error, error) {
	listener, err := net.Listen("tcp", a.config.Listen)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "The address %s is taken or not ours. Choose another with --listen.", a.config.Listen)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	failed := make(chan error, 1)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve HTTP: %w", err)
		}
	}()
	a.opened(func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			return server.Close() // somebody watches a stream of events: they connect again
		}
		return nil
	})
	return failed, nil
}
