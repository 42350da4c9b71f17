package search

import (
	"slices"
	"strings"

	"docket/taxonomy"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"
)

// maxExpansions is how many words of the index a prefix or fuzzy word may stand for; the commonest are taken.
const maxExpansions = 500

// A matcher finds the documents a query is about and collects what to rank them by.
type matcher struct {
	*snapshot
	bags  []*ranked // in the order they stand in the query, those that are not negated
	exact []*ranked // one for each phrase, prefix and fuzzy word that is not negated
	marks marker    // what to mark in texts and notes
	noted marker    // what to mark in notes alone
	not   bool      // inside a negation

	allowed *roaring.Bitmap // what the reader may see; nil means all
}

// readable is the set of documents a reader may see; nil means all.
func (s *snapshot) readable(r taxonomy.Reader) (*roaring.Bitmap, error) {
	if r.All {
		return nil, nil
	}
	return s.having(inReader, r.Tokens...)
}

// match gives the documents that match a node.
func (m *matcher) match(n node) (*roaring.Bitmap, error) {
	switch n := n.(type) {
	case everything:
		return m.everything()
	case all:
		return m.all(n)
	case anyOf:
		return m.anyOf(n)
	case not:
		return m.without(n)
	case bag:
		return m.bag(n)
	case phrase:
		return m.phrase(n.text, "", false)
	case prefix:
		return m.prefix(n)
	case fuzzy:
		return m.fuzzy(n)
	case term:
		return m.term(n)
	case period:
		return m.having(n.field.indexed[0], daysCovering(n.from, n.to)...)
	case amountRange:
		return m.amounts(n)
	case like:
		return m.likeDocument(n)
	}
	panic("search: a node of an unknown kind")
}

func (m *matcher) all(nodes all) (*roaring.Bitmap, error) {
	var set *roaring.Bitmap
	for _, n := range nodes {
		part, err := m.match(n)
		if err != nil {
			return nil, err
		}
		if set == nil {
			set = part
		} else {
			set.And(part)
		}
	}
	return set, nil
}

func (m *matcher) anyOf(nodes anyOf) (*roaring.Bitmap, error) {
	set := roaring.New()
	for _, n := range nodes {
		part, err := m.match(n)
		if err != nil {
			return nil, err
		}
		set.Or(part)
	}
	return set, nil
}

func (m *matcher) without(n not) (*roaring.Bitmap, error) {
	outer := m.not
	m.not = true
	part, err := m.match(n.of)
	m.not = outer
	if err != nil {
		return nil, err
	}
	set, err := m.everything()
	if err != nil {
		return nil, err
	}
	set.AndNot(part)
	return set, nil
}

func (m *matcher) bag(n bag) (*roaring.Bitmap, error) {
	r, err := m.rank(n)
	if err != nil {
		return nil, err
	}
	if !m.not {
		m.bags = append(m.bags, r)
		m.marks.addWords(r.words)
	}
	return r.matching(), nil
}

// phrase matches the words of a text next to each other in the text, the title or the other metadata, or in one field.
func (m *matcher) phrase(text, field string, isPrefix bool) (*roaring.Bitmap, error) {
	var words [][]string
	for _, t := range tokenize(text) {
		if !t.compact {
			words = append(words, []string{t.term})
		}
	}
	if field != "" {
		return m.phraseOf(field, words, isPrefix)
	}
	if !m.not {
		m.marks.addPhrase(words)
	}
	return m.anywhere(func(field string) (*roaring.Bitmap, error) { return m.phraseIn(field, words) })
}

// phraseOf matches words next to each other in one field, the last of them perhaps the beginning of a word.
func (m *matcher) phraseOf(field string, words [][]string, isPrefix bool) (*roaring.Bitmap, error) {
	if isPrefix {
		last := len(words) - 1
		found, err := m.startingWith(field, words[last][0])
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return roaring.New(), nil
		}
		words = append(slices.Clone(words[:last]), found)
	}
	if field == inNote && !m.not {
		m.noted.addPhrase(words)
	}
	return m.phraseIn(field, words)
}

// anywhere matches what is found as it stands wherever plain words are looked for, and ranks by it: what only a note has counts less.
func (m *matcher) anywhere(find func(field string) (*roaring.Bitmap, error)) (*roaring.Bitmap, error) {
	outside := roaring.New()
	for _, field := range []string{inText, inTitle, inOther} {
		part, err := find(field)
		if err != nil {
			return nil, err
		}
		outside.Or(part)
	}
	noted, err := find(inNote)
	if err != nil {
		return nil, err
	}
	noted.AndNot(outside)
	set := roaring.Or(outside, noted)
	if !m.not {
		worth := m.flat(set).bonus
		m.exact = append(m.exact, &ranked{set: outside, bonus: worth}, &ranked{set: noted, bonus: worth * notedPart})
	}
	return set, nil
}

