package blob_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"docket/repository/blob"
	"docket/repository/blob/blobtest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	away := blob.NewMemory()
	away.SetAway(true)
	blobtest.Run(t, blob.NewMemory(), away)
}

func TestMemoryClockEndsRetention(t *testing.T) {
	t.Parallel()
	m, now := blob.NewMemory(), time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	m.SetClock(func() time.Time { return now })
	o, err := m.Put(t.Context(), "k", strings.NewReader("x"), blob.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Retain(t.Context(), "k", o.Version, now.AddDate(10, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := m.Delete(t.Context(), "k", o.Version); !errors.Is(err, blob.ErrLocked) {
		t.Errorf("got %v, want it locked", err)
	}
	now = now.AddDate(10, 0, 1)
	if err := m.Delete(t.Context(), "k", o.Version); err != nil {
		t.Errorf("after ten years: %v", err)
	}
}

func TestMemoryDamage(t *testing.T) {
	t.Parallel()
	m := blob.NewMemory()
	o, err := m.Put(t.Context(), "k", strings.NewReader("content"), blob.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m.Damage("k", o.Version, []byte("c0ntent"))
	r, err := m.Open(t.Context(), "k", "")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil || string(b) != "c0ntent" || r.Object().SHA256 != o.SHA256 {
		t.Errorf("got %q with digest %x, %v; want other bytes with the old digest", b, r.Object().SHA256, err)
	}
}
