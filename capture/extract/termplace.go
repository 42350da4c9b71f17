package extract

import (
	"slices"
	"unicode/utf8"

	"docket/taxonomy"
)

// termWeight says how much a phrase at its place says: more in the subject line or by the field's label, more the longer
// it is, nothing after a negation, and for a remedy more where something is asked for.
func (l *letter) termWeight(field taxonomy.FieldID, h hit) (weight float64, where string) {
	words := len(h.words)
	weight = min(1.6, 0.5+0.3*float64(words-1)+0.03*float64(min(h.runes, 20)))
	if h.last-h.first > words+1 {
		weight *= 0.8
	}
	where = whereText
	if l.ticked(h.first) {
		return weight + 4, whereTicked
	}
	if r, ok := l.labelBy(h.first); ok && r.name == string(field) {
		return weight * 4, r.how(l.sheet)
	}
	first := l.lines[l.tokens[h.first].line].first
	if r := l.label; first < len(r) && l.lineLabel(l.tokens[h.first].line) == string(taxonomy.Subject) {
		weight, where = weight*1.6, whereSubject
	}
	if l.negated(h) {
		return 0, ""
	}
	switch {
	case where != whereText:
	case l.aboveSalutation(h.first):
		weight, where = weight*1.4, whereSalutation
	case l.body > 0 && h.first < l.body || h.first > l.closing:
		weight *= 0.5
	}
	if field == taxonomy.Remedy {
		switch {
		case l.asked(h.first):
			weight, where = weight*1.6, whereAsked
		case where == whereText:
			weight *= 0.6
		}
	}
	return weight, where
}

// offered are the lines of a form that offer terms to tick: at least three different terms in neighbouring lines that hold
// nothing else but boxes.
func (l *letter) offered(found []hit) map[int]bool {
	terms := map[int]map[string]bool{} // by line
	covered := make([]bool, len(l.tokens))
	for _, h := range found {
		for i := h.first; i < h.last; i++ {
			covered[i] = true
		}
		n := l.tokens[h.first].line
		if terms[n] == nil {
			terms[n] = map[string]bool{}
		}
		terms[n][h.name] = true
	}
	lines := map[int]bool{}
	for n := range terms {
		names, near := map[string]bool{}, []int{}
		for m := n - 3; m <= n+3; m++ {
			if len(terms[m]) > 0 && l.barePhrases(m, covered) {
				near = append(near, m)
				for t := range terms[m] {
					names[t] = true
				}
			}
		}
		if len(names) >= 3 && slices.Contains(near, n) {
			lines[n] = true
		}
	}
	return lines
}

// barePhrases says whether a line holds hardly a word that belongs to none of the phrases.
func (l *letter) barePhrases(n int, covered []bool) bool {
	ln := l.lines[n]
	others := 0
	for i := ln.first; i < ln.last && others < 2; i++ {
		t := l.tokens[i]
		if t.alnum && utf8.RuneCountInString(t.text) > 2 && !covered[i] {
			others++
		}
	}
	return others <= 1
}

// aboveSalutation says whether token i stands in one of the two lines above the salutation, where the subject stands.
func (l *letter) aboveSalutation(i int) bool {
	n := l.tokens[i].line
	return l.body > 0 && i < l.body && n >= l.tokens[l.body].line-2 && l.lineLabel(n) == ""
}

// lineLabel is the field of the label with which a line begins.
func (s *sheet) lineLabel(n int) string {
	ln := s.lines[n]
	for j := ln.first; j < min(ln.last, ln.first+6); j++ {
		if k := s.label[j]; k >= 0 && s.hits[k].first == ln.first {
			return s.hits[k].name
		}
	}
	return ""
}

// negated says whether a negation stands within three words before a phrase, in the same sentence; a phrase that holds
// one itself means it.
func (l *letter) negated(h hit) bool {
	words := 0
	for i := h.first - 1; i >= 0 && words < 3; i-- {
		if l.sentenceEnd(i) || l.tokens[i].text == "," || l.tokens[i].text == ":" {
			return false
		}
		if l.is(i, kindNegation) && utf8.RuneCountInString(l.tokens[i].text) > 1 {
			return true
		}
		if l.tokens[i].alnum {
			words++
		}
	}
	return false
}

// asked says whether something is asked for in the sentence around token i.
func (l *letter) asked(i int) bool { return l.sentenceHas(i, kindRequest) }

// sentenceHas says whether a phrase of a kind begins in the sentence around token i.
func (s *sheet) sentenceHas(i int, kind string) bool {
	first, last := s.sentence(i)
	for i = first; i < last; i++ {
		if s.is(i, kind) {
			return true
		}
	}
	return false
}

// sentence gives the tokens around token i up to where a sentence ends, at most 40 to either side.
func (s *sheet) sentence(i int) (first, last int) {
	first, last = i, i+1
	for first > 0 && i-first < 40 && !s.sentenceEnd(first-1) {
		first--
	}
	for last < len(s.tokens) && last-i < 40 && !s.sentenceEnd(last-1) {
		last++
	}
	return first, last
}
