package postgrestest_test

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"

	"docket/repository/postgres/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

var shelf = fstest.MapFS{"migrations/0001_shelf.sql": {Data: []byte("create table shelf (book text primary key)")}}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			pool := postgrestest.New(t, shelf)
			if _, err := pool.Exec(t.Context(), "insert into shelf values ('the same key')"); err != nil {
				t.Fatal(err)
			}
			var n int
			if err := pool.QueryRow(t.Context(), "select count(*) from shelf").Scan(&n); err != nil || n != 1 {
				t.Errorf("%d books, %v; another test's rows are visible", n, err)
			}
		})
	}
}

func TestEmptyHasNoTables(t *testing.T) {
	t.Parallel()
	pool, url := postgrestest.Empty(t)
	if url == "" {
		t.Error("no URL")
	}
	var n int
	err := pool.QueryRow(t.Context(), "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')").Scan(&n)
	if err != nil || n != 0 {
		t.Errorf("%d tables, %v; want none", n, err)
	}
}
