package detect

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"docket/taxonomy"
)

// sentenceWords is from how many words on a sentence is somebody's own; shorter ones are everybody's.
const sentenceWords = 5

// The model is measured on sample post. Material that shared sentences with it would measure memory.
func TestMaterialSharesNoSentenceWithSamplePost(t *testing.T) {
	t.Parallel()
	for _, language := range Languages {
		phrases, err := os.ReadFile(filepath.Join("..", "sample", "phrases", language+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		sample := words(string(phrases))
		names, err := fs.Glob(training, "training/*."+language+".txt")
		if err != nil || len(names) == 0 {
			t.Fatalf("material in %s: %d files, %v", language, len(names), err)
		}
		for _, name := range names {
			for _, sentence := range sentencesOf(t, name) {
				if s := words(sentence); strings.Count(s, " ") > sentenceWords && strings.Contains(sample, s) {
					t.Errorf("%s: %q stands in the phrases of the sample post too", name, sentence)
				}
			}
		}
	}
}

// formulas are sections with what everybody writes in the same words.
var formulas = []string{"salutation", "greeting", "closing", "bye", "department"}

// sentencesOf gives the sentences of a file of material, cut where something is put in.
func sentencesOf(t *testing.T, name string) (all []string) {
	sections, err := readGrammar(training, name)
	if err != nil {
		t.Fatal(err)
	}
	for section, lines := range sections {
		if !slices.Contains(formulas, section) {
			all = append(all, strings.FieldsFunc(strings.Join(lines, "\n"), func(r rune) bool { return strings.ContainsRune(".!?:;|{}[]\n", r) })...)
		}
	}
	return all
}

// words folds a text to its words, with a space around each.
func words(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range taxonomy.Tokens(text) {
		b.WriteString(t.Folded + " ")
	}
	return b.String()
}
