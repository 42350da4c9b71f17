package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/embedded"
	"docket/repository/embedded/gateway"
	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"
	"docket/web"
	"docket/workflow"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A stack is what the rest stands on: the data folder, the database and the object store. Parts are opened in order and
// closed in reverse.
type stack struct {
	config config
	log    *slog.Logger
	pool   *pgxpool.Pool
	blobs  blob.Store

	died    chan error // gets a word when an embedded part ends by itself
	closers []func(context.Context) error
}

// stopTimeout is how long one part may take to stop.
const stopTimeout = 20 * time.Second

// opened remembers how to close a part.
func (s *stack) opened(close func(context.Context) error) { s.closers = append(s.closers, close) }

// runs remembers how to stop an embedded part and tells when it ends.
func (s *stack) runs(part string, done <-chan struct{}, stop func(context.Context) error) {
	s.opened(stop)
	go func() {
		<-done
		select {
		case s.died <- fault.New(fault.Unavailable, "The embedded %s has ended by itself. Start Docket again; what it acknowledged is kept.", part):
		default:
		}
	}()
}

// close closes all parts, the last opened first.
func (s *stack) close() error {
	var problems []error
	for _, c := range slices.Backward(s.closers) {
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		problems = append(problems, c(ctx))
		cancel()
	}
	s.closers = nil
	return errors.Join(problems...)
}

// inBackground runs f until it ends or the stack closes, which waits for it.
func (s *stack) inBackground(ctx context.Context, f func(context.Context) error) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		if err := f(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("background work ended", "error", err)
		}
	})
	s.opened(func(context.Context) error {
		cancel()
		running.Wait()
		return nil
	})
}

// openDatabase opens a stack with the database alone, brought up to date. A private cluster that a running server of the same
// data folder holds is used beside it.
func openDatabase(ctx context.Context, c config, log *slog.Logger) (*stack, error) {
	s := &stack{config: c, log: log, died: make(chan error, 2)}
	url, err := s.databaseURL(ctx)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	if s.pool, err = postgres.Open(ctx, url); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.opened(func(context.Context) error { s.pool.Close(); return nil })
	err = postgres.Migrate(ctx, s.pool, repository.Migrations, taxonomy.Migrations, search.Migrations, capture.Migrations, workflow.Migrations, web.Migrations)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bring the database up to date: %w", err), s.close())
	}
	return s, nil
}

func (s *stack) databaseURL(ctx context.Context) (string, error) {
	if s.config.DatabaseURL != "" {
		return s.config.DatabaseURL, nil
	}
	if err := s.dataFolder(); err != nil {
		return "", err
	}
	folder := filepath.Join(s.config.Data, "postgres")
	if running(s.config.Data) {
		return embedded.Address(folder)
	}
	db, err := embedded.Start(ctx, embedded.Config{Folder: folder, Logger: s.log})
	if errors.Is(err, embedded.ErrRunning) {
		return embedded.Address(folder)
	}
	if err != nil {
		return "", err
	}
	s.runs("database", db.Done(), db.Stop)
	return db.URL(), nil
}

func (s *stack) dataFolder() error {
	if err := os.MkdirAll(s.config.Data, 0o750); err != nil {
		return fault.Wrap(err, fault.Invalid, "The data folder %s cannot be made. Choose another with --data.", s.config.Data)
	}
	return nil
}

// openStack opens database and object store.
func openStack(ctx context.Context, c config, log *slog.Logger) (*stack, error) {
	s, err := openDatabase(ctx, c, log)
	if err != nil {
		return nil, err
	}
	s3, err := s.bucket(ctx)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	store, err := blob.OpenS3(ctx, s3)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.blobs = store
	if !store.Locks() {
		log.Warn("the object store has no Object Lock: holds and retention are kept by Docket alone", "bucket", s3.Bucket)
	}
	return s, nil
}

// bucket is where objects are, with the private gateway started when nothing is configured.
func (s *stack) bucket(ctx context.Context) (blob.S3Config, error) {
	c := s.config
	spool := filepath.Join(c.Data, "tmp")
	if c.S3Endpoint != "" {
		return blob.S3Config{Endpoint: c.S3Endpoint, Bucket: c.S3Bucket, Region: c.S3Region, AccessKey: c.S3AccessKey,
			SecretKey: c.S3SecretKey, PathStyle: c.S3PathStyle, TLS: c.S3TLS, Spool: spool}, nil
	}
	if err := s.dataFolder(); err != nil {
		return blob.S3Config{}, err
	}
	folder := filepath.Join(c.Data, "s3")
	if running(c.Data) {
		s3, err := gateway.Address(folder)
		s3.Spool = spool
		return s3, err
	}
	g, err := gateway.Start(ctx, gateway.Config{Folder: folder, Logger: s.log})
	var s3 blob.S3Config
	switch {
	case err == nil:
		s.runs("object store", g.Done(), g.Stop)
		s3 = g.S3()
	case errors.Is(err, embedded.ErrRunning):
		s3, err = gateway.Address(folder)
	}
	s3.Spool = spool
	return s3, err
}

// beside opens the database, beside a running server or alone, for a command that only needs rows.
func beside(ctx context.Context, std stdio, c config, f func(*stack) error) error {
	log, err := c.logger(std)
	if err != nil {
		return err
	}
	s, err := openDatabase(ctx, c, log)
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.close())
}
