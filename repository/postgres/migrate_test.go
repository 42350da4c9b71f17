package postgres_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// folder is a folder of migrations: names without .sql and their text by turns.
func folder(namesAndTexts ...string) fs.FS {
	f := fstest.MapFS{}
	for i := 0; i < len(namesAndTexts); i += 2 {
		f["migrations/"+namesAndTexts[i]+".sql"] = &fstest.MapFile{Data: []byte(namesAndTexts[i+1])}
	}
	return f
}

func TestMigrationsMergesFoldersByNumber(t *testing.T) {
	t.Parallel()
	got, err := postgres.Migrations(folder("0010_shelf", "c", "0002_book", "b"), folder(), folder("0001_hall", "a", "0011_lamp", "d"))
	if err != nil {
		t.Fatal(err)
	}
	want := []postgres.Migration{{1, "0001_hall", "a"}, {2, "0002_book", "b"}, {10, "0010_shelf", "c"}, {11, "0011_lamp", "d"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMigrationsRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		folders []fs.FS
		says    string
	}{
		"two with one number":   {[]fs.FS{folder("0001_a", ""), folder("0001_b", "")}, "the same number"},
		"a name without number": {[]fs.FS{folder("first", "")}, "must start with a number"},
		"number zero":           {[]fs.FS{folder("0000_a", "")}, "must start with a number"},
	} {
		if _, err := postgres.Migrations(c.folders...); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.says)
		}
	}
}

func TestMigrateAppliesEachStepOnce(t *testing.T) {
	t.Parallel()
	pool, _ := postgrestest.Empty(t)
	first := folder("0001_shelf", "create table shelf (book text); insert into shelf values ('one')")
	for range 2 {
		if err := postgres.Migrate(t.Context(), pool, first); err != nil {
			t.Fatal(err)
		}
	}
	second := folder("0002_more", "insert into shelf values ('two')")
	if err := postgres.Migrate(t.Context(), pool, first, second); err != nil {
		t.Fatal(err)
	}
	var books string
	err := pool.QueryRow(t.Context(), "select string_agg(book, ' ' order by book) from shelf").Scan(&books)
	if err != nil || books != "one two" {
		t.Errorf("books %q, %v; want each step once", books, err)
	}
	var jobs int
	if err := pool.QueryRow(t.Context(), "select count(*) from river.river_job").Scan(&jobs); err != nil || jobs != 0 {
		t.Errorf("the job queue's table: %d rows, %v", jobs, err)
	}
}

func TestMigrateFromManyProcessesAtOnce(t *testing.T) {
	t.Parallel()
	pool, _ := postgrestest.Empty(t)
	steps := folder("0001_shelf", "create table shelf (book text); insert into shelf values ('one')")
	errs := make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = postgres.Migrate(t.Context(), pool, steps) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := pool.QueryRow(t.Context(), "select count(*) from shelf").Scan(&n); err != nil || n != 1 {
		t.Errorf("applied %d times, %v", n, err)
	}
}

func TestMigrateRefusesAChangedPast(t *testing.T) {
	t.Parallel()
	pool, _ := postgrestest.Empty(t)
	if err := postgres.Migrate(t.Context(), pool, folder("0001_shelf", "create table shelf (book text)")); err != nil {
		t.Fatal(err)
	}
	err := postgres.Migrate(t.Context(), pool, folder("0001_shelf", "create table shelf (title text)"))
	if err == nil || !strings.Contains(err.Error(), "0001_shelf") || !strings.Contains(err.Error(), "another text") {
		t.Errorf("got %v; want an error that names the migration", err)
	}
}

func TestMigrateStopsAtAFailingStepAndKeepsTheOthers(t *testing.T) {
	t.Parallel()
	pool, _ := postgrestest.Empty(t)
	steps := folder("0001_good", "create table good ()", "0002_bad", "create table half (); select 1/0", "0003_later", "create table later ()")
	if err := postgres.Migrate(t.Context(), pool, steps); err == nil || !strings.Contains(err.Error(), "0002_bad") {
		t.Fatalf("got %v; want an error that names the migration", err)
	}
	var tables string
	err := pool.QueryRow(t.Context(), `select string_agg(tablename, ' ' order by tablename) from pg_tables
		where schemaname = 'public' and tablename <> 'migration'`).Scan(&tables)
	if err != nil || tables != "good" {
		t.Errorf("tables %q, %v; want only the good one", tables, err)
	}
}
