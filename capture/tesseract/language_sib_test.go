package tesseract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSib(t *testing.T) {
	all := []string{"en", "de", "hu", "pl", "ru", "sl"}
	for d, l := range map[string]string{"eng_Latn": "en", "deu_Latn": "de", "hun_Latn": "hu", "pol_Latn": "pl", "rus_Cyrl": "ru", "slv_Latn": "sl"} {
		b, _ := os.ReadFile(filepath.Join("/work/shared/data/text/sib200", d, "train.tsv"))
		n, bad, unsure := 0, 0, 0
		for _, line := range strings.Split(string(b), "\n")[1:] {
			f := strings.Split(line, "\t")
			if len(f) < 3 {
				continue
			}
			g := guessLanguage(f[2], all)
			n++
			if g.language != l {
				bad++
				if bad < 6 {
					t.Log(g, f[2])
				}
			}
			if g.sure < 0.95 {
				unsure++
			}
		}
		t.Log(l, n, bad, unsure)
	}
}
