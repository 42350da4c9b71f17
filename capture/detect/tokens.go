package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold writes text so that spellings that a reader takes for the same become the same: lower case, without accents,
// ß as ss, ł as l. Poor scans and hurried typists lose accents, so nothing here depends on them.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			b.WriteByte(c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		foldRune(&b, r)
	}
	return b.String()
}

func foldRune(b *strings.Builder, r rune) {
	switch r {
	case 'ß', 'ẞ':
		b.WriteString("ss")
		return
	case 'ł', 'Ł':
		b.WriteByte('l')
		return
	case 'đ', 'Đ':
		b.WriteByte('d')
		return
	case '\u00ad', '\u200b', '\ufeff': // soft hyphen, zero-width space, byte order mark
		return
	}
	var in, out [utf8.UTFMax * 4]byte
	size := utf8.EncodeRune(in[:], r)
	for _, d := range string(norm.NFKD.Append(out[:0], in[:size]...)) {
		if !unicode.Is(unicode.Mn, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
}

// A token is one word of a text.
type token struct {
	folded  string // lower case, no accents, every digit written as 0
	written string // as it stands in the text
	line    int    // 0-based, empty lines not counted
}

// tokenise splits text into words. Words broken by a hyphen at a line's end are joined again; the digits of numbers all
// become 0, because the shape of a number says something about a text and its value does not.
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

func newToken(written string, line int) token {
	folded := Fold(strings.TrimSuffix(written, "-"))
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
