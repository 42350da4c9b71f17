package capture_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func (d *door) batch(name, batch string, parent *capture.Piece) capture.Piece {
	d.t.Helper()
	p, err := d.Receive(d.t.Context(), capture.Item{Source: "scanner", Name: name, By: "anna", Batch: batch, Parent: parent, Content: strings.NewReader(name)})
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func TestPiecesOfANameAreOneBatch(t *testing.T) {
	d := openDoor(t)
	ctx := t.Context()
	first := d.batch("a", " monday\n", nil)
	d.batch("b", "monday", nil)
	d.batch("inside a", "monday", &first)
	d.batch("a", "monday", nil) // the same bytes
	d.batch("c", "tuesday", nil)
	d.must("alone", "alone")
	all, err := capture.Batches(ctx, d.pool, capture.BatchFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range all {
		got = append(got, fmt.Sprintf("%s by %s: %d handed in, %d in all, %d stored, %d duplicate", b.Name, b.By, b.HandedIn, b.Pieces(), b.States[capture.Stored], b.States[capture.Duplicate]))
	}
	want := []string{"tuesday by anna: 1 handed in, 1 in all, 1 stored, 0 duplicate", "monday by anna: 3 handed in, 4 in all, 3 stored, 1 duplicate"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if next, err := capture.Batches(ctx, d.pool, capture.BatchFilter{Before: all[0].ID, Limit: 1}); err != nil || len(next) != 1 || next[0].Name != "monday" {
		t.Errorf("the next page: %v %v", next, err)
	}
	if none, err := capture.Batches(ctx, d.pool, capture.BatchFilter{Since: time.Now().Add(time.Hour)}); err != nil || len(none) != 0 {
		t.Errorf("batches of the future: %v %v", none, err)
	}
}

func TestABatchIsComparedWithWhatWasCounted(t *testing.T) {
	d := openDoor(t)
	d.batch("a", "monday", nil)
	b, err := capture.BatchNamed(t.Context(), d.pool, "monday")
	if err != nil || b.Missing() != 0 || b.Expected != nil {
		t.Fatalf("%+v %v", b, err)
	}
	expect := func(n int) error {
		return postgres.InTx(t.Context(), d.pool, func(tx pgx.Tx) error { return capture.Expect(t.Context(), tx, b.ID, &n) })
	}
	if err := expect(-1); !fault.Is(err, fault.Invalid) {
		t.Errorf("less than nothing: %v", err)
	}
	if err := expect(3); err != nil {
		t.Fatal(err)
	}
	if b, err = capture.FindBatch(t.Context(), d.pool, b.ID); err != nil || b.Missing() != 2 {
		t.Errorf("missing %d (%v)", b.Missing(), err)
	}
	if _, err := capture.FindBatch(t.Context(), d.pool, 99); !fault.Is(err, fault.NotFound) {
		t.Errorf("a batch that is not: %v", err)
	}
}
