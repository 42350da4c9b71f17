package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A span is a run of tokens: first to before last.
type span struct{ first, last int }

func (p span) empty() bool { return p.last <= p.first }

// A postcode is where a postcode stands and in which form.
type postcode struct {
	span
	code     string
	townLast bool // the town stands before it
}

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

// postcodeAt reads a postcode that begins with token i: 70193, D-70193, 1051, 00-950, 101000, LS1 4AB, IL 62701, LV-1050.
func (l *letter) postcodeAt(i int) (postcode, bool) {
	t := l.tokens[i]
	if i > 0 && !t.space && l.tokens[i-1].line == t.line && l.tokens[i-1].text != "," && l.tokens[i-1].text != "·" {
		return postcode{}, false
	}
	if len(t.text) <= 3 && unicode.IsUpper(rune(t.text[0])) && i+2 < len(l.tokens) && l.tokens[i+1].text == "-" && !l.tokens[i+1].space {
		if t.text == "LV" && len(l.tokens[i+2].text) == 4 && onlyDigits(l.tokens[i+2].text) {
			return postcode{span{i, i + 3}, "LV-" + l.tokens[i+2].text, !l.townAfter(i + 3)}, true
		}
		if p, ok := l.postcodeDigits(i + 2); ok {
			p.first = i
			return p, true
		}
	}
	if p, ok := l.britishCode(i); ok {
		return p, true
	}
	if l.stateAndZIP(i) {
		return postcode{span{i, i + 2}, t.text + " " + l.tokens[i+1].text, true}, true
	}
	return l.postcodeDigits(i)
}

// postcodeDigits reads 4 to 6 digits or Polish 2 and 3.
func (l *letter) postcodeDigits(i int) (postcode, bool) {
	d, _, ok := digitsOf(l.tokens[i].text)
	if !ok || !l.tokens[i].digit {
		return postcode{}, false
	}
	p := postcode{span{i, i + 1}, d, false}
	switch len(d) {
	case 2:
		if i+2 >= len(l.tokens) || !dash(l.tokens[i+1]) || l.tokens[i+2].line != l.tokens[i].line {
			return postcode{}, false
		}
		rest, _, ok := digitsOf(l.tokens[i+2].text)
		if !ok || len(rest) != 3 {
			return postcode{}, false
		}
		p.last, p.code = i+3, d+"-"+rest
	case 3: // 811 01: Slovak and Czech codes
		if i+1 >= len(l.tokens) || len(l.tokens[i+1].text) != 2 || !onlyDigits(l.tokens[i+1].text) {
			return postcode{}, false
		}
		p.last, p.code = i+2, d+" "+l.tokens[i+1].text
	case 6:
		p.townLast = !l.townAfter(p.last)
	case 4, 5:
	default:
		return postcode{}, false
	}
	if p.last < len(l.tokens) && !l.tokens[p.last].space && !l.tokens[p.last].alnum && strings.Contains("/-.", l.tokens[p.last].text) {
		return postcode{}, false
	}
	return p, p.townLast || l.townAfter(p.last)
}

// townAfter says whether a town's name follows, perhaps after a comma.
func (l *letter) townAfter(i int) bool {
	i, _ = l.skip(i, ",")
	return i < len(l.tokens) && l.tokens[i].line == l.tokens[i-1].line && l.townWord(i) && !l.taken[i]
}

// townBeside is townAfter without a comma and without a label.
func (l *letter) townBeside(i int) bool {
	return i < len(l.tokens) && l.tokens[i].alnum && l.townAfter(i) && !l.is(i, kindLabel) && !l.is(i, kindCountry)
}

func (l *letter) townWord(i int) bool {
	t := l.tokens[i]
	if !t.alnum || t.digit || l.is(i, kindMonth) && utf8.RuneCountInString(t.text) > 3 {
		return false
	}
	return unicode.IsUpper([]rune(t.text)[0]) || t.text == "г" || t.text == "с" || t.text == "п"
}

// britishCode reads LS1 4AB and, for Ireland, D02 X285.
func (l *letter) britishCode(i int) (postcode, bool) {
	if l.language != "en" && l.language != "" || i+1 >= len(l.tokens) || l.tokens[i+1].line != l.tokens[i].line {
		return postcode{}, false
	}
	a, b := upper(l.tokens[i].text), upper(l.tokens[i+1].text)
	if len(a) < 2 || len(a) > 4 || !letter1(a[0]) || lower(l.tokens[i].text) || lower(l.tokens[i+1].text) {
		return postcode{}, false
	}
	if len(a) == 4 { // two letters stand before two digits
		a = a[:1] + asLetter(a[1]) + a[2:]
	}
	k := 1
	if len(a) > 2 && letter1(a[1]) {
		k = 2
	}
	if d, _, ok := digitOf(rune(a[k])); ok {
		a = a[:k] + string(d) + a[k+1:]
	} else {
		return postcode{}, false
	}
	switch {
	case len(b) == 3 && letter1(b[1]) && letter1(b[2]):
		d, _, ok := digitOf(rune(b[0]))
		return postcode{span{i, i + 2}, a + " " + string(d) + b[1:], !l.townBeside(i + 2)}, ok
	case len(b) == 4 && len(a) == 3 && letter1(b[0]):
		if d, _, ok := digitOf(rune(a[1])); ok {
			a = a[:1] + string(d) + a[2:]
		} else {
			return postcode{}, false
		}
		d, _, ok := digitOf(rune(a[2]))
		if a[2] == 'W' {
			d, ok = 'W', true
		}
		return postcode{span{i, i + 2}, a[:2] + string(d) + " " + b, !l.townBeside(i + 2)}, ok && strings.ContainsAny(b, "0123456789")
	}
	return postcode{}, false
}

// asLetter gives the letter that a digit may be a misreading of.
func asLetter(c byte) string {
	if l, ok := map[byte]string{'0': "O", '1': "I", '5': "S", '8': "B"}[c]; ok {
		return l
	}
	return string(c)
}

// lower says whether a word holds a small letter other than l, which may be a misread 1.
func lower(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLower(r) && r != 'l' })
}

func letter1(c byte) bool { return c >= 'A' && c <= 'Z' }

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

// townFrom takes the words of a town's name from token i on.
func (l *letter) townFrom(i int) span {
	p := span{i, i}
	for j := i; j < len(l.tokens) && j < i+8 && l.tokens[j].line == l.tokens[i].line; j++ {
		t := l.tokens[j]
		switch {
		case l.separator(j):
			return p
		case t.alnum && !t.digit && (l.townWord(j) || j > i && utf8.RuneCountInString(t.text) < 6):
			end := j+1 == l.lines[t.line].last || l.separator(j+1)
			if l.townWord(j) || l.language == "sl" && end { // Novo mesto
				p.last = j + 1
			}
		case t.alnum && t.digit && j > i && len(t.text) <= 2: // "Dublin 2"
			p.last = j + 1
		case t.text == "." || t.text == "-" || t.text == "/":
		default:
			return p
		}
	}
	return p
}

func (l *letter) townish(p span) bool {
	words := 0
	for i := p.first; i < p.last; i++ {
		if l.tokens[i].alnum {
			words++
		}
		if l.tokens[i].digit && len(l.tokens[i].text) > 2 || l.label[i] >= 0 && l.hits[l.label[i]].name != labelAddressee && l.hits[l.label[i]].runes > 3 {
			return false
		}
	}
	return words > 0 && words <= 5 && l.townWord(p.first)
}

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
