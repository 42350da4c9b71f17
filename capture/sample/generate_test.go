package sample

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestSameSeedSameBytes makes the same bag twice, with different numbers of workers, and compares every file.
func TestSameSeedSameBytes(t *testing.T) {
	t.Parallel()
	bags := [2]map[string][]byte{}
	for i := range bags {
		dir := t.TempDir()
		if _, err := Generate(dir, Options{Pieces: 24, Seed: 5, DPI: []int{75}, Workers: 1 + 2*i}); err != nil {
			t.Fatal(err)
		}
		bags[i] = readAll(t, dir)
	}
	if len(bags[0]) != 24*2+1 {
		t.Errorf("%d files for 24 pieces, want 49", len(bags[0]))
	}
	for name, data := range bags[0] {
		if !bytes.Equal(data, bags[1][name]) {
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
