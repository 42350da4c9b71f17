package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/taxonomy"
)

// A token is one word of a text.
type token struct {
	folded  string // by taxonomy.Fold, every digit written as 0
	written string // as it stands in the text
	line    int    // 0-based, empty lines not counted
}

// tokenise splits text into words. Words broken by a hyphen at a line's end are joined again; the digits of numbers all
// become 0, because the shape of a number says something about a text and its value does not. That and the line of each
// word are what taxonomy.Tokens does not give; what letters are the same is taxonomy's to say.
func tokenise(text string) []token {
	var tokens []token
	line, written := -1, false
	for raw := range strings.Lines(text) {
		if strings.TrimSpace(raw) == "" {
			continue
		}
		line++
		words := split(raw)
		if len(words) == 0 {
			continue
		}
		if written && joins(tokens[len(tokens)-1].written, words[0]) {
			last := &tokens[len(tokens)-1]
			*last = newToken(strings.TrimSuffix(last.written, "-")+words[0], last.line)
			words = words[1:]
		}
		for _, w := range words {
			tokens = append(tokens, newToken(w, line))
		}
		written = len(tokens) > 0 && strings.HasSuffix(strings.TrimRight(raw, " \t\r\n"), tokens[len(tokens)-1].written)
	}
	for i := range tokens {
		tokens[i].written = strings.TrimSuffix(tokens[i].written, "-")
	}
	return tokens
}

// joins says whether a line's last word and the next line's first are two halves of one: "Versiche-" and "rung".
func joins(last, first string) bool {
	if !strings.HasSuffix(last, "-") || len(last) < 3 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(first)
	return unicode.IsLower(r)
}

// softHyphen marks where a word may be broken. It says nothing.
const softHyphen = "\u00ad"

func newToken(written string, line int) token {
	folded := taxonomy.Fold(strings.ReplaceAll(strings.TrimSuffix(written, "-"), softHyphen, ""))
	if strings.ContainsAny(folded, "123456789") {
		folded = strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '0'
			}
			return r
		}, folded)
	}
	return token{folded: folded, written: written, line: line}
}

// split gives the words of a line: runs of letters, digits and marks. A hyphen that ends the line stays on its word.
func split(line string) []string {
	line = strings.TrimRight(line, " \t\r\n")
	var words []string
	start := -1
	for i, r := range line {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\u00ad' {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			end := i
			if r == '-' && i == len(line)-1 {
				end++
			}
			words = append(words, line[start:end])
		}
		start = -1
	}
	if start >= 0 {
		words = append(words, line[start:])
	}
	return words
}
