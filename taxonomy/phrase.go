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

// A Matcher finds many phrases in a text at once, as the Cue says: case and accents do not matter, words must match
// whole, and a word that ends in * matches with any ending. Every word of a phrase may end so: "verspätet* liefer*".
// The zero Matcher finds nothing. It is safe for concurrent use.
type Matcher struct{ root node }

type node struct {
	words   map[string]*node // whole words
	stems   map[string]*node // words that end in *
	lengths []int            // the distinct lengths of stems, in bytes
	phrases []int            // phrases that end here
}

// A Match is one place where a phrase stands. From and To are token numbers, To excluded.
type Match struct{ Phrase, From, To int }

// NewMatcher compiles phrases. Matches name them by their place in the slice.
func NewMatcher(phrases []string) (*Matcher, error) {
	m := &Matcher{}
	for i, p := range phrases {
		words, err := phraseWords(p)
		if err != nil {
			return nil, err
		}
		at := &m.root
		for _, w := range words {
			at = at.child(w)
		}
		at.phrases = append(at.phrases, i)
	}
	return m, nil
}

// phraseWords splits a phrase into folded words, those with any ending keeping their *.
func phraseWords(phrase string) ([]string, error) {
	var words []string
	for _, part := range strings.Fields(phrase) {
		stem, open := strings.CutSuffix(part, "*")
		if strings.Contains(stem, "*") {
			return nil, fmt.Errorf("phrase %q: a * may only end a word", phrase)
		}
		for _, t := range Tokens(stem) {
			words = append(words, t.Folded)
		}
		if open && len(words) > 0 && stem != "" {
			words[len(words)-1] += "*"
		}
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("phrase %q has no word", phrase)
	}
	return words, nil
}

func (n *node) child(word string) *node {
	stem, open := strings.CutSuffix(word, "*")
	edges := &n.words
	if open {
		edges = &n.stems
	}
	if *edges == nil {
		*edges = map[string]*node{}
	}
	next := (*edges)[stem]
	if next == nil {
		next = &node{}
		(*edges)[stem] = next
		if open {
			n.lengths = withLength(n.lengths, len(stem))
		}
	}
	return next
}

func withLength(lengths []int, l int) []int {
	for _, have := range lengths {
		if have == l {
			return lengths
		}
	}
	return append(lengths, l)
}

// Find gives every place where a phrase stands, overlapping ones included, in the order of the text.
func (m *Matcher) Find(tokens []Token) []Match {
	var all []Match
	for from := range tokens {
		all = m.root.find(tokens, from, from, all)
	}
	return all
}

func (n *node) find(tokens []Token, from, at int, all []Match) []Match {
	for _, p := range n.phrases {
		all = append(all, Match{p, from, at})
	}
	if at == len(tokens) {
		return all
	}
	word := tokens[at].Folded
	if next := n.words[word]; next != nil {
		all = next.find(tokens, from, at+1, all)
	}
	for _, l := range n.lengths {
		if l > len(word) {
			continue
		}
		if next := n.stems[word[:l]]; next != nil {
			all = next.find(tokens, from, at+1, all)
		}
	}
	return all
}
