package extract

import "strings"

// A span is a run of tokens: first to before last.
type span struct{ first, last int }

func (p span) empty() bool { return p.last <= p.first }

// An address is a postal address found in a document, with what stands above it.
type address struct {
	name, street, code, town span
	postcode                 string
	oneLine                  bool // all in one line: a return address above the window, or a letterhead
}

// value is the normal form.
func (l *letter) addressValue(a address) string {
	return l.plain(a.street) + ", " + a.postcode + " " + l.plain(a.town)
}

// plain is the text of a span without punctuation at its ends.
func (l *letter) plain(p span) string {
	return strings.Trim(l.text(p.first, p.last), " ,;:|·•*–-_«»~")
}

// addresses finds all postal addresses: a postcode beside a town, with a street and a number before or after.
func (l *letter) addresses() (found []address) {
	for i := 0; i < len(l.tokens); i++ {
		if l.taken[i] || !l.tokens[i].alnum {
			continue
		}
		p, ok := l.postcodeAt(i)
		if !ok {
			continue
		}
		a, ok := l.addressAround(p)
		if !ok {
			continue
		}
		found = append(found, a)
		i = p.last - 1
	}
	return found
}

// addressAround completes a postcode with the town, the street and the name that stand around it.
func (l *letter) addressAround(p postcode) (address, bool) {
	a := address{code: p.span, postcode: p.code}
	seg := l.segment(p.first)
	before, hasBefore := seg, true
	switch {
	case !p.townLast:
		from, _ := l.skip(p.last, ",")
		a.town = l.townFrom(from)
		if p.first > seg.first {
			before = span{seg.first, p.first} // all in one segment without commas
		} else {
			before, hasBefore = l.previous(seg)
		}
	case p.first > seg.first:
		a.town = span{seg.first, p.first}
		before, hasBefore = l.previous(seg)
	default:
		if a.town, hasBefore = l.previous(seg); hasBefore {
			before, hasBefore = l.previous(a.town)
		}
	}
	if a.town.empty() || !l.townish(a.town) {
		return a, false
	}
	if !l.findStreet(&a, before, hasBefore) {
		return a, false
	}
	a.oneLine = l.tokens[a.street.first].line == l.tokens[p.first].line
	a.name = l.nameAbove(a)
	return a, true
}

// nameAbove is what stands before the street, or before the town where that comes first.
func (l *letter) nameAbove(a address) span {
	first := a.street
	if a.code.first < first.first {
		first = l.segment(a.code.first)
	}
	p, ok := l.previous(first)
	for n := 0; ok && n < 3; n++ {
		if l.nameLike(p) {
			return p
		}
		p, ok = l.previous(p)
	}
	return span{}
}
