package extract

import (
	"unicode"
	"unicode/utf8"

	"docket/repository"
)

// combLeast is how many single characters in a row make a comb.
const combLeast = 5

// joinCombs makes one word of what stands in the boxes of a form, one character in each: five or more single characters
// side by side at even distances. Without places they must stand in one line.
func joinCombs(words []repository.Word) []repository.Word {
	var out []repository.Word
	for i := 0; i < len(words); {
		n := combFrom(words[i:])
		if n < combLeast {
			out = append(out, words[i])
			i++
			continue
		}
		joined := words[i]
		for _, w := range words[i+1 : i+n] {
			joined.Text += w.Text
			joined.Box = joined.Box.Union(w.Box)
			joined.Confidence = min(joined.Confidence, w.Confidence)
		}
		out = append(out, joined)
		i += n
	}
	return out
}

// combFrom counts the words from the first on that stand in one comb; some of them must be digits.
func combFrom(words []repository.Word) int {
	n, digits := 0, 0
	for n < len(words) && n < maxNumber && combTooth(words[n]) && (n == 0 || nextTooth(words[:n+1])) {
		if unicode.IsDigit(rune(words[n].Text[0])) {
			digits++
		}
		n++
	}
	if digits < 3 {
		return 0
	}
	return n
}

func combTooth(w repository.Word) bool {
	r, size := utf8.DecodeRuneInString(w.Text)
	return size == len(w.Text) && (unicode.IsUpper(r) || unicode.IsDigit(r) || r == '-' || r == '/')
}

// nextTooth says whether the last word stands as far from the one before it as that from its own.
func nextTooth(words []repository.Word) bool {
	n := len(words)
	a, b := words[n-2], words[n-1]
	if a.Box.IsZero() || b.Box.IsZero() {
		return a.Block == b.Block && a.Par == b.Par && a.Line == b.Line
	}
	pitch := centre(b.Box) - centre(a.Box)
	if pitch <= 0 || abs(a.Box.Y+a.Box.H/2-b.Box.Y-b.Box.H/2) > max(a.Box.H, b.Box.H) || pitch > 5*max(a.Box.H, b.Box.H) {
		return false
	}
	if n < 3 || words[n-3].Box.IsZero() {
		return true
	}
	before := centre(a.Box) - centre(words[n-3].Box)
	return abs(pitch-before) <= max(4, before/3)
}

// centre is the middle of a box, across.
func centre(b repository.Box) int { return b.X + b.W/2 }

func abs(n int) int { return max(n, -n) }
