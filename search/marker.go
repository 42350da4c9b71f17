package search

// A marker knows what to mark in a text: the words of a query in all the forms in which they match.
type marker struct {
	plain   map[string]bool            // folded forms
	roots   map[string]map[string]bool // by language code
	phrases [][]string
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

func (m *marker) addPhrase(words [][]string) {
	p := make([]string, len(words))
	for i, w := range words {
		p[i] = w[0]
	}
	m.phrases = append(m.phrases, p)
}

func (m *marker) empty() bool { return len(m.plain)+len(m.roots)+len(m.phrases) == 0 }

// A marked is a place in a text with the word of the query that it matches.
type marked struct {
	Mark
	key string // the same for the same word
}

// marks are the places of a text that match, in order.
func (m *marker) marks(text, language string) []marked {
	tokens := tokenize(text)
	l := languageOf(language)
	code := ""
	if l != nil {
		code = l.code
	}
	hit := make([]string, len(tokens))
	for i, t := range tokens {
		hit[i] = m.matches(l, code, t)
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
func (m *marker) matches(l *language, code string, t token) string {
	if m.plain[t.term] {
		return t.term
	}
	if wanted := m.roots[code]; wanted != nil && !t.compact {
		for _, r := range roots(l, t) {
			if wanted[r] {
				return r
			}
		}
	}
	return ""
}

// markPhrase notes the words of each place where a phrase stands.
func markPhrase(tokens []token, hit []string, p []string) {
	var plain []int // indices of the tokens that are no compact forms
	for i, t := range tokens {
		if !t.compact {
			plain = append(plain, i)
		}
	}
	for at := 0; at+len(p) <= len(plain); at++ {
		n := 0
		for n < len(p) && tokens[plain[at+n]].term == p[n] {
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
