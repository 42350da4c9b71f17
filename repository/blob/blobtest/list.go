package blobtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"testing"
	"time"

	"docket/repository/blob"
	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func sum(b []byte) blob.SHA256 { return sha256.Sum256(b) }

// line is what a listing must say of a version.
type line struct {
	Key, Version string
	Size         int64
	Deleted      bool
}

func lines(all []blob.Object) []line {
	var short []line
	for _, o := range all {
		short = append(short, line{o.Key, o.Version, o.Size, o.Deleted})
	}
	return short
}

func testListing(t *testing.T, s blob.Store) {
	folder := "blobtest/" + uuid.NewString()
	b := put(t, s, folder+"/b/content", []byte("1"))
	a1 := put(t, s, folder+"/a/content", []byte("22"))
	page := put(t, s, folder+"/a/v1/pages/1.json", []byte("333"))
	a2 := put(t, s, folder+"/a/content", []byte("4444"))
	put(t, s, folder+"-other", []byte("55555"))
	want := []line{{a2.Key, a2.Version, 4, false}, {a1.Key, a1.Version, 2, false}, {page.Key, page.Version, 3, false}, {b.Key, b.Version, 1, false}}
	all := list(t, s, folder+"/")
	if diff := cmp.Diff(want, lines(all)); diff != "" {
		t.Error(diff)
	}
	for _, o := range all {
		if o.At.IsZero() || o.SHA256 != (blob.SHA256{}) || o.Metadata != nil {
			t.Errorf("%s: at %v, digest %x, metadata %v; want a time alone", o.Key, o.At, o.SHA256, o.Metadata)
		}
	}
	if all := list(t, s, folder+"/nothing"); len(all) != 0 {
		t.Errorf("%d versions under a prefix that nothing has", len(all))
	}
	for range s.Versions(t.Context(), folder+"/") {
		break // a listing may be left early
	}
}

func testDeleteMarker(t *testing.T, s blob.Store) {
	k := key()
	o := put(t, s, k, []byte("content"))
	if err := s.Delete(t.Context(), k, ""); err != nil {
		t.Fatal(err)
	}
	all := list(t, s, k)
	if len(all) != 2 || !all[0].Deleted || all[1].Version != o.Version || all[1].Deleted {
		t.Fatalf("got %+v, want a delete marker and the version", lines(all))
	}
	_, err := s.Open(t.Context(), k, "")
	wantError(t, "open the newest", err, blob.ErrNotFound)
	_, err = s.Stat(t.Context(), k, "")
	wantError(t, "stat the newest", err, blob.ErrNotFound)
	_, err = s.Open(t.Context(), k, all[0].Version)
	wantError(t, "open the marker", err, blob.ErrNotFound)
	if got := get(t, s, k, o.Version); string(got) != "content" {
		t.Errorf("the version behind the marker: %q", got)
	}
	if err := s.Delete(t.Context(), k, all[0].Version); err != nil {
		t.Fatal(err)
	}
	if got := get(t, s, k, ""); string(got) != "content" {
		t.Errorf("after the marker was deleted: %q", got)
	}
}

func testDelete(t *testing.T, s blob.Store) {
	k := key()
	one, two, three := put(t, s, k, []byte("one")), put(t, s, k, []byte("two")), put(t, s, k, []byte("three"))
	for _, o := range []blob.Object{one, three} { // an older one, then the newest
		for range 2 { // the second time it is not there any more
			if err := s.Delete(t.Context(), k, o.Version); err != nil {
				t.Fatal(err)
			}
		}
		_, err := s.Open(t.Context(), k, o.Version)
		wantError(t, "open what was deleted", err, blob.ErrNotFound)
	}
	if got := get(t, s, k, ""); string(got) != "two" {
		t.Errorf("the newest is %q", got)
	}
	if diff := cmp.Diff([]line{{k, two.Version, 3, false}}, lines(list(t, s, k))); diff != "" {
		t.Error(diff)
	}
}

func testAbsent(t *testing.T, s blob.Store) {
	k := key()
	other := put(t, s, key(), []byte("x"))
	o := put(t, s, k, []byte("x"))
	for _, c := range []struct{ doing, key, version string }{
		{"an absent key", key(), ""},
		{"a version of an absent key", key(), o.Version},
		{"a version of another key", k, other.Version},
		{"a version that is none", k, "no-such-version"},
	} {
		_, err := s.Open(t.Context(), c.key, c.version)
		wantError(t, "open "+c.doing, err, blob.ErrNotFound)
		_, err = s.Stat(t.Context(), c.key, c.version)
		wantError(t, "stat "+c.doing, err, blob.ErrNotFound)
		if c.version == "" {
			continue
		}
		if err := s.Delete(t.Context(), c.key, c.version); err != nil {
			t.Errorf("delete %s: %v", c.doing, err)
		}
		if s.Locks() {
			wantError(t, "hold "+c.doing, s.Hold(t.Context(), c.key, c.version, true), blob.ErrNotFound)
			wantError(t, "retain "+c.doing, s.Retain(t.Context(), c.key, c.version, time.Now().Add(time.Minute)), blob.ErrNotFound)
		}
	}
}

