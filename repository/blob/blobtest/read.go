package blobtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"

	"docket/repository/blob"
)

func testRanges(t *testing.T, s blob.Store) {
	k, content := key(), noise(300_000, 3)
	put(t, s, k, content)
	r, err := s.Open(t.Context(), k, "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, c := range []struct{ from, n int }{{0, 10}, {299_990, 10}, {100_000, 150_000}, {5, 1}, {6, 100}, {299_999, 1}} {
		if _, err := r.Seek(int64(c.from), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, c.n)
		if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, content[c.from:c.from+c.n]) {
			t.Errorf("%d bytes from %d: other bytes, %v", c.n, c.from, err)
		}
	}
}

// testSeek compares random reads and seeks with those of a bytes.Reader.
func testSeek(t *testing.T, s blob.Store) {
	k, content := key(), noise(5000, 4)
	put(t, s, k, content)
	r, err := s.Open(t.Context(), k, "")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	random, want := rand.New(rand.NewPCG(1, 2)), bytes.NewReader(content)
	for range 60 {
		whence := random.IntN(3)
		offset := int64(random.IntN(12_000) - 6000)
		a, errA := want.Seek(offset, whence)
		b, errB := r.Seek(offset, whence)
		if a != b || (errA == nil) != (errB == nil) {
			t.Fatalf("seek %d from %d: %d, %v; want %d, %v", offset, whence, b, errB, a, errA)
		}
		n := random.IntN(2000)
		x, y := make([]byte, n), make([]byte, n)
		nx, errX := io.ReadFull(want, x)
		ny, errY := io.ReadFull(r, y)
		if nx != ny || errX != errY || !bytes.Equal(x, y) {
			t.Fatalf("read %d: %d, %v; want %d, %v", n, ny, errY, nx, errX)
		}
	}
}

// testConcurrent puts versions of one key side by side, while others read it.
func testConcurrent(t *testing.T, s blob.Store) {
	k := key()
	const n = 12
	puts := make([]blob.Object, n)
	errs := make([]error, 3*n)
	first := put(t, s, k, noise(10_000, 100))
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			puts[i], errs[i] = s.Put(t.Context(), k, stream(noise(10_000, uint64(i))), blob.PutOptions{})
		})
		all.Go(func() { errs[n+i] = readWhole(t, s, k, "") })
		all.Go(func() { errs[2*n+i] = readWhole(t, s, k, first.Version) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, o := range puts {
		t.Cleanup(func() { s.Delete(context.Background(), k, o.Version) })
		if got := get(t, s, k, o.Version); !bytes.Equal(got, noise(10_000, uint64(i))) {
			t.Errorf("put %d: its version holds other bytes", i)
		}
	}
	if all := list(t, s, k); len(all) != n+1 {
		t.Errorf("%d versions, want %d", len(all), n+1)
	}
}

// readWhole reads a version and compares it with its recorded size and digest.
func readWhole(t *testing.T, s blob.Store, k, version string) error {
	r, err := s.Open(t.Context(), k, version)
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if o := r.Object(); sum(b) != o.SHA256 || int64(len(b)) != o.Size || version != "" && version != o.Version {
		return fmt.Errorf("version %s: %d bytes that are not its own", o.Version, len(b))
	}
	return nil
}
