package extract

import (
	"cmp"
	"math"
	"slices"

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
