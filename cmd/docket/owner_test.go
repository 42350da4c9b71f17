package main

import (
	"log/slog"
	"testing"

	"docket/repository/fault"
	"docket/repository/postgres/postgrestest"
)

// The search index of a database belongs to one process at a time, and to the next when that one has ended.
func TestOneProcessOwnsTheSearchIndex(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a database")
	}
	pool := postgrestest.New(t)
	first := &stack{pool: pool, log: slog.New(slog.DiscardHandler)}
	if err := first.ownSearch(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := &stack{pool: pool, log: first.log}
	if _, err := second.holdSearch(t.Context()); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second owner: %v, want a Conflict", err)
	}
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	if err := second.ownSearch(t.Context()); err != nil {
		t.Errorf("after the first owner ended: %v", err)
	}
	if err := second.close(); err != nil {
		t.Error(err)
	}
}
