package capture_test

import (
	"strings"
	"testing"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

func (d *door) draft(name string) (id uuid.UUID) {
	d.t.Helper()
	err := postgres.InTx(d.t.Context(), d.pool, func(tx pgx.Tx) (err error) {
		id, err = capture.NewDraft(d.t.Context(), tx, "anna", name, "scanner")
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// TestWhatLayOnADeskIsNoDuplicate: a file that is sent as it came is the document that was stored when it was laid down.
func TestWhatLayOnADeskIsNoDuplicate(t *testing.T) {
	d := openDoor(t)
	draft := d.draft("monday")
	s, err := d.Lay(t.Context(), "anna", draft, "scan.pdf", strings.NewReader("a stack"))
	if err != nil || s.Known != 0 {
		t.Fatalf("%+v %v", s, err)
	}
	sent := d.must("sent", "a stack")
	if sent.State != capture.Stored || sent.Document != s.Document {
		t.Errorf("the file that lay on the desk came as %s of another document", sent.State)
	}
	if again := d.must("again", "a stack"); again.State != capture.Duplicate || again.Document != s.Document {
		t.Errorf("once more it is %s", again.State)
	}
	twice, err := d.Lay(t.Context(), "anna", draft, "again.pdf", strings.NewReader("a stack"))
	if err != nil || twice.Document != s.Document || twice.Known != sent.Seq {
		t.Errorf("laid down again: %+v %v", twice, err)
	}
}

func TestADeskRefuses(t *testing.T) {
	d := openDoor(t)
	ctx := t.Context()
	draft := d.draft("monday")
	if _, err := d.Lay(ctx, "boris", draft, "scan.pdf", strings.NewReader("x")); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's desk: %v", err)
	}
	if _, err := d.Lay(ctx, "anna", draft, "large.pdf", strings.NewReader(strings.Repeat("x", 2000))); !fault.Is(err, fault.TooLarge) {
		t.Errorf("a file that is too large: %v", err)
	}
	send := func() error {
		return postgres.InTx(ctx, d.pool, func(tx pgx.Tx) error { return d.Send(ctx, tx, "anna", draft) })
	}
	if err := send(); !fault.Is(err, fault.Invalid) {
		t.Errorf("an empty desk is sent: %v", err)
	}
	if _, err := d.Lay(ctx, "anna", draft, "scan.pdf", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	if err := send(); !fault.Is(err, fault.Conflict) {
		t.Errorf("sent while its pages are drawn: %v", err)
	}
	if _, err := d.pool.Exec(ctx, `update capture.scan set state = 'whole'; insert into capture.scan_page (draft, scan, number, position) select draft, id, 1, 1 from capture.scan`); err != nil {
		t.Fatal(err)
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if _, err := capture.BatchNamed(ctx, d.pool, "monday"); err != nil {
		t.Errorf("the batch is not there at once: %v", err)
	}
	if err := send(); !fault.Is(err, fault.Conflict) {
		t.Errorf("sent twice: %v", err)
	}
	if _, err := d.Lay(ctx, "anna", draft, "late.pdf", strings.NewReader("y")); !fault.Is(err, fault.Conflict) {
		t.Errorf("laid on what was sent: %v", err)
	}
}
