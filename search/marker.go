package search

import "slices"

// A marker knows what to mark in a text: the words of a query in all the forms in which they match.
type marker struct {
	plain   map[string]bool            // folded forms
	roots   map[string]map[string]bool // by language code
	phrases [][][]string               // of each word the forms
}

func (m *marker) addWords(words []*sought) {
	for _, w := range words {
		if !w.optional() {
			m.addPlain(w.plain)
		}
		for code, root := range w.roots {
			if w.stopIn(code) {
				continue
			}
			if m.roots == nil {
				m.roots = map[string]map[string]bool{}
			}
			if m.roots[code] == nil {
				m.roots[code] = map[string]bool{}
			}
			m.roots[code][root] = true
		}
	}
}

func (m *marker) addPlain(words []string) {
	if m.plain == nil {
		m.plain = map[string]bool{}
	}
	for _, w := range words {
		m.plain[w] = true
	}
}

func (m *marker) addPhrase(words [][]string) { m.phrases = append(m.phrases, words) }

func (m *marker) empty() bool { return len(m.plain)+len(m.roots)+len(m.phrases) == 0 }

// A marked is a place in a text with the word of the query that it matches.
type marked struct {
	Mark
	key string // the same for the same word
}

// marks are the places of a text that match in one of some languages, in order.
func (m *marker) marks(text string, languages ...*language) []marked {
	tokens := tokenize(text)
	hit := make([]string, len(tokens))
	for i, t := range tokens {
		hit[i] = m.matches(t, languages)
	}
	for _, p := range m.phrases {
		markPhrase(tokens, hit, p)
	}
	var all []marked
	for i, t := range tokens {
		if hit[i] == "" {
			continue
		}
		if n := len(all); n > 0 && t.start < all[n-1].End { // a compact form after its first part
			all[n-1].End = max(all[n-1].End, t.end)
			continue
		}
		all = append(all, marked{Mark{t.start, t.end}, hit[i]})
	}
	return all
}

// matches gives a key when a word of a text matches, else "".
func (m *marker) matches(t token, languages []*language) string {
	if m.plain[t.term] {
		return t.term
	}
	if t.compact {
		return ""
	}
	for _, l := range languages {
		wanted := m.roots[rootField("", l)]
		if wanted == nil {
			continue
		}
		for _, r := range roots(l, t) {
			if wanted[r] {
				return r
			}
		}
	}
	return ""
}

// markPhrase notes the words of each place where a phrase stands.
func markPhrase(tokens []token, hit []string, p [][]string) {
	var plain []int // indices of the tokens that are no compact forms
	for i, t := range tokens {
		if !t.compact {
			plain = append(plain, i)
		}
	}
	for at := 0; at+len(p) <= len(plain); at++ {
		n := 0
		for n < len(p) && slices.Contains(p[n], tokens[plain[at+n]].term) {
			n++
		}
		if n < len(p) {
			continue
		}
		for _, i := range plain[at : at+n] {
			hit[i] = tokens[i].term
		}
	}
}
