package search

import (
	"cmp"
	"errors"
	"strings"
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"
)

// leastSuggested is how many letters a word must have for another spelling to be looked for.
const leastSuggested = 4

// suggestion is the query with its unknown words replaced by the likeliest known ones, empty when there is nothing to better. Words come
// from documents that the reader may see, for a suggestion must not tell what the others hold.
func (m *matcher) suggestion(query string, n node) (string, error) {
	better := query
	for _, w := range plainWordsOf(n) {
		tokens := tokenize(w.text)
		if len(tokens) != 1 || utf8.RuneCountInString(tokens[0].term) < leastSuggested || strings.ContainsAny(tokens[0].term, "0123456789") {
			continue
		}
		known, err := m.known(soughtWord(tokens[0]))
		if err != nil || known {
			if err != nil {
				return "", err
			}
			continue
		}
		likely, err := m.likely(tokens[0].term)
		if err != nil {
			return "", err
		}
		if likely != "" {
			better = strings.Replace(better, w.text, likely, 1)
		}
	}
	if better == query {
		return "", nil
	}
	return better, nil
}

// plainWordsOf are the plain words of a query that are not excluded.
func plainWordsOf(n node) []word {
	var words []word
	switch n := n.(type) {
	case bag:
		return n
	case all:
		for _, part := range n {
			words = append(words, plainWordsOf(part)...)
		}
	case anyOf:
		for _, part := range n {
			words = append(words, plainWordsOf(part)...)
		}
	}
	return words
}

// known says whether some document holds a word in any of its forms.
func (m *matcher) known(w *sought) (bool, error) {
	for _, p := range w.places() {
		set, err := m.having(p.field, p.term)
		if err != nil || !set.IsEmpty() {
			return true, err
		}
	}
	return false, nil
}

// likely is the word nearest to a misspelt one, of those within two edits the nearest and then the commonest that the reader may see.
func (m *matcher) likely(word string) (string, error) {
	fuzzyReader, ok := m.reader.(index.IndexReaderFuzzy)
	if !ok {
		return "", nil
	}
	edits := 1
	if utf8.RuneCountInString(word) > 5 {
		edits = 2
	}
	best, bestEdits, bestCount := "", 0, uint64(0)
	dict, err := fuzzyReader.FieldDictFuzzy(inText, word, edits, "")
	var failed error
	err = terms(dict, err, func(e index.DictEntry) bool {
		d := distance(word, e.Term)
		if best != "" && cmp.Or(cmp.Compare(d, bestEdits), cmp.Compare(bestCount, e.Count)) >= 0 {
			return true
		}
		set, err := m.having(inText, e.Term)
		if err != nil {
			failed = err
			return false
		}
		if set.IsEmpty() || m.allowed != nil && !m.allowed.Intersects(set) {
			return true
		}
		best, bestEdits, bestCount = e.Term, d, e.Count
		return true
	})
	return best, errors.Join(failed, err)
}
