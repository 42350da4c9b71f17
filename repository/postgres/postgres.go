package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"docket/repository/fault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A Querier reads. A pool, a connection and a transaction are Queriers.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// connections is how many a pool holds at most, unless its address says so (pool_max_conns). The driver's four are used up by those who
// read and file alone, which then wait for each other and not for the database.
const connections = 20

// Open connects to the database at url and checks that it answers.
func Open(ctx context.Context, url string) (*pgxpool.Pool, error) {
	invalid := func(err error) error {
		return fault.Wrap(err, fault.Invalid, "The database address is not valid. Check DOCKET_DATABASE_URL.")
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, invalid(err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = connections
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, invalid(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fault.Wrap(err, fault.Unavailable, "The database does not answer.")
	}
	return pool, nil
}

// InTx runs f in a transaction and commits it when f returns nil. Otherwise, or when f panics, everything is rolled back.
// A lost database becomes a fault of kind Unavailable.
func InTx(ctx context.Context, pool *pgxpool.Pool, f func(tx pgx.Tx) error) error {
	return Unavailable(pgx.BeginFunc(ctx, pool, f))
}

// Unavailable gives an error that means "the database is away" the kind fault.Unavailable and leaves others as they are.
func Unavailable(err error) error {
	if err == nil || fault.KindOf(err) != fault.Internal || !away(err) {
		return err
	}
	return fault.Wrap(err, fault.Unavailable, "The database is not reachable at the moment. Nothing was changed; please try again shortly.")
}

// away recognises connections that could not be made or broke, and the classes 08 (connection), 53 (resources) and 57P
// (operator intervention) of PostgreSQL's SQLSTATE table. What the caller cancelled is not away.
func away(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "53") || strings.HasPrefix(pg.Code, "57P")
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[*net.OpError](err)
	return connecting || network || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
}

// IsUnique says whether err is a violation of the unique constraint or index with that name.
func IsUnique(err error, constraint string) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "23505" && pg.ConstraintName == constraint
}

// Missing turns pgx.ErrNoRows into a fault of kind NotFound with the given sentence and wraps other errors as they are.
func Missing(err error, format string, args ...any) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.Wrap(err, fault.NotFound, format, args...)
	}
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}

// Array is s for a column that is not null: nil, which pgx writes as null, becomes an empty list.
func Array[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
