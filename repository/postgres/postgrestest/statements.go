package postgrestest

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Statements counts the statements of a pool.
type Statements struct{ n atomic.Int64 }

// Counted is a second pool over the database of the first, which counts what it is asked. It closes when the test ends.
func Counted(t *testing.T, pool *pgxpool.Pool) (*pgxpool.Pool, *Statements) {
	t.Helper()
	s := &Statements{}
	config := pool.Config()
	config.ConnConfig.Tracer = s
	counted, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(counted.Close)
	return counted, s
}

// Of is how many statements f asks.
func (s *Statements) Of(f func()) int64 {
	before := s.n.Load()
	f()
	return s.n.Load() - before
}

// TraceQueryStart counts a statement, for pgx.
func (s *Statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}

// TraceQueryEnd is nothing to us.
func (*Statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
