package search

import (
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
)

// plainWords is the analyser of words as they stand, folded, with the compact forms of numbers.
type plainWords struct{}

// Analyze implements analysis.Analyzer.
func (plainWords) Analyze(text []byte) analysis.TokenStream {
	tokens := tokenize(string(text))
	stream := make(analysis.TokenStream, 0, len(tokens))
	made := make([]analysis.Token, len(tokens))
	for i, t := range tokens {
		made[i] = analysis.Token{Term: []byte(t.term), Start: t.start, End: t.end, Position: t.pos}
		stream = append(stream, &made[i])
	}
	return stream
}

// rootWords is the analyser of the roots of a language's words, without its stop words. Without a language roots are the
// folded words themselves.
type rootWords struct{ language *language }

// Analyze implements analysis.Analyzer.
func (a rootWords) Analyze(text []byte) analysis.TokenStream {
	tokens := tokenize(string(text))
	stream := make(analysis.TokenStream, 0, len(tokens))
	made := make([]analysis.Token, 0, len(tokens))
	add := func(term string, t token) {
		made = append(made, analysis.Token{Term: []byte(term), Start: t.start, End: t.end, Position: t.pos})
	}
	for _, t := range tokens {
		for _, root := range roots(a.language, t) {
			add(root, t)
		}
	}
	for i := range made {
		stream = append(stream, &made[i])
	}
	return stream
}

// anyRoots is the analyser of texts of an unknown language: each word's roots in every language, those that differ.
type anyRoots struct{}

// Analyze implements analysis.Analyzer.
func (anyRoots) Analyze(text []byte) analysis.TokenStream {
	var stream analysis.TokenStream
	every := anyLanguage()
	for _, t := range tokenize(string(text)) {
		var all []string
		for _, l := range every {
			all = append(all, roots(l, t)...)
		}
		slices.Sort(all)
		for _, root := range slices.Compact(all) {
			stream = append(stream, &analysis.Token{Term: []byte(root), Start: t.start, End: t.end, Position: t.pos})
		}
	}
	return stream
}

// anyLanguage is every language, and none.
func anyLanguage() []*language { return append([]*language{nil}, languages()...) }

// roots are the forms under which a text's word is indexed in its language: its root, and for a compound word those of its
// parts; none for stop words and compact forms.
func roots(l *language, t token) []string {
	switch {
	case t.compact:
		return nil
	case l == nil:
		return []string{t.term}
	case l.stop[t.term]:
		return nil
	}
	all := []string{l.root(t)}
	for _, part := range l.split(t.term) {
		if r := l.root(token{term: part, lower: part}); r != all[0] {
			all = append(all, r)
		}
	}
	return all
}

// rootField is the field of a language's roots; of "" for languages without an analyser.
func rootField(base string, l *language) string {
	if l == nil {
		return base
	}
	return base + l.code
}

// everyDocument is a term that each document has once in each text field, so that its posting list holds the field's lengths.
const everyDocument = "\x01"

// safeText makes a text valid UTF-8 without the control characters that page text sometimes holds.
func safeText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, s)
}
