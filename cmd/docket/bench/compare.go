package bench

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A score counts how one text compares with the truth.
type score struct {
	Words      int // in the truth
	WordErrors int // words to substitute, insert or delete to get the truth
	Sought     int // words of the truth with a letter or a digit
	Found      int // of these, how many were read, wherever they stand
	Chars      int
	CharErrors int
}

func (s *score) add(t score) {
	s.Words += t.Words
	s.WordErrors += t.WordErrors
	s.Found += t.Found
	s.Sought += t.Sought
	s.Chars += t.Chars
	s.CharErrors += t.CharErrors
}

// share is a/b, and 0 when there is nothing to share.
func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// compare measures a text against the truth. Both are put into Unicode form NFC; white space only parts words.
func compare(truth, text string) score {
	want, got := strings.Fields(norm.NFC.String(truth)), strings.Fields(norm.NFC.String(text))
	a, b := []rune(strings.Join(want, " ")), []rune(strings.Join(got, " "))
	return score{
		Words: len(want), WordErrors: distance(want, got),
		Sought: len(sought(want)), Found: found(sought(want), sought(got)),
		Chars: len(a), CharErrors: distance(a, b),
	}
}

// sought are words as a search compares them: in small letters and without punctuation around them.
func sought(words []string) []string {
	var out []string
	for _, w := range words {
		w = strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// found counts the words of want that got has too, each as often as it has it.
func found(want, got []string) int {
	have := map[string]int{}
	for _, w := range got {
		have[w]++
	}
	n := 0
	for _, w := range want {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	return n
}

// distance is Levenshtein's: the least number of substitutions, insertions and deletions between two sequences.
func distance[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
