package sample

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"docket/taxonomy"
)

// TestTesseractReadsCleanScans reads one clean letter of each language with the tesseract command and counts the words found.
func TestTesseractReadsCleanScans(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads six pages")
	}
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("the tesseract command is not installed")
	}
	codes := map[string]string{"en": "eng", "de": "deu", "hu": "hun", "pl": "pol", "ru": "rus", "sl": "slv"}
	for _, language := range Languages {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			bag, err := NewBag(Options{Pieces: 1, Seed: 3, Kinds: []Kind{PNG}, Classes: []taxonomy.ClassID{taxonomy.Thanks}, Languages: []string{language}, DPI: []int{200}, Clean: true})
			if err != nil {
				t.Fatal(err)
			}
			p, err := bag.Piece(0)
			if err != nil {
				t.Fatal(err)
			}
			if found := wordRecall(p.Truth.Text, tesseract(t, p, codes[language])); found < 0.85 {
				t.Errorf("only %.0f %% of the words were read", 100*found)
			}
		})
	}
}

func tesseract(t *testing.T, p Piece, language string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), p.Name)
	if err := os.WriteFile(path, p.Bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("tesseract", path, "-", "-l", language)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("tesseract cannot read %s here: %v", language, err)
	}
	return string(out)
}

// wordRecall is the share of the words of the truth that were read.
func wordRecall(truth, read string) float64 {
	got := map[string]int{}
	for _, w := range strings.Fields(read) {
		got[w]++
	}
	words, found := strings.Fields(truth), 0
	for _, w := range words {
		if got[w] > 0 {
			got[w]--
			found++
		}
	}
	return float64(found) / float64(len(words))
}
