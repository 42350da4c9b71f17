package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var shelf = folder("0001_shelf", "create table shelf (book text constraint one_copy primary key)")

func books(t *testing.T, q postgres.Querier) int {
	t.Helper()
	var n int
	if err := q.QueryRow(t.Context(), "select count(*) from shelf").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestInTxCommitsOrLeavesNothing(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t, shelf)
	add := func(book string, result error) error {
		return postgres.InTx(t.Context(), pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), "insert into shelf values ($1)", book); err != nil {
				return err
			}
			return result
		})
	}
	if err := add("kept", nil); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	if err := add("dropped", refused); !errors.Is(err, refused) {
		t.Errorf("got %v, want the function's own error", err)
	}
	if err := add("kept", nil); !postgres.IsUnique(err, "one_copy") || postgres.IsUnique(err, "another") {
		t.Errorf("got %v, want a violation of one_copy alone", err)
	}
	if n := books(t, pool); n != 1 {
		t.Errorf("%d books, want 1", n)
	}
}

func TestInTxRollsBackOnPanic(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t, shelf)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		postgres.InTx(t.Context(), pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), "insert into shelf values ('dropped')"); err != nil {
				t.Error(err)
			}
			panic("fire")
		})
	}()
	if n := books(t, pool); n != 0 {
		t.Errorf("%d books, want none", n)
	}
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"connection lost":       {&pgconn.PgError{Code: "08006"}, fault.Unavailable},
		"too many connections":  {&pgconn.PgError{Code: "53300"}, fault.Unavailable},
		"shutting down":         {&pgconn.PgError{Code: "57P01"}, fault.Unavailable},
		"wrapped":               {fmt.Errorf("read: %w", &pgconn.PgError{Code: "57P03"}), fault.Unavailable},
		"cut off while reading": {fmt.Errorf("receive message: %w", io.ErrUnexpectedEOF), fault.Unavailable},
		"a unique violation":    {&pgconn.PgError{Code: "23505"}, fault.Internal},
		"cancelled by us":       {context.Canceled, fault.Internal},
		"our own fault":         {fault.New(fault.Conflict, "Somebody was first."), fault.Conflict},
		"a code cut short":      {&pgconn.PgError{Code: "5"}, fault.Internal},
	} {
		if got := fault.KindOf(postgres.Unavailable(c.err)); got != c.want {
			t.Errorf("%s: kind %q, want %q", name, got, c.want)
		}
	}
	if err := postgres.Unavailable(nil); err != nil {
		t.Errorf("of nil: %v", err)
	}
}

func TestALostDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t, shelf)
	err := postgres.InTx(t.Context(), pool, func(tx pgx.Tx) error {
		if _, err := pool.Exec(t.Context(), "select pg_terminate_backend($1)", int(tx.Conn().PgConn().PID())); err != nil {
			t.Error(err)
		}
		_, err := tx.Exec(t.Context(), "insert into shelf values ('lost')")
		return err
	})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v (%s), want unavailable", err, fault.KindOf(err))
	}
	if n := books(t, pool); n != 0 {
		t.Errorf("%d books, want none", n)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	_, url := postgrestest.Empty(t)
	pool, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	pool.Close()
	if _, err := postgres.Open(t.Context(), "postgres://docket@/docket?host="+t.TempDir()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("where nobody listens: %v, want unavailable", err)
	}
	if _, err := postgres.Open(t.Context(), "postgres://%zz"); !fault.Is(err, fault.Invalid) {
		t.Errorf("an address that is none: %v, want invalid", err)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	if err := postgres.Missing(pgx.ErrNoRows, "There is no document %d.", 7); !fault.Is(err, fault.NotFound) || fault.Sentence(err) != "There is no document 7." {
		t.Errorf("no rows: %v", err)
	}
	if err := postgres.Missing(io.ErrUnexpectedEOF, "x"); !errors.Is(err, io.ErrUnexpectedEOF) || fault.Is(err, fault.NotFound) {
		t.Errorf("another error: %v", err)
	}
	if err := postgres.Missing(nil, "x"); err != nil {
		t.Errorf("of nil: %v", err)
	}
}
