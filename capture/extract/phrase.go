package extract

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A phrase is something that may stand in a document and means something: a label, a month, a closing, a synonym.
type phrase struct {
	kind     string // "label", "month", "closing" ...
	name     string // which: the field of a label; empty for most
	n        int    // the number it stands for: month, days in a unit, weight
	language string // of the lexicon it comes from; empty for all
	words    []string
	runes    int
	gaps     bool // up to two other words may stand between its words
}

// A hit is a phrase found in a document.
type hit struct {
	*phrase
	first, last int  // its tokens
	fuzzy       bool // one character was misread
}

// A book finds many phrases in one pass. It is safe for concurrent use once built.
type book struct {
	first  map[string][]*phrase // by the first word
	prefix map[string][]*phrase // by the first word without its "*"
	near   map[string][]*phrase // by a long first word with any one character left out
}

// fuzzyFrom is the length in runes from which a word may differ by one character.
const fuzzyFrom = 7

func newBook() *book {
	return &book{first: map[string][]*phrase{}, prefix: map[string][]*phrase{}, near: map[string][]*phrase{}}
}

// add takes a phrase's text: words, of which any may end in "*".
func (b *book) add(text string, p phrase) {
	for _, w := range phraseWords(text) {
		p.words = append(p.words, w)
		p.runes += utf8.RuneCountInString(w)
	}
	if len(p.words) == 0 {
		return
	}
	w := p.words[0]
	if stem, wild := strings.CutSuffix(w, "*"); wild {
		b.prefix[stem] = append(b.prefix[stem], &p)
		return
	}
	b.first[w] = append(b.first[w], &p)
	if utf8.RuneCountInString(w) >= fuzzyFrom {
		for _, d := range deletions(w) {
			b.near[d] = append(b.near[d], &p)
		}
	}
}

// phraseWords cuts a phrase as a sheet is cut; punctuation is left out, a "*" stays with the word before it.
func phraseWords(text string) []string {
	s := &sheet{lines: make([]line, 1)}
	s.cut(text, 0)
	var words []string
	for _, t := range s.tokens {
		switch {
		case t.alnum || t.text == "№" || t.text == "#":
			words = append(words, t.fold)
		case t.text == "*" && len(words) > 0:
			words[len(words)-1] += "*"
		}
	}
	return words
}

// deletions are a word and all it becomes when one character is left out.
func deletions(w string) []string {
	out := []string{w}
	for i, r := range w {
		out = append(out, w[:i]+w[i+utf8.RuneLen(r):])
	}
	return out
}

// at finds the phrases that begin with token i.
func (b *book) at(s *sheet, i int, found []hit) []hit {
	t := s.tokens[i]
	if !t.alnum && t.text != "№" && t.text != "#" {
		return found
	}
	try := func(ps []*phrase, fuzzy bool) {
		for _, p := range ps {
			if last, f, ok := p.match(s, i); ok {
				found = append(found, hit{phrase: p, first: i, last: last, fuzzy: fuzzy || f})
			}
		}
	}
	try(b.first[t.fold], false)
	for n := 3; n <= len(t.fold) && n <= 24; n++ {
		try(b.prefix[t.fold[:n]], false)
	}
	if n := utf8.RuneCountInString(t.fold); n >= fuzzyFrom-1 && n < 30 && len(b.first[t.fold]) == 0 {
		var seen []*phrase
		for _, d := range deletions(t.fold) {
			for _, p := range b.near[d] {
				if !slices.Contains(seen, p) && distance1(p.words[0], t.fold) {
					seen = append(seen, p)
				}
			}
		}
		try(seen, true)
	}
	return found
}

// match follows the phrase's words after the first from token i on.
func (p *phrase) match(s *sheet, i int) (last int, fuzzy, ok bool) {
	j := i + 1
	for _, w := range p.words[1:] {
		next, f, found := p.next(s, j, w)
		if !found {
			return 0, false, false
		}
		fuzzy = fuzzy || f
		j = next + 1
	}
	return j, fuzzy, true
}

// next finds word w at token j or after up to two dots or hyphens, or with gaps after up to two other words.
func (p *phrase) next(s *sheet, j int, w string) (at int, fuzzy, ok bool) {
	others := 0
	for k := j; k < len(s.tokens) && k < j+5 && s.para(k) == s.para(j-1); k++ {
		t := s.tokens[k]
		if t.alnum || t.text == "№" || t.text == "#" {
			if same, f := sameWord(t.fold, w); same {
				return k, f, true
			}
			if others++; !p.gaps || others > 2 {
				return 0, false, false
			}
			continue
		}
		if !strings.Contains(".,-/'’‐–°", t.text) && !p.gaps || strings.Contains("!?;:", t.text) || k > j+2 && !p.gaps {
			return 0, false, false
		}
	}
	return 0, false, false
}

func sameWord(have, want string) (same, fuzzy bool) {
	if stem, wild := strings.CutSuffix(want, "*"); wild {
		return strings.HasPrefix(have, stem), false
	}
	if have == want {
		return true, false
	}
	if utf8.RuneCountInString(want) >= fuzzyFrom && distance1(have, want) {
		return true, true
	}
	return false, false
}
