// Package blobtest is the one suite that every blob.Store passes: the fake as well as the real ones, so that a test with the
// fake tells the truth.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"docket/repository/blob"
	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// Run tests a store. It uses only keys of its own, so the store may hold other things. away is a store of the same kind that
// does not answer.
func Run(t *testing.T, store, away blob.Store) {
	for name, f := range map[string]func(*testing.T, blob.Store){
		"puts and gets":           testPut,
		"versions":                testVersions,
		"metadata":                testMetadata,
		"large streams":           testLarge,
		"limits":                  testMaxSize,
		"broken streams":          testBrokenStream,
		"ranges":                  testRanges,
		"seeking":                 testSeek,
		"one key at once":         testConcurrent,
		"listing":                 testListing,
		"delete markers":          testDeleteMarker,
		"deleting":                testDelete,
		"absent":                  testAbsent,
		"cancelled":               testCancelled,
		"cancelled while reading": testCancelledWhileReading,
		"holds":                   testHold,
		"retention":               testRetain,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, store)
		})
	}
	t.Run("away", func(t *testing.T) {
		t.Parallel()
		testAway(t, away)
	})
}

// key is a new key of the kind the repository uses.
func key() string { return "blobtest/" + uuid.NewString() + "/content" }

// noise is n bytes that do not compress, always the same for a seed.
func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	r.Read(b)
	return b
}

// stream hides everything of a reader but Read: its length is unknown.
func stream(b []byte) io.Reader { return struct{ io.Reader }{bytes.NewReader(b)} }

func put(t *testing.T, s blob.Store, key string, content []byte) blob.Object {
	t.Helper()
	o, err := s.Put(t.Context(), key, stream(content), blob.PutOptions{MediaType: "text/plain"})
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	t.Cleanup(func() { s.Delete(context.Background(), key, o.Version) })
	return o
}

func get(t *testing.T, s blob.Store, key, version string) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), key, version)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return b
}

// list gives the versions under a prefix, in order.
func list(t *testing.T, s blob.Store, prefix string) []blob.Object {
	t.Helper()
	var all []blob.Object
	for o, err := range s.Versions(t.Context(), prefix) {
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		all = append(all, o)
	}
	return all
}

func wantError(t *testing.T, doing string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", doing, err, want)
	}
}

func wantKind(t *testing.T, doing string, err error, want fault.Kind) {
	t.Helper()
	if !fault.Is(err, want) {
		t.Errorf("%s: got %v (%s), want %s", doing, err, fault.KindOf(err), want)
	}
}

func testPut(t *testing.T, s blob.Store) {
	for _, size := range []int{0, 1, 100_000} {
		k, content := key(), noise(size, 1)
		o := put(t, s, k, content)
		want := blob.Object{Key: k, Version: o.Version, Size: int64(size), SHA256: sha256.Sum256(content), MediaType: "text/plain",
			Metadata: map[string]string{}}
		if diff := cmp.Diff(want, o); diff != "" || o.Version == "" {
			t.Errorf("%d bytes: what Put gives: %s", size, diff)
		}
		if got := get(t, s, k, ""); !bytes.Equal(got, content) {
			t.Errorf("%d bytes: got %d other bytes", size, len(got))
		}
		stat, err := s.Stat(t.Context(), k, o.Version)
		if err != nil || stat.At.IsZero() {
			t.Errorf("%d bytes: stat: %v, at %v", size, err, stat.At)
		}
		want.At = stat.At
		if diff := cmp.Diff(want, stat); diff != "" {
			t.Errorf("%d bytes: what Stat gives: %s", size, diff)
		}
	}
}

