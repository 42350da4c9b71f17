package page

import (
	"strings"
	"unicode"

	"docket/repository"
)

// readable says whether words are text and not the numbers of glyphs in a font that does not tell its letters.
func readable(words []pdfWord) bool {
	letters, vowels, odd, all := 0, 0, 0, 0
	for _, w := range words {
		for _, r := range w.text {
			all++
			switch {
			case unicode.Is(unicode.Co, r), r == unicode.ReplacementChar:
				odd++
			case unicode.In(r, unicode.Latin, unicode.Cyrillic):
				letters++
				if strings.ContainsRune(vowelLetters, unicode.ToLower(r)) {
					vowels++
				}
			case unicode.IsLetter(r), unicode.IsDigit(r):
				letters += 0
			}
		}
	}
	if all == 0 || odd*5 > all {
		return false
	}
	if letters < 60 {
		return true // too little to judge
	}
	share := float64(vowels) / float64(letters)
	return share > 0.2 && share < 0.65
}

const vowelLetters = "aeiouyáàâäãåāăąéèêëēėęěíìîïīįóòôöõøőōúùûüűūůųýÿæœаеёиоуыэюяіїє"

// agrees says whether the words a page holds are those that are seen on it: most of what is seen is held, and what is held
// is not much less than what is seen.
func agrees(held []pdfWord, seen []repository.Word) bool {
	have := map[string]int{}
	heldLetters := 0
	for _, w := range held {
		have[fold(w.text)]++
		heldLetters += len(w.text)
	}
	found, total := 0, 0
	for _, w := range seen {
		if w.Confidence < 0.6 {
			continue
		}
		total += len(w.Text)
		if key := fold(w.Text); have[key] > 0 {
			have[key]--
			found += len(w.Text)
		}
	}
	return total == 0 || heldLetters*10 >= total*8 && found*10 >= total*7
}

func fold(s string) string {
	return strings.ToLower(strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}
