package extract

import (
	"strings"
)

// maxSegment is how many tokens a segment has at most to either side.
const maxSegment = 24

// segment is the part of a line around token i between commas, bars and dots in the middle.
func (l *letter) segment(i int) span {
	ln := l.lines[l.tokens[i].line]
	p := span{i, i + 1}
	for p.first > ln.first && i-p.first < maxSegment && !l.separator(p.first-1) {
		p.first--
	}
	for p.last < ln.last && p.last-i < maxSegment && !l.separator(p.last) {
		p.last++
	}
	return p
}

// separator says whether token i parts the elements of an address written in one line.
func (l *letter) separator(i int) bool {
	t := l.tokens[i]
	if t.alnum {
		return false
	}
	if strings.Contains(",;|·•*●∙■~¢°+", t.text) {
		return true
	}
	return (dash(t) || strings.Contains(".:«»", t.text)) && t.space && i+1 < len(l.tokens) && l.tokens[i+1].space
}

// previous is the segment before p: in its line, else the line above.
func (l *letter) previous(p span) (span, bool) {
	ln := l.lines[l.tokens[p.first].line]
	for i := p.first - 1; i >= max(ln.first, p.first-maxSegment); i-- {
		if !l.separator(i) {
			return l.segment(i), true
		}
	}
	if ln.above < 0 {
		return span{}, false
	}
	up := l.lines[ln.above]
	if l.partLabel(ln.above) && up.above >= 0 { // a form's label between the parts of an address
		up = l.lines[up.above]
	}
	if up.box.IsZero() && up.para != ln.para {
		return span{}, false
	}
	for i := up.last - 1; i >= max(up.first, up.last-maxSegment); i-- {
		if !l.separator(i) {
			return l.segment(i), true
		}
	}
	return span{}, false
}

// partLabel says whether a line is the label of a part of an address: "Postcode and town".
func (l *letter) partLabel(n int) bool {
	ln := l.lines[n]
	h, ok := l.longest(ln.first, kindLabel)
	return ok && h.name == labelPart && h.last >= ln.last-1
}

// following is the segment after p: in its line, else the line below.
func (l *letter) following(p span) (span, bool) {
	n := l.tokens[p.last-1].line
	for i := p.last; i < min(l.lines[n].last, p.last+maxSegment); i++ {
		if !l.separator(i) {
			return l.segment(i), true
		}
	}
	for j := n + 1; j < min(len(l.lines), n+12); j++ {
		if l.lines[j].above == n && l.lines[j].first < l.lines[j].last && !l.separator(l.lines[j].first) {
			return l.segment(l.lines[j].first), true
		}
	}
	return span{}, false
}
