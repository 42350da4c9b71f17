package extract

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"docket/repository/say"
	"docket/taxonomy"
)

// kindTitleOf marks the phrase that is a term's title: what its like is called in the house.
const kindTitleOf = "title of term"

// A vote is what speaks for one term of a vocabulary.
type vote struct {
	term   string
	score  float64
	strong hit // the phrase that speaks for it most
	top    float64
	where  string
}

// termBook makes the terms of a vocabulary findable by their titles and by what people write for them.
func termBook(terms []taxonomy.Term) *book {
	b := newBook()
	for _, t := range terms {
		for language, title := range t.Titles {
			b.add(title, phrase{kind: kindTitleOf, name: t.ID, language: language, gaps: true})
		}
		for language, synonyms := range t.Synonyms {
			for _, s := range synonyms {
				b.add(s, phrase{name: t.ID, language: language, gaps: true})
			}
		}
	}
	return b
}

// term is the term of a field's vocabulary for which most speaks; none when nothing does or two are nearly level.
func (l *letter) term(field taxonomy.FieldID, b *book) (finding, bool) {
	votes := l.votes(field, b)
	if len(votes) == 0 {
		return finding{}, false
	}
	top, second := votes[0], 0.0
	if len(votes) > 1 {
		second = votes[1].score
	}
	if top.score < 0.4 || second > 0.85*top.score {
		return finding{}, false
	}
	confidence := (1 - math.Exp(-top.score)) * (1 - 0.6*second/top.score)
	how := stands(l.text(top.strong.first, top.strong.last), top.where)
	return finding{value: top.term, first: top.strong.first, last: top.strong.last, confidence: confidence, how: how}, true
}

// votes adds up the phrases found for each term, the best first. The same phrase counts less each time.
func (l *letter) votes(field taxonomy.FieldID, b *book) []vote {
	byTerm := map[string]*vote{}
	times := map[*phrase]int{}
	found := l.longestTerms(b)
	offered := l.offered(found)
	for _, h := range found {
		weight, where := l.termWeight(field, h)
		if offered[l.tokens[h.first].line] && where != whereTicked {
			continue
		}
		if h.kind == kindTitleOf {
			weight *= 1.25
		}
		times[h.phrase]++
		weight /= float64(times[h.phrase] * times[h.phrase])
		if weight == 0 {
			continue
		}
		v := byTerm[h.name]
		if v == nil {
			v = &vote{term: h.name}
			byTerm[h.name] = v
		}
		v.score += weight
		if weight > v.top {
			v.top, v.strong, v.where = weight, h, where
		}
	}
	if ticked := keepTicked(byTerm); len(ticked) > 0 {
		byTerm = ticked
	}
	votes := make([]vote, 0, len(byTerm))
	for _, v := range byTerm {
		votes = append(votes, *v)
	}
	slices.SortFunc(votes, func(a, b vote) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.term, b.term))
	})
	return votes
}

// keepTicked leaves only the terms whose box on a form is ticked; none when no box is.
func keepTicked(votes map[string]*vote) map[string]*vote {
	ticked := map[string]*vote{}
	for id, v := range votes {
		if v.where == whereTicked {
			ticked[id] = v
		}
	}
	return ticked
}

// Where a phrase stands that speaks for a term. Any other place is by a label of the field, which then says where.
const (
	whereTicked     = "ticked"
	whereText       = "text"
	whereSubject    = "subject"
	whereSalutation = "salutation"
	whereAsked      = "asked"
)

// stands tells a clerk where the phrase was found.
func stands(phrase, where string) string {
	switch where {
	case whereTicked:
		return say.Text("“%s” beside a ticked box", phrase)
	case whereText:
		return say.Text("“%s” in the text", phrase)
	case whereSubject:
		return say.Text("“%s” in the subject line", phrase)
	case whereSalutation:
		return say.Text("“%s” above the salutation", phrase)
	case whereAsked:
		return say.Text("“%s” in what is asked for", phrase)
	}
	return say.Join(say.Text("“%s” after its label", phrase), where)
}

// ticked says whether a cross or a tick stands right before token i.
func (l *letter) ticked(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		switch t := l.tokens[j].text; t {
		case "[", "]", "(", ")", "|":
			continue
		case "X", "x", "Х", "х", "×", "☒", "☑", "✓", "✔", "✗", "✘":
			return l.tokens[j].line == l.tokens[i].line || j+1 == l.lines[l.tokens[j].line].last
		}
		return false
	}
	return false
}

// longestTerms finds the phrases of the document's language, of those that begin with the same word for the same term
// the longest.
func (l *letter) longestTerms(b *book) (kept []hit) {
	var found []hit
	for i := range l.tokens {
		found = b.at(l.sheet, i, found[:0])
		for k, h := range found {
			if l.language != "" && h.language != l.language || h.fuzzy && h.runes < 10 {
				continue
			}
			longer := func(o hit) bool {
				return o.name == h.name && (l.language == "" || o.language == l.language) && o.last > h.last
			}
			same := func(o hit) bool { return o.name == h.name && o.language == h.language && o.last == h.last }
			if !slices.ContainsFunc(found, longer) && !slices.ContainsFunc(found[:k], same) {
				kept = append(kept, h)
			}
		}
	}
	return kept
}

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
