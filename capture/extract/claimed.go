package extract

import (
	"docket/repository/say"
	"docket/taxonomy"
)

// amount is the sum that the document is about: claimed, disputed or to be paid. Other prices are passed over.
func (l *letter) amount() (finding, bool) {
	var all []finding
	largest, distinct := int64(0), map[string]bool{}
	for _, a := range l.sums {
		largest = max(largest, a.units)
		distinct[a.value()] = true
	}
	after := 0 // words before another sum speak for that one
	for _, a := range l.sums {
		confidence, how := l.claimed(a, after)
		if after = a.last; a.units == 0 {
			continue
		}
		if len(distinct) == 1 && confidence < 0.7 {
			confidence, how = 0.7, say.Text("the only sum in the document")
		}
		if a.units == largest {
			confidence += 0.03
		}
		if a.repaired > 0 {
			confidence *= 0.85
			how = say.Join(how, misreadDigits)
		}
		all = append(all, finding{value: a.value(), first: a.first, last: a.last, confidence: confidence, how: how})
	}
	if len(all) == 0 {
		all = l.bareSums()
	}
	f, ok := best(all)
	return f, ok && f.confidence >= 0.45
}

// claimed says how sure it is by label and words that a sum is the one in question.
func (l *letter) claimed(a sum, after int) (confidence float64, how string) {
	if r, ok := l.labelBy(a.first); ok && r.far <= 1 {
		switch r.name {
		case string(taxonomy.Amount):
			return 0.93, r.how(l.sheet)
		case labelOther:
			return 0.15, r.how(l.sheet)
		}
	}
	top, words, near := 0, "", 0
	first, last := l.sentence(a.first)
	for i := max(first, a.first-14, after); i < min(last, a.last+6); i++ {
		for _, h := range l.at(i, kindAmount) {
			gap := a.first - h.last
			if h.first >= a.last {
				gap = h.first - a.last + 3
			}
			if gap < 0 || h.n < 0 && gap > 4 {
				continue
			}
			score := h.n*10 - gap
			if h.n < 0 {
				return 0.2, say.Text("beside “%s”", l.text(h.first, h.last))
			}
			if words == "" || score > near {
				top, near, words = h.n, score, l.text(h.first, h.last)
			}
		}
	}
	switch {
	case top >= 4:
		return 0.8 + 0.003*float64(near-26), say.Text("beside “%s”", words)
	case top >= 2:
		return 0.58 + 0.003*float64(near-6), say.Text("beside “%s”", words)
	}
	return 0.4, say.Text("a sum in the document")
}

// bareSums are figures without a currency after the label of a sum, taken to be in the currency of the language.
func (l *letter) bareSums() (all []finding) {
	currency := homeCurrency[l.language]
	for i := range l.tokens {
		a, ok := l.figureAt(i)
		if !ok || !a.decimals || l.taken[i] || currency == "" {
			continue
		}
		r, ok := l.labelBy(i)
		if !ok || r.name != string(taxonomy.Amount) || r.far > 1 {
			continue
		}
		a.currency = currency
		all = append(all, finding{value: a.value(), first: a.first, last: a.last, confidence: 0.55, how: say.Join(r.how(l.sheet), say.Text("currency taken from the language"))})
	}
	return all
}
