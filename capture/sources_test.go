package capture_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func (d *door) tx(f func(pgx.Tx) error) error {
	return postgres.InTx(d.t.Context(), d.pool, f)
}

// TestAPausedSourceKeepsWhatItHas pauses a source in the middle of the day.
func TestAPausedSourceKeepsWhatItHas(t *testing.T) {
	d := openDoor(t)
	first := d.must("1", "before")
	source := first.Source
	if err := d.tx(func(tx pgx.Tx) error { return d.PauseSource(t.Context(), tx, "ada", source) }); err != nil {
		t.Fatal(err)
	}
	if _, err := d.hand("2", "meanwhile"); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Sentence(err), "paused") {
		t.Errorf("a paused source handed in: %v", err)
	}
	if p, err := d.hand("1", "before"); err != nil || p.Receipt != first.Receipt {
		t.Errorf("what was taken before is not known any more: %v", err)
	}
	if n := len(d.ledger()); n != 1 {
		t.Errorf("the ledger has %d lines", n)
	}
	if err := d.tx(func(tx pgx.Tx) error { return d.ResumeSource(t.Context(), tx, "ada", source) }); err != nil {
		t.Fatal(err)
	}
	d.must("2", "meanwhile")
	for _, note := range []string{"a scanner", "the scanner in Graz"} {
		if err := d.tx(func(tx pgx.Tx) error { return d.AddSource(t.Context(), tx, "ada", "hotfolder/branch Graz", note) }); err != nil {
			t.Fatal(err)
		}
	}
	var told []string
	rows, err := d.pool.Query(t.Context(), `select verb || ' ' || (detail->>'note') from repository.event
		where subject_kind = 'source' and detail->>'source' = 'hotfolder/branch Graz' order by id`)
	if err != nil {
		t.Fatal(err)
	}
	if told, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"source.added a scanner", `source.described {"new": "the scanner in Graz", "old": "a scanner"}`}, told); diff != "" {
		t.Errorf("the journal tells (-want +got):\n%s", diff)
	}
	uses, err := capture.Sources(t.Context(), d.pool, time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range uses {
		got = append(got, strings.Join([]string{u.Source, u.Note, map[bool]string{true: "never"}[u.Last.IsZero()]}, "|"))
	}
	if diff := cmp.Diff([]string{source + "||", "hotfolder/branch Graz|the scanner in Graz|never"}, got); diff != "" || uses[0].Pieces != 2 {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	for _, bad := range []string{"", "..", "hotfolder/..", "hotfolder/done", "hotfolder/failed/x", "/etc", "a//b", ".hidden", "a\nb", "a/ b", strings.Repeat("x", 200)} {
		if err := d.tx(func(tx pgx.Tx) error { return d.AddSource(t.Context(), tx, "ada", bad, "") }); !fault.Is(err, fault.Invalid) {
			t.Errorf("a source called %q: %v", bad, err)
		}
	}
}

func TestTheHotFolderHasAFolderForEachSource(t *testing.T) {
	s := newScanner(t)
	paused := map[string]bool{"scanner/invoices": false, "scanner/claims": true, "upload": false, "scanner/../out": false}
	s.folder.Known = func(context.Context) (map[string]bool, error) { return paused, nil }
	if err := s.after(0); err != nil {
		t.Fatal(err)
	}
	if made, _ := filepath.Glob(s.folder.Dir + "/*"); len(made) != 2 {
		t.Errorf("made %v", made)
	}
	s.write("invoices/a.pdf", "A")
	s.write("claims/b.pdf", "B")
	s.after(0)
	s.after(3 * time.Second)
	if diff := cmp.Diff([]string{"scanner/invoices: a.pdf = A"}, s.taken); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
	paused["scanner/claims"] = false
	s.after(3 * time.Second)
	if len(s.taken) != 2 || !strings.Contains(s.taken[1], "b.pdf") {
		t.Errorf("what waited in a paused folder is not taken: %v", s.taken)
	}
}
