package extract

import "docket/repository/say"

// A relation says which label stands by a value and where.
type relation struct {
	hit
	where where
	far   int  // other words in between
	colon bool // a colon stands between them
}

// A where is the place of a label relative to its value.
type where int

// Where labels stand.
const (
	toTheLeft where = iota
	above
	beforeIt   // in running text
	inSentence // in running text, with other words in between
)

// how tells a clerk about it.
func (r relation) how(s *sheet) string {
	label := s.text(r.first, r.last)
	switch r.where {
	case above:
		return say.Text("label “%s” above", label)
	case beforeIt:
		return say.Text("label “%s” before it", label)
	case inSentence:
		return say.Text("label “%s” before it in the sentence", label)
	}
	return say.Text("label “%s” to the left", label)
}

// reach is how many tokens a label may stand before its value in running text.
const reach = 7

// labelBy finds the label that stands by the value beginning with token i: before it in its line or sentence, else in
// the line to the left at the same height, else in the line above.
func (s *sheet) labelBy(i int) (relation, bool) {
	if r, ok, blocked := s.labelBefore(i); ok || blocked {
		return r, ok
	}
	ln := s.tokens[i].line
	if r, ok := s.labelLine(s.lines[ln].left, toTheLeft); ok {
		return r, true
	}
	if i-s.lines[ln].first > 2 {
		return relation{}, false
	}
	return s.labelLine(s.lines[ln].above, above)
}

// labelBefore walks back over punctuation and a few words. A sentence that ends, a colon after words that are no label,
// or too many words block the way: then a label in another line is none of this value's either.
func (s *sheet) labelBefore(i int) (r relation, ok, blocked bool) {
	r.where = toTheLeft
	line := s.tokens[i].line
	for j := i - 1; j >= 0 && i-j <= reach+6; j-- {
		t := s.tokens[j]
		if t.line != line {
			if s.para(j) != s.para(i) || r.far > 3 || s.lines[t.line].left >= 0 || s.lines[line].left >= 0 {
				return r, false, false
			}
			r.where = beforeIt
			line = t.line
		}
		if k := s.label[j]; k >= 0 {
			r.hit = s.hits[k]
			if r.far > 0 {
				r.where = inSentence
			}
			return r, true, false
		}
		switch {
		case t.alnum:
			if r.far++; r.far > reach-2 {
				return r, false, true
			}
		case t.text == ":":
			r.colon = true
			if r.far > 2 || r.far > 0 && s.label[max(0, j-1)] < 0 {
				return r, false, true
			}
		case (t.text == "." || t.text == "!" || t.text == "?" || t.text == ";") && r.far > 0:
			return r, false, true
		case t.text == "." && j > 0 && s.sentenceEnd(j) && s.label[j-1] < 0:
			return r, false, true
		}
	}
	return r, false, false
}

// labelLine reads line n as a label and nothing else but perhaps a colon.
func (s *sheet) labelLine(n int, where where) (relation, bool) {
	if n < 0 {
		return relation{}, false
	}
	ln := s.lines[n]
	others, colon := 0, false
	for j := ln.last - 1; j >= max(ln.first, ln.last-maxSegment); j-- {
		if k := s.label[j]; k >= 0 {
			h := s.hits[k]
			before := 0
			for x := ln.first; x < h.first; x++ {
				if s.tokens[x].alnum {
					before++
				}
			}
			return relation{hit: h, where: where, far: others, colon: colon}, others <= 3 && before <= 2
		}
		t := s.tokens[j]
		if t.digit {
			return relation{}, false
		}
		if t.alnum {
			others++
		}
		colon = colon || t.text == ":"
	}
	return relation{}, false
}
