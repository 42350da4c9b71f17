package extract

import (
	"unicode"
	"unicode/utf8"
)

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
		case t.text == "." && j > i && utf8.RuneCountInString(l.tokens[j-1].text) > 3:
			return p // a sentence ends; what is shortened is shorter: "St. Gallen"
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
