package extract

import (
	"unicode/utf8"
)

// findStreet looks for the street before and after the town in its line, then in the lines above, then in that below.
func (l *letter) findStreet(a *address, before span, ok bool) bool {
	line := l.tokens[a.code.first].line
	n := 0
	for ; ok && n < 3 && l.tokens[before.first].line == line; n++ {
		if a.street, ok = l.streetEndingWith(before); ok {
			return true
		}
		before, ok = l.previous(before)
	}
	end := a.town
	if a.code.last > end.last {
		end = a.code
	}
	next, found := l.following(l.segment(end.last - 1))
	if found && l.tokens[next.first].line == l.tokens[end.last-1].line {
		if a.street, found = l.streetFrom(next); found {
			return true
		}
	}
	for ; ok && n < 3 && !l.foreign(before); n++ {
		whole, is := l.streetEndingWith(before)
		if a.street = whole; is {
			return true
		}
		if l.language != "en" && l.nameLike(before) {
			break
		}
		before, ok = l.previous(before)
	}
	if next.empty() || l.tokens[next.first].line == l.tokens[end.last-1].line {
		return false
	}
	a.street, found = l.streetFrom(next)
	return found
}

// foreign says whether a segment belongs to something else: it holds a postcode, a label or something of another form.
func (l *letter) foreign(p span) bool {
	for i := p.first; i < p.last; i++ {
		if l.taken[i] || l.tokens[i].text == ":" || l.tokens[i].text == "@" || l.tokens[i].digit && len(l.tokens[i].text) > 4 {
			return true
		}
	}
	return false
}

// streetFrom reads a street that begins with a segment and goes on with houses and flats: "ул. Ленина, д. 5, кв. 12".
func (l *letter) streetFrom(p span) (span, bool) {
	for n := 0; n < 5; n++ {
		more, ok := l.following(p)
		if !ok || l.tokens[more.first].line != l.tokens[p.first].line || l.street(p) && !l.housePart(more) {
			break
		}
		p.last = more.last
	}
	return p, l.street(p)
}

// streetEndingWith reads a segment as a street, or as its last part with the street's name in the segments before.
func (l *letter) streetEndingWith(p span) (span, bool) {
	for n, part := 0, p; n < 4 && l.housePart(part); n++ {
		before, ok := l.previous(part)
		if !ok || l.tokens[before.first].line != l.tokens[p.first].line {
			break
		}
		p.first, part = before.first, before
	}
	if !l.street(p) {
		return p, false
	}
	if before, ok := l.previous(p); ok && before.last <= p.first && l.flat(before) && (before.last == p.first || l.street(span{before.first, p.last})) {
		p.first = before.first
	}
	return p, true
}

// flat says whether a segment is a flat that stands before the street, as in Britain: "Flat 3".
func (l *letter) flat(p span) bool {
	return l.is(p.first, kindFlat) && l.housePart(p)
}

// housePart says whether a segment is only a house, building or flat: "д. 5", "кв. 12", "Flat 3", "5".
func (l *letter) housePart(p span) bool {
	words := 0
	digit := false
	for i := p.first; i < p.last; i++ {
		t := l.tokens[i]
		if t.alnum && !t.digit {
			if words++; utf8.RuneCountInString(t.text) > 7 {
				return false
			}
		}
		digit = digit || t.digit
	}
	return digit && words <= 1 && p.last-p.first <= 5
}

// street says whether a span reads as a street and a number.
func (l *letter) street(p span) bool {
	numbers, words, named := 0, 0, false
	for i := p.first; i < p.last; i++ {
		t := l.tokens[i]
		switch {
		case t.text == "@" || t.text == ":" || t.text == "+" || l.taken[i]:
			return false
		case t.digit && utf8.RuneCountInString(t.text) > 5:
			return false
		case t.digit:
			numbers++
		case t.alnum:
			words++
			named = named || utf8.RuneCountInString(t.text) > 2
		}
		if k := l.label[i]; k >= 0 && l.hits[k].runes > 3 && l.hits[k].name != labelOther && l.hits[k].name != labelPart {
			return false
		}
	}
	return numbers > 0 && numbers <= 4 && words > 0 && words <= 8 && named
}
