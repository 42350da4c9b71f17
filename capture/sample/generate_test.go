package sample

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSameSeedSameBytes makes the same bag twice, with different numbers of workers, and compares every file.
func TestSameSeedSameBytes(t *testing.T) {
	t.Parallel()
	bags := [2]map[string][]byte{}
	for i := range bags {
		dir := t.TempDir()
		if _, err := Generate(dir, Options{Pieces: 16, Seed: 5, DPI: []int{150}, Workers: 1 + 2*i}); err != nil {
			t.Fatal(err)
		}
		bags[i] = readAll(t, dir)
	}
	if len(bags[0]) != 16*2+1 {
		t.Errorf("%d files for 16 pieces, want 33", len(bags[0]))
	}
	for name, bytes := range bags[0] {
		if !cmp.Equal(bytes, bags[1][name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

func readAll(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
