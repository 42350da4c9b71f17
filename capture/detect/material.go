package detect

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"docket/taxonomy"
)

//go:embed training/*.txt
var training embed.FS

// Languages that the shipped material covers.
var Languages = []string{"en", "de", "hu", "pl", "ru", "sl"}

// textsPerGroup is how many texts Shipped writes per class, language and group.
const textsPerGroup = 9

// Shipped gives the training texts that ship with the program: letters, papers and forms in six languages, written by
// the grammars under training/. They are the same at every call.
func Shipped() ([]Example, error) {
	names, err := fs.Glob(training, "training/*.txt")
	if err != nil {
		return nil, err
	}
	common := map[string]map[string][]string{}
	for _, l := range Languages {
		if common[l], err = readGrammar(training, "training/common."+l+".txt"); err != nil {
			return nil, err
		}
	}
	var out []Example
	for _, name := range names {
		label, language, err := nameParts(name)
		if err != nil {
			return nil, err
		}
		if label == "common" {
			continue
		}
		own, err := readGrammar(training, name)
		if err != nil {
			return nil, err
		}
		examples, err := grammar{own, common[language]}.examples(label, language)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, examples...)
	}
	return out, nil
}

// MaterialDigest names the shipped material and the form in which models are kept: 16 hexadecimal digits. A model trained
// under another digest learned from other texts or other features and should be trained anew.
var MaterialDigest = sync.OnceValue(func() string {
	sum := sha256.New()
	io.WriteString(sum, magic)
	err := fs.WalkDir(training, "training", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(training, path)
		fmt.Fprintf(sum, "%s %d\n", path, len(text))
		sum.Write(text)
		return err
	})
	if err != nil {
		panic(err) // the material is part of the program
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
})

// nameParts takes training/complaint.en.txt apart.
func nameParts(name string) (label, language string, err error) {
	parts := strings.Split(strings.TrimPrefix(name, "training/"), ".")
	if len(parts) != 3 || !slices.Contains(Languages, parts[1]) {
		return "", "", fmt.Errorf("training material %s: the name must be class.language.txt", name)
	}
	return parts[0], parts[1], nil
}

// examples writes the texts of one class and language. Every third one is damaged the way poor scans are.
func (g grammar) examples(label, language string) ([]Example, error) {
	random := rand.New(rand.NewPCG(uint64(hash(seedWord, label)), uint64(hash(seedWord, language))))
	var out []Example
	for group := range shares {
		for n := range textsPerGroup {
			text, err := g.write(random, group)
			if err != nil {
				return nil, err
			}
			if n%2 == 0 {
				text = wrap(text, 55+random.IntN(40))
			}
			if n%3 == 1 {
				text = damage(text, 0.01+0.05*random.Float64(), random)
			}
			out = append(out, Example{Text: text, Label: label, Language: language, Group: fmt.Sprintf("shipped %d", group)})
		}
	}
	return out, nil
}

// wrap breaks lines at spaces so that none is much longer than width letters, as a typed page does.
func wrap(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		n := 0
		for i, w := range strings.Fields(line) {
			length := len([]rune(w))
			switch {
			case i == 0:
			case n+1+length > width:
				b.WriteByte('\n')
				n = 0
			default:
				b.WriteByte(' ')
				n++
			}
			b.WriteString(w)
			n += length
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// misread are letters that recognition takes for one another.
var misread = map[rune]string{
	'l': "1", 'I': "l", 'i': "l", '1': "l", 'o': "0", '0': "O", 'O': "0", 'e': "c", 'c': "e", 'm': "rn", 'n': "ri", 'h': "b", 'u': "ii",
	'a': "o", 'á': "a", 'é': "e", 'ä': "a", 'ö': "o", 'ü': "u", 'ő': "ö", 'ű': "ü", 'ó': "o", 'ł': "l", 'ą': "a", 'ę': "e", 'ż': "z",
	'ś': "s", 'ć': "c", 'č': "c", 'š': "s", 'ž': "z", 'ß': "B", 's': "5", 'S': "5", 'g': "q", 'и': "н", 'н': "и", 'ш': "щ", 'п': "н",
	'о': "с", 'е': "с", 'т': "г", 'л': "п", 'ы': "ь1", 'й': "и", '.': ",", ',': ".",
}

// damage misreads a share of the letters and loses some spaces.
func damage(text string, share float64, random *rand.Rand) string {
	var b strings.Builder
	for _, r := range text {
		if random.Float64() >= share {
			b.WriteRune(r)
			continue
		}
		if r == ' ' && random.IntN(2) == 0 {
			continue
		}
		if wrong, ok := misread[r]; ok {
			b.WriteString(wrong)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Default trains a model on the shipped material with the cues and thresholds of classes.
func Default(classes []taxonomy.Class) (*Model, error) {
	examples, err := Shipped()
	if err != nil {
		return nil, err
	}
	return Train(examples, Config{Classes: classes})
}

// sentences gives every line of the material of a language once, to learn what the language looks like.
var sentences = sync.OnceValues(func() (map[string][]string, error) {
	names, err := fs.Glob(training, "training/*.txt")
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, name := range names {
		_, language, err := nameParts(name)
		if err != nil {
			return nil, err
		}
		sections, err := readGrammar(training, name)
		if err != nil {
			return nil, err
		}
		for _, section := range slices.Sorted(maps.Keys(sections)) {
			out[language] = append(out[language], sections[section]...)
		}
	}
	return out, nil
})
