package postgres

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// RiverSchema is the PostgreSQL schema that holds the job queue's tables.
const RiverSchema = "river"

// A Migration is one numbered step of the database's schema.
type Migration struct {
	Number int
	Name   string
	SQL    string
}

// Migrations reads NNNN_name.sql files of several folders into one list ordered by number. Two files with one number are
// an error: the sequence is shared by all folders.
func Migrations(folders ...fs.FS) ([]Migration, error) {
	var all []Migration
	for _, folder := range folders {
		names, err := fs.Glob(folder, "migrations/*.sql")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			m, err := readMigration(folder, name)
			if err != nil {
				return nil, err
			}
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b Migration) int { return a.Number - b.Number })
	for i := 1; i < len(all); i++ {
		if all[i].Number == all[i-1].Number {
			return nil, fmt.Errorf("migrations %s and %s have the same number", all[i-1].Name, all[i].Name)
		}
	}
	return all, nil
}

func readMigration(folder fs.FS, name string) (Migration, error) {
	base := strings.TrimSuffix(path.Base(name), ".sql")
	digits, _, _ := strings.Cut(base, "_")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 {
		return Migration{}, fmt.Errorf("migration %s: the name must start with a number", name)
	}
	sql, err := fs.ReadFile(folder, name)
	return Migration{n, base, string(sql)}, err
}

// migrateLock is the advisory lock under which one process at a time migrates.
const migrateLock = 0x446f636b6574 // "Docket"

// Migrate brings the database up to date: the job queue's tables, then every migration not yet applied, each in a
// transaction of its own. Processes that start at the same moment wait for each other. An applied migration whose text
// has changed since is an error, for history is not rewritten.
func Migrate(ctx context.Context, pool *pgxpool.Pool, folders ...fs.FS) error {
	all, err := Migrations(folders...)
	if err != nil {
		return err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", migrateLock); err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", migrateLock)
	if err := migrateRiver(ctx, pool); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `create table if not exists public.migration (
		number int primary key, name text not null, digest bytea not null, applied_at timestamptz not null default now())`)
	if err != nil {
		return err
	}
	for _, m := range all {
		if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return apply(ctx, tx, m) }); err != nil {
			return fmt.Errorf("migration %s: %w", m.Name, err)
		}
	}
	return nil
}

func apply(ctx context.Context, tx pgx.Tx, m Migration) error {
	digest := sha256.Sum256([]byte(m.SQL))
	var known []byte
	err := tx.QueryRow(ctx, "select digest from public.migration where number = $1", m.Number).Scan(&known)
	switch {
	case err == nil && slices.Equal(known, digest[:]):
		return nil
	case err == nil:
		return fmt.Errorf("it was applied to this database with another text")
	case err != pgx.ErrNoRows:
		return err
	}
	if _, err := tx.Exec(ctx, m.SQL); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into public.migration (number, name, digest) values ($1, $2, $3)", m.Number, m.Name, digest[:])
	return err
}

func migrateRiver(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := pool.Exec(ctx, "create schema if not exists "+RiverSchema); err != nil {
		return err
	}
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: RiverSchema})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}
