package detect

import (
	"math"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"docket/taxonomy"
)

// A LanguageResult is the language of a text, two letters, empty when the text has too few letters to tell.
type LanguageResult struct {
	Language   string
	Confidence float64 // 0 to 1
}

// DetectLanguage says which of the six languages a text is in. It knows no others and takes the nearest.
func DetectLanguage(text string) LanguageResult {
	letters, cyrillic := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.Is(unicode.Cyrillic, r) {
				cyrillic++
			}
		}
	}
	if letters < leastLetters {
		return LanguageResult{}
	}
	if 2*cyrillic > letters {
		return LanguageResult{"ru", min(1, float64(letters)/20)}
	}
	return speech().detect(text)
}

const (
	leastLetters = 4
	mostLetters  = 6000 // of a text; more tell nothing new
	speechBits   = 16
	sharpness    = 0.35 // neighbouring groups of letters overlap, so each counts for a part only
)

// A speechModel is naive Bayes over groups of one to four letters: for each group the logarithm of how often each language
// has it.
type speechModel struct {
	weights [1 << speechBits][6]float32
}

// speech learns the languages from the training material, once; it takes a few hundredths of a second.
var speech = sync.OnceValue(func() *speechModel {
	m := &speechModel{}
	lines, err := sentences()
	if err != nil {
		panic(err) // the material is part of the program and tested
	}
	counts := new([1 << speechBits][6]float32)
	var totals [6]float32
	for l, language := range Languages {
		for _, line := range lines[language] {
			line = placeholder.ReplaceAllString(line, " ")
			for _, form := range []string{line, taxonomy.Fold(line)} {
				groups(form, func(h uint32) { counts[h][l]++; totals[l]++ })
			}
		}
	}
	for h := range counts {
		for l := range Languages {
			m.weights[h][l] = float32(math.Log(float64(counts[h][l]+0.5) / float64(totals[l]+0.5*(1<<speechBits))))
		}
	}
	return m
})

// placeholder is what a grammar replaces.
var placeholder = regexp.MustCompile(`\{[^}]*\}|[|#]`)

func (m *speechModel) detect(text string) LanguageResult {
	sums := make([]float64, len(Languages))
	n := 0
	groups(text, func(h uint32) {
		n++
		for l, w := range m.weights[h] {
			sums[l] += float64(w)
		}
	})
	if n == 0 {
		return LanguageResult{}
	}
	for l := range sums {
		sums[l] *= sharpness
	}
	softmax(sums)
	best := 0
	for l := range sums {
		if sums[l] > sums[best] {
			best = l
		}
	}
	return LanguageResult{Languages[best], sums[best]}
}

// groups calls found for each group of one to four letters of each word, its borders included.
func groups(text string, found func(h uint32)) {
	if len(text) > mostLetters {
		text = text[:mostLetters]
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		word = " " + strings.ToLower(word) + " "
		var starts []int
		for i := range word {
			starts = append(starts, i)
		}
		starts = append(starts, len(word))
		for size := 1; size <= 4; size++ {
			for i := 0; i+size < len(starts); i++ {
				found(hash(seedSpeech, word[starts[i]:starts[i+size]]) >> (32 - speechBits))
			}
		}
	}
}
