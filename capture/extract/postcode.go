package extract

import (
	"strings"
	"unicode"
)

// A postcode is where a postcode stands and in which form.
type postcode struct {
	span
	code     string
	townLast bool // the town stands before it
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