func testCancelled(t *testing.T, s blob.Store) {
	k := key()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Put(ctx, k, stream([]byte("x")), blob.PutOptions{})
	wantError(t, "put", err, context.Canceled)
	_, err = s.Open(ctx, k, "")
	wantError(t, "open", err, context.Canceled)
	for _, err := range s.Versions(ctx, k) {
		wantError(t, "list", err, context.Canceled)
	}
	if all := list(t, s, k); len(all) != 0 {
		t.Errorf("%d versions, want none", len(all))
	}
}

// testCancelledWhileReading cancels a put at several places of its stream, the end included.
func testCancelledWhileReading(t *testing.T, s blob.Store) {
	for _, after := range []int{0, 1000, 5 << 20} {
		k := key()
		ctx, cancel := context.WithCancel(t.Context())
		r := io.MultiReader(stream(noise(after, 1)), cancelling(cancel), stream([]byte("the rest")))
		_, err := s.Put(ctx, k, r, blob.PutOptions{})
		wantError(t, "put", err, context.Canceled)
		if all := list(t, s, k); len(all) != 0 {
			t.Errorf("cancelled after %d bytes: %d versions, want none", after, len(all))
		}
	}
}

// cancelling cancels when it is read.
type cancelling context.CancelFunc

func (c cancelling) Read([]byte) (int, error) {
	c()
	return 0, io.EOF
}

func testHold(t *testing.T, s blob.Store) {
	k := key()
	o := put(t, s, k, []byte("held"))
	if !s.Locks() {
		wantKind(t, "hold", s.Hold(t.Context(), k, o.Version, true), fault.Unsupported)
		return
	}
	for range 2 {
		if err := s.Hold(t.Context(), k, o.Version, true); err != nil {
			t.Fatal(err)
		}
	}
	put(t, s, k, []byte("a newer version may come"))
	wantError(t, "delete what is held", s.Delete(t.Context(), k, o.Version), blob.ErrLocked)
	if got := get(t, s, k, o.Version); string(got) != "held" {
		t.Errorf("after the attempt: %q", got)
	}
	if err := s.Hold(t.Context(), k, o.Version, false); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), k, o.Version); err != nil {
		t.Errorf("delete what is free again: %v", err)
	}
}

func testRetain(t *testing.T, s blob.Store) {
	k := key()
	o := put(t, s, k, []byte("retained"))
	if !s.Locks() {
		wantKind(t, "retain", s.Retain(t.Context(), k, o.Version, time.Now().Add(time.Minute)), fault.Unsupported)
		return
	}
	end := time.Now().Add(3 * time.Second)
	if err := s.Retain(t.Context(), k, o.Version, end.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	for _, doing := range []string{"extend", "set again"} {
		if err := s.Retain(t.Context(), k, o.Version, end); err != nil {
			t.Errorf("%s: %v", doing, err)
		}
	}
	wantKind(t, "until yesterday", s.Retain(t.Context(), k, o.Version, end.AddDate(0, 0, -1)), fault.Invalid)
	wantError(t, "shorten", s.Retain(t.Context(), k, o.Version, end.Add(-2*time.Second)), blob.ErrLocked)
	wantError(t, "delete what is retained", s.Delete(t.Context(), k, o.Version), blob.ErrLocked)
	wantFreeSoon(t, s, k, o.Version)
	if time.Now().Before(end.Truncate(time.Second)) {
		t.Errorf("it could be deleted %v too early", time.Until(end))
	}
}

// wantFreeSoon deletes a version as soon as its retention lets it.
func wantFreeSoon(t *testing.T, s blob.Store, k, version string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	for {
		err := s.Delete(ctx, k, version)
		if err == nil {
			return
		}
		if !errors.Is(err, blob.ErrLocked) {
			t.Fatalf("delete: %v", err)
		}
		select {
		case <-ctx.Done():
			t.Fatal("it stays locked")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func testAway(t *testing.T, s blob.Store) {
	k := key()
	_, err := s.Put(t.Context(), k, stream([]byte("x")), blob.PutOptions{})
	wantKind(t, "put", err, fault.Unavailable)
	_, err = s.Open(t.Context(), k, "")
	wantKind(t, "open", err, fault.Unavailable)
	_, err = s.Stat(t.Context(), k, "")
	wantKind(t, "stat", err, fault.Unavailable)
	wantKind(t, "delete", s.Delete(t.Context(), k, "some"), fault.Unavailable)
	n := 0
	for _, err := range s.Versions(t.Context(), k) {
		wantKind(t, "list", err, fault.Unavailable)
		n++
	}
	if n != 1 {
		t.Errorf("a listing of %d steps, want one error", n)
	}
}
