package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/taxonomy"
)

// labelledNames are the names after "Name:", "From:" and their like.
func (l *letter) labelledNames() (all []finding) {
	for _, h := range l.hits {
		if h.kind != kindLabel || h.name != string(taxonomy.SenderName) {
			continue
		}
		p, colon, where := l.afterLabel(h)
		if p.empty() || !colon && where == toTheLeft {
			continue
		}
		r := relation{hit: h, where: where}
		confidence := 0.93
		if !colon {
			confidence = 0.8
		}
		if f, ok := l.nameFinding(p, confidence, r.how(l.sheet)); ok {
			all = append(all, f)
		}
	}
	return all
}

// afterLabel is what stands after a label: the rest of its line, else the line to its right or below.
func (l *letter) afterLabel(h hit) (p span, colon bool, where where) {
	n := l.tokens[h.last-1].line
	ln := l.lines[n]
	if before := h.first - ln.first; before > 2 {
		return p, false, toTheLeft
	}
	i := h.last
	for i < ln.last && !l.tokens[i].alnum && l.tokens[i].text != "<" {
		colon = colon || l.tokens[i].text == ":"
		i++
	}
	if i < ln.last {
		return l.untilLabel(span{i, ln.last}), colon, toTheLeft
	}
	below := span{}
	for j := n + 1; j < min(len(l.lines), n+24); j++ {
		switch {
		case l.lines[j].left == n:
			return l.untilLabel(span{l.lines[j].first, l.lines[j].last}), true, toTheLeft
		case l.lines[j].above == n && below.empty():
			below = span{l.lines[j].first, l.lines[j].last}
		}
	}
	return l.untilLabel(below), true, above
}

// untilLabel cuts a span before the next label, mail address or long number in it.
func (l *letter) untilLabel(p span) span {
	for i := p.first; i < p.last; i++ {
		if i == p.first+maxSegment {
			return span{p.first, i}
		}
		if i > p.first && strings.Contains("<([", l.tokens[i].text) || l.taken[i] || l.tokens[i].digit && i > p.first {
			return span{p.first, i}
		}
		for _, h := range l.at(i, kindLabel) {
			if i > p.first && h.last < p.last && l.tokens[h.last].text == ":" {
				return span{p.first, i}
			}
		}
	}
	return p
}

// signatures are the lines after the closing that may be names, in order.
func (l *letter) signatures() (all []span) {
	if l.closing == len(l.tokens) {
		return nil
	}
	first := l.tokens[l.closing].line
	if rest := l.closingRest(first); !rest.empty() && l.nameLike(rest) {
		all = append(all, rest)
	}
	for n := first + 1; n < min(len(l.lines), first+7); n++ {
		p := l.segment(l.lines[n].first)
		if l.separator(l.lines[n].first) || !l.nameLike(p) {
			continue
		}
		all = append(all, p)
	}
	return all
}

// closingRest is what stands in the closing's line after it: "Yours sincerely, Anna Bell".
func (l *letter) closingRest(n int) span {
	h, _ := l.longest(l.closing, kindClosing)
	i := h.last
	for i < l.lines[n].last && !l.tokens[i].alnum {
		i++
	}
	return span{i, l.lines[n].last}
}

// nameFinding makes a span a candidate for the sender's name if it reads as one, without Mr, Herr, Pani and the like.
func (l *letter) nameFinding(p span, confidence float64, how string) (finding, bool) {
	p = l.withoutTitles(p)
	if p.empty() || !l.nameLike(p) || l.house.named(l.text(p.first, p.last)) {
		return finding{}, false
	}
	return finding{value: l.plainName(p), text: l.plain(p), first: p.first, last: p.last, confidence: confidence, how: how}, true
}

// plainName is a name as written, without marks at its ends but a full stop after an abbreviation.
func (l *letter) plainName(p span) string {
	name := strings.Trim(l.text(p.first, p.last), " ,;:|·•*–-_'")
	for _, q := range [...][2]string{{"«", "»"}, {"„", "“"}, {"“", "”"}, {"\"", "\""}} {
		if strings.Count(name, q[0])+strings.Count(name, q[1]) < 2 {
			name = strings.Trim(name, q[0]+q[1])
		}
	}
	return strings.TrimSpace(name)
}

// withoutTitles leaves out titles and marks at both ends of a name.
func (l *letter) withoutTitles(p span) span {
	for !p.empty() {
		if h, ok := l.longest(p.first, kindTitle); ok && h.last < p.last {
			p.first, _ = l.skip(h.last, ".")
			continue
		}
		if h, ok := l.longest(p.last-1, kindTitle); ok && h.first > p.first && l.language == "hu" {
			p.last = h.first
			continue
		}
		if t := l.tokens[p.first]; !t.alnum || l.language != "hu" && t.text == t.fold && !nobiliary[t.fold] || t.fold == "und" || t.fold == "and" {
			p.first++ // "between ... and Anna Bell"
			continue
		}
		if t := l.tokens[p.last-1].text; !l.tokens[p.last-1].alnum && t != "." && t != ")" {
			p.last--
			continue
		}
		break
	}
	return p
}

// nameLike says whether a span reads as the name of a person or a firm: two to seven words, nearly all with a capital,
// no number, no label, no street.
func (l *letter) nameLike(p span) bool {
	words, capitals, long := 0, 0, 0
	for i := p.first; i < p.last; i++ {
		t := l.tokens[i]
		if t.digit || l.taken[i] || l.is(i, kindStamp) || strings.Contains("@:;!?=<>/\\€$£%", t.text) {
			return false
		}
		if k := l.label[i]; k >= 0 && l.hits[k].first == p.first && l.hits[k].last == p.last || l.is(i, kindSalutation) || l.is(i, kindClosing) {
			return false
		}
		if !t.alnum {
			continue
		}
		words++
		r, size := utf8.DecodeRuneInString(t.text)
		if unicode.IsUpper(r) || nobiliary[t.fold] || l.inOrg(i) {
			capitals++
		}
		if len(t.text) > size {
			long++
		}
	}
	return words >= 2 && words <= 7 && long > 0 && capitals >= words-words/4 && l.text(p.first, p.last) != ""
}

// inOrg says whether token i is part of a legal form or another word of offices and firms: "s. p.", "sp. z o.o.".
func (l *letter) inOrg(i int) bool {
	for j := max(0, i-6); j <= i; j++ {
		for _, h := range l.at(j, kindOrg) {
			if h.last > i {
				return true
			}
		}
	}
	return false
}

// nobiliary are the small words within names.
var nobiliary = map[string]bool{"von": true, "van": true, "de": true, "der": true, "den": true, "zu": true, "und": true, "and": true, "di": true, "la": true, "du": true, "i": true, "и": true, "in": true, "és": true, "es": true, "z": true, "o": true, "d": true}