// notedPart is what a phrase or the beginning of a word counts in a note, against the same in the text.
const notedPart = 0.25

// phraseIn matches words next to each other, of each one of its forms.
func (m *matcher) phraseIn(field string, words [][]string) (*roaring.Bitmap, error) {
	if len(words) == 1 {
		return m.having(field, words[0]...)
	}
	s, err := searcher.NewMultiPhraseSearcher(m.ctx, m.reader, words, 0, false, field, 1, search.SearcherOptions{Score: "none"})
	return m.found(s, err)
}

func (m *matcher) prefix(n prefix) (*roaring.Bitmap, error) {
	start := compact(n.text)
	return m.expanded(func(field string) ([]string, error) { return m.startingWith(field, start) })
}

func (m *matcher) fuzzy(n fuzzy) (*roaring.Bitmap, error) {
	word := compact(n.text)
	return m.expanded(func(field string) ([]string, error) { return m.like(field, word, n.edits) })
}

// expanded matches words of the dictionary wherever plain words are looked for.
func (m *matcher) expanded(find func(field string) ([]string, error)) (*roaring.Bitmap, error) {
	return m.anywhere(func(field string) (*roaring.Bitmap, error) {
		words, err := find(field)
		if err != nil {
			return nil, err
		}
		if !m.not {
			m.marks.addPlain(words)
		}
		return m.having(field, words...)
	})
}

// startingWith are the words of a field that begin so, the commonest if there are too many.
func (m *matcher) startingWith(field, start string) ([]string, error) {
	dict, err := m.reader.FieldDictPrefix(field, []byte(start))
	return commonest(dict, err)
}

// like are the words of a field within so many edits. The first letter must be the same, as it nearly always is.
func (m *matcher) like(field, word string, edits int) ([]string, error) {
	fuzzyReader, ok := m.reader.(index.IndexReaderFuzzy)
	if !ok || word == "" {
		return []string{word}, nil
	}
	first := []rune(word)[:1]
	dict, err := fuzzyReader.FieldDictFuzzy(field, word, edits, string(first))
	return commonest(dict, err)
}

func commonest(dict index.FieldDict, err error) ([]string, error) {
	var found []index.DictEntry
	err = terms(dict, err, func(e index.DictEntry) bool {
		found = append(found, e)
		return true
	})
	if len(found) > maxExpansions {
		slices.SortStableFunc(found, func(a, b index.DictEntry) int { return int(int64(b.Count) - int64(a.Count)) })
		found = found[:maxExpansions]
	}
	words := make([]string, len(found))
	for i, e := range found {
		words[i] = e.Term
	}
	return words, err
}

// term matches a value of a named field in any of the index's fields it stands for.
func (m *matcher) term(n term) (*roaring.Bitmap, error) {
	set := roaring.New()
	for _, field := range n.field.indexed {
		part, err := m.termIn(field, n)
		if err != nil {
			return nil, err
		}
		set.Or(part)
	}
	return set, nil
}

func (m *matcher) termIn(field string, n term) (*roaring.Bitmap, error) {
	value := strings.ToLower(n.value)
	if n.field.kind == wordsKind && field != metadataOfEmail {
		if n.value == "" && n.prefix {
			return m.startsWith(field, "")
		}
		if strings.Count(value, "-") == 4 && len(value) == 36 { // an ID
			return m.having(field, value)
		}
		return m.phrase(n.value, field, n.prefix)
	}
	if n.field.kind != exactKind {
		value = compact(value)
	}
	if n.prefix {
		return m.startsWith(field, value)
	}
	return m.having(field, value)
}

var metadataOfEmail = metadata(taxonomy.SenderEmail)

func (m *matcher) startsWith(field, start string) (*roaring.Bitmap, error) {
	words, err := m.startingWith(field, start)
	if err != nil {
		return nil, err
	}
	return m.having(field, words...)
}

func (m *matcher) amounts(n amountRange) (*roaring.Bitmap, error) {
	withMin, withMax := !n.notMin, !n.below
	name := n.field.indexed[0]
	s, err := searcher.NewNumericRangeSearcher(m.ctx, m.reader, n.min, n.max, &withMin, &withMax, name, 1, search.SearcherOptions{Score: "none"})
	set, err := m.found(s, err)
	if err != nil || n.currency == "" {
		return set, err
	}
	currency, err := m.having(currencyOf(name), n.currency)
	if err == nil {
		set.And(currency)
	}
	return set, err
}
