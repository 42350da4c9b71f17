package postgrestest

import (
	"context"
	"io/fs"
	"testing"

	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A DB is a test with its database, to be embedded in what a package's tests stand on.
type DB struct {
	*testing.T
	Pool *pgxpool.Pool
}

// Open is New for a test that runs beside others.
func Open(t *testing.T, folders ...fs.FS) *DB {
	t.Helper()
	t.Parallel()
	return &DB{t, New(t, folders...)}
}

// Try runs f in a transaction and gives its error.
func (d *DB) Try(f func(ctx context.Context, tx pgx.Tx) error) error {
	return postgres.InTx(d.Context(), d.Pool, func(tx pgx.Tx) error { return f(d.Context(), tx) })
}

// Tx is Try for what must succeed.
func (d *DB) Tx(f func(ctx context.Context, tx pgx.Tx) error) {
	d.Helper()
	if err := d.Try(f); err != nil {
		d.Fatal(err)
	}
}

// Exec runs a statement that must succeed.
func (d *DB) Exec(sql string, args ...any) {
	d.Helper()
	if _, err := d.Pool.Exec(d.Context(), sql, args...); err != nil {
		d.Fatal(err)
	}
}
