package tesseract

import (
	"embed"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// models maps Docket's two-letter languages to the names of Tesseract's models.
var models = map[string]string{
	"en": "eng", "de": "deu", "hu": "hun", "pl": "pol", "ru": "rus", "sl": "slv",
}

//go:embed languages/*.txt
var texts embed.FS

// smoothing is the count that a trigram never seen is given, in parts of one.
const smoothing = 0.2

// A profile holds the logarithms of how likely each trigram is in one language.
type profile struct {
	known   map[string]float64
	unknown float64
}

// profiles are made once from the texts that come with the package: a few hundred words a language are enough, because
// the languages differ much and a sample has many trigrams.
var profiles = sync.OnceValue(func() map[string]profile {
	all := map[string]profile{}
	for language := range models {
		text, err := texts.ReadFile("languages/" + language + ".txt")
		if err != nil {
			continue
		}
		all[language] = newProfile(string(text))
	}
	return all
})

func newProfile(text string) profile {
	counts, total := map[string]float64{}, 0.0
	for _, g := range trigrams(text) {
		counts[g]++
		total++
	}
	total += smoothing * 20_000
	p := profile{known: make(map[string]float64, len(counts)), unknown: math.Log(smoothing / total)}
	for g, n := range counts {
		p.known[g] = math.Log((n + smoothing) / total)
	}
	return p
}

// A guess is a language and how sure it is: the probability of it among the languages asked for.
type guess struct {
	language string
	sure     float64
}

// guessLanguage says in which of the given languages a text is. Letters are compared without their accents, since the
// text may come from a model that does not know them. An empty guess means that there is too little text.
func guessLanguage(text string, among []string) guess {
	grams := trigrams(text)
	if len(grams) < 12 {
		return guess{}
	}
	scores := map[string]float64{}
	best := guess{}
	for _, language := range slices.Sorted(slices.Values(among)) {
		p, ok := profiles()[language]
		if !ok {
			continue
		}
		scores[language] = p.score(grams)
		if best.language == "" || scores[language] > scores[best.language] {
			best.language = language
		}
	}
	sum := 0.0
	for s := range maps.Values(scores) {
		sum += math.Exp((s - scores[best.language]) / 3) // trigrams overlap: three tell about as much as one
	}
	best.sure = 1 / sum
	return best
}

func (p profile) score(grams []string) float64 {
	sum := 0.0
	for _, g := range grams {
		if v, ok := p.known[g]; ok {
			sum += v
		} else {
			sum += p.unknown
		}
	}
	return sum
}

// trigrams are the three-letter parts of the words of a text, each word with a space at both ends.
func trigrams(text string) []string {
	var grams []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		letters := []rune(" " + plainLetters(w) + " ")
		for i := 0; i+3 <= len(letters); i++ {
			grams = append(grams, string(letters[i:i+3]))
		}
	}
	return grams
}

// plainLetters takes the accents off the Latin letters of a word.
func plainLetters(word string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(word) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ł':
			b.WriteRune('l')
		case r == 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
