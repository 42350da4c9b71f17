package postgrestest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"

	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// builderLock is the advisory lock under which one process at a time builds a template.
const builderLock = 0x74656d706c617465

// template gives the name of the database that holds the migrations of folders, building it when it is not there yet.
func (s *server) template(ctx context.Context, folders []fs.FS) (string, error) {
	migrations, err := postgres.Migrations(folders...)
	if err != nil {
		return "", err
	}
	name := templateName(migrations)
	s.building.Lock()
	defer s.building.Unlock()
	if s.templates[name] {
		return name, nil
	}
	if err := s.build(context.WithoutCancel(ctx), name, folders); err != nil {
		return "", err
	}
	s.templates[name] = true
	return name, nil
}

func templateName(all []postgres.Migration) string {
	h := sha256.New()
	for _, m := range all {
		fmt.Fprintf(h, "%d %s %d\n%s", m.Number, m.Name, len(m.SQL), m.SQL)
	}
	return "template_" + hex.EncodeToString(h.Sum(nil)[:8])
}

// build migrates a database of another name and renames it when it is whole, so that a killed run leaves no half template.
func (s *server) build(ctx context.Context, name string, folders []fs.FS) error {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) // also releases the lock
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", builderLock); err != nil {
		return err
	}
	var exists bool
	err = conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&exists)
	if err != nil || exists {
		return err
	}
	draft := name + "_draft"
	for _, sql := range []string{"drop database if exists " + quote(draft) + " with (force)", "create database " + quote(draft)} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := s.migrate(ctx, draft, folders); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, fmt.Sprintf("alter database %s rename to %s", quote(draft), quote(name)))
	return err
}

func (s *server) migrate(ctx context.Context, database string, folders []fs.FS) error {
	url, err := withDatabase(s.url, database)
	if err != nil {
		return err
	}
	pool, err := openPool(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	return postgres.Migrate(ctx, pool, folders...)
}
