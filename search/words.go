package search

import (
	"maps"
	"slices"
	"strings"
)

// A sought is one word that documents are ranked by, with all the forms under which it may stand in the index.
type sought struct {
	plain []string          // folded forms, as they stand in texts
	roots map[string]string // by language code ("" for other languages): the root
	stop  []string          // codes of the languages in which it is a stop word
	whole bool              // a number or address: looked for as it stands only
}

// optional says whether a document need not hold the word: it is a stop word somewhere.
func (w *sought) optional() bool { return len(w.stop) > 0 }

// expand gives the words to look for of a bag. A number or an address is one word; other words with joints are as many
// as they have parts, unless a part is a single letter ("e-mail"). Words that come twice count once.
func expand(b bag) []*sought {
	var all []*sought
	seen := map[string]bool{}
	for _, w := range b {
		for _, s := range expandWord(w.text) {
			if !seen[s.plain[0]] {
				seen[s.plain[0]] = true
				all = append(all, s)
			}
		}
	}
	// A query of stop words alone looks for them in earnest.
	if !slices.ContainsFunc(all, func(s *sought) bool { return !s.optional() }) {
		for _, s := range all {
			s.stop = nil
		}
	}
	return all
}

func expandWord(text string) []*sought {
	tokens := tokenize(text)
	i := slices.IndexFunc(tokens, func(t token) bool { return t.compact })
	if i >= 0 && isWhole(text, tokens) {
		return []*sought{{plain: []string{tokens[i].term}, whole: true}}
	}
	var all []*sought
	for _, t := range tokens {
		if !t.compact {
			all = append(all, soughtWord(t))
		}
	}
	return all
}

// isWhole says whether a joined run is one thing rather than several words.
func isWhole(text string, tokens []token) bool {
	return strings.ContainsAny(text, "0123456789@") ||
		slices.ContainsFunc(tokens, func(t token) bool { return len(t.term) == 1 })
}

func soughtWord(t token) *sought {
	s := &sought{plain: append([]string{t.term}, spellings(t)...), roots: map[string]string{"": t.term}}
	for _, l := range languages() {
		s.roots[l.code] = l.root(t)
		if l.stop[t.term] {
			s.stop = append(s.stop, l.code)
		}
	}
	return s
}

// Weights of the places where a word may stand, against one occurrence of its root in the text.
const (
	exactWeight = 0.3 // more when the very form stands in the text
	titleWeight = 1.5 // in the title, and half as much again in the very form
	otherWeight = 1.0 // in party, file name, labels and metadata
	noteWeight  = 0.1 // in a note: as it stands, and again for each root that it has in one language or another
)

// BM25's parameters: how soon more occurrences stop counting, and how much long texts are discounted. (Robertson and
// Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; places are weighed as in its section 3.6, BM25F.)
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// occurrences are where a word stands: for each document the weighted, length-normalised number of times.
type occurrences struct {
	docs  []uint32 // in order of numbers
	times []float32
}

// occurrences reads a word's posting lists.
func (s *snapshot) occurrences(w *sought) (occurrences, error) {
	var sums sums
	for _, p := range w.places() {
		mean := 0.0
		if p.normalised {
			var err error
			if mean, err = s.meanLength(p.field); err != nil {
				return occurrences{}, err
			}
		}
		err := s.postings(p.field, p.term, func(doc uint32, frequency int, norm float64) {
			length := 1.0
			if p.normalised && norm > 0 {
				length = 1 - bm25B + bm25B/(norm*norm*mean)
			}
			sums.add(doc, float32(p.weight*float64(frequency)/length))
		})
		if err != nil {
			return occurrences{}, err
		}
	}
	return sums.occurrences(), nil
}

// sums add up by document.
type sums struct {
	dense   []float32 // by document number
	touched []uint32  // those that are not zero
}

func (s *sums) add(doc uint32, v float32) {
	if int(doc) >= len(s.dense) {
		s.dense = slices.Grow(s.dense, int(doc)+1-len(s.dense))
		s.dense = s.dense[:cap(s.dense)]
	}
	if s.dense[doc] == 0 {
		s.touched = append(s.touched, doc)
	}
	s.dense[doc] += v
}

func (s *sums) occurrences() occurrences {
	slices.Sort(s.touched)
	o := occurrences{s.touched, make([]float32, len(s.touched))}
	for i, doc := range o.docs {
		o.times[i] = s.dense[doc]
	}
	return o
}

// A place is one posting list to read for a word.
type place struct {
	field, term string
	weight      float64
	normalised  bool // by the field's length
}

// places are the posting lists of a word. In the languages in which it is a stop word it is not looked for.
func (w *sought) places() []place {
	var all []place
	for code, root := range w.roots {
		if !slices.Contains(w.stop, code) {
			all = append(all, place{inRoots + code, root, 1, true}, place{inTitleOf + code, root, titleWeight, false})
		}
	}
	if w.optional() || len(w.plain) == 0 {
		return all
	}
	exact := exactWeight
	if w.whole {
		exact = 1
	}
	for _, p := range w.plain {
		all = append(all, place{inText, p, exact, false}, place{inTitle, p, titleWeight / 2, false}, place{inOther, p, otherWeight, false},
			place{inNote, p, noteWeight, false})
	}
	for _, root := range slices.Compact(slices.Sorted(maps.Values(w.roots))) {
		all = append(all, place{inNoteRoot, root, noteWeight, false})
	}
	return all
}

// stopIn says whether the word is a stop word in a language.
func (w *sought) stopIn(code string) bool { return slices.Contains(w.stop, code) }
