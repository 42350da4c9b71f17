package taxonomy

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is how texts and phrases are made comparable: lower case, without accents, with letters that Unicode does not
// decompose written plainly (ł as l, ß as ss). Russian ё and й fold to е and и. Fold never changes what is stored.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(unicode.ToLower(r))
			continue
		}
		foldRune(&b, unicode.ToLower(r))
	}
	return b.String()
}

var plain = map[rune]string{'ł': "l", 'ß': "ss", 'đ': "d", 'ø': "o", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ſ': "s"}

func foldRune(b *strings.Builder, r rune) {
	if p, ok := plain[r]; ok {
		b.WriteString(p)
		return
	}
	var buf [16]byte
	for _, d := range string(norm.NFKD.AppendString(buf[:0], string(r))) {
		if !unicode.Is(unicode.Mn, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
}

// A Token is one word of a text: a run of letters and digits, with combining marks.
type Token struct {
	Folded     string
	Start, End int // bytes in the text
}

// Tokens splits a text into its words. Hyphens and apostrophes separate.
func Tokens(text string) []Token {
	var all []Token
	start := -1
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			all, start = append(all, Token{Fold(text[start:i]), start, i}), -1
		}
	}
	if start >= 0 {
		all = append(all, Token{Fold(text[start:]), start, len(text)})
	}
	return all
}

// PhraseWords splits a phrase of a cue or a term into folded words; a word that stands for any ending keeps its *. Every
// word of a phrase may end so: "verspätet* liefer*". A phrase without a word, or with a * elsewhere, is an error.
func PhraseWords(phrase string) ([]string, error) {
	var words []string
	for _, part := range strings.Fields(phrase) {
		stem, open := strings.CutSuffix(part, "*")
		if strings.Contains(stem, "*") || stem == "" {
			return nil, fmt.Errorf("phrase %q: a * may only end a word", phrase)
		}
		for _, t := range Tokens(stem) {
			words = append(words, t.Folded)
		}
		if open && len(words) > 0 {
			words[len(words)-1] += "*"
		}
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("phrase %q has no word", phrase)
	}
	return words, nil
}