func testVersions(t *testing.T, s blob.Store) {
	k := key()
	var puts []blob.Object
	for i := range 4 {
		puts = append(puts, put(t, s, k, noise(1000+i, uint64(i))))
	}
	for i, o := range puts {
		if got := get(t, s, k, o.Version); !bytes.Equal(got, noise(1000+i, uint64(i))) {
			t.Errorf("version %d holds other bytes", i+1)
		}
		stat, err := s.Stat(t.Context(), k, o.Version)
		if err != nil || stat.SHA256 != o.SHA256 || stat.Version != o.Version {
			t.Errorf("version %d: stat %+v, %v", i+1, stat, err)
		}
	}
	if got := get(t, s, k, ""); !bytes.Equal(got, noise(1003, 3)) {
		t.Error("the newest is another")
	}
}

func testMetadata(t *testing.T, s blob.Store) {
	k := key()
	meta := map[string]string{"name": "Beschwerde über Öl & 100 % Ärger – Жалоба.pdf", "Number": "7", "empty": "", "percent": "%41", "space": " a  b ",
		"long": strings.Repeat("Ж", 120)} // the longest file name that a Linux disk can hold in Cyrillic
	o, err := s.Put(t.Context(), k, stream([]byte("x")), blob.PutOptions{MediaType: "application/pdf", Metadata: meta})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Delete(context.Background(), k, o.Version) })
	r, err := s.Open(t.Context(), k, o.Version)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	want := map[string]string{"name": meta["name"], "number": "7", "empty": "", "percent": "%41", "space": " a  b ", "long": meta["long"]}
	for doing, got := range map[string]blob.Object{"put": o, "open": r.Object()} {
		if diff := cmp.Diff(want, got.Metadata); diff != "" || got.MediaType != "application/pdf" {
			t.Errorf("%s: media type %s, metadata %s", doing, got.MediaType, diff)
		}
	}
}

// testLarge puts more than goes into memory, and more than goes in one request.
func testLarge(t *testing.T, s blob.Store) {
	sizes := []int{4<<20 - 1, 4 << 20, 9<<20 + 3}
	if !testing.Short() {
		sizes = append(sizes, 65<<20)
	}
	for _, size := range sizes {
		k, content := key(), noise(size, 2)
		o := put(t, s, k, content)
		if o.SHA256 != sha256.Sum256(content) || o.Size != int64(size) {
			t.Errorf("%d bytes: put says %d, %x", size, o.Size, o.SHA256)
		}
		if stat, err := s.Stat(t.Context(), k, o.Version); err != nil || stat.SHA256 != o.SHA256 || stat.Size != o.Size {
			t.Errorf("%d bytes: stat says %d, %x, %v", size, stat.Size, stat.SHA256, err)
		}
		if got := get(t, s, k, o.Version); !bytes.Equal(got, content) {
			t.Errorf("%d bytes: got %d other bytes", size, len(got))
		}
	}
}

func testMaxSize(t *testing.T, s blob.Store) {
	k := key()
	o, err := s.Put(t.Context(), k, stream(noise(1000, 1)), blob.PutOptions{MaxSize: 1000})
	if err != nil {
		t.Fatalf("as much as allowed: %v", err)
	}
	t.Cleanup(func() { s.Delete(context.Background(), k, o.Version) })
	for _, size := range []int{1001, 5 << 20, 6 << 20} {
		limit := int64(1000)
		if size == 6<<20 {
			limit = 5 << 20 // reached after the part that is kept in memory
		}
		_, err := s.Put(t.Context(), k, stream(noise(size, 1)), blob.PutOptions{MaxSize: limit})
		wantKind(t, fmt.Sprint(size, " bytes"), err, fault.TooLarge)
	}
	if all := list(t, s, k); len(all) != 1 {
		t.Errorf("%d versions, want the allowed one alone", len(all))
	}
}

func testBrokenStream(t *testing.T, s blob.Store) {
	broken := errors.New("the line broke")
	for _, size := range []int{0, 1000, 5 << 20} {
		k := key()
		r := io.MultiReader(stream(noise(size, 1)), failing{broken})
		_, err := s.Put(t.Context(), k, r, blob.PutOptions{})
		wantError(t, fmt.Sprint("after ", size, " bytes"), err, broken)
		if all := list(t, s, k); len(all) != 0 {
			t.Errorf("after %d bytes: %d versions, want none", size, len(all))
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
