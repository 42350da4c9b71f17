package extract

import (
	"strings"
	"unicode"

	"docket/repository/say"
	"docket/taxonomy"
)

// maxNumber is the length in characters up to which something is an identifier.
const maxNumber = 24

// numberAt reads an identifier that begins with token i: letters and digits joined by hyphens, slashes and dots, also
// where recognition put a space beside a hyphen. It holds at least three digits.
func (s *sheet) numberAt(i int) (value string, last int, ok bool) {
	var b strings.Builder
	digits, joined := 0, true
	for j := i; j < len(s.tokens) && j < i+12; j++ {
		t := s.tokens[j]
		if t.line != s.tokens[i].line {
			break
		}
		switch {
		case t.alnum && (j == i || joined || !t.space):
			w := identifier(t.text)
			if w == "" || j > i && t.space && !t.digit && b.Len() > 0 {
				return trimNumber(b.String(), digits, last)
			}
			b.WriteString(w)
			for _, r := range w {
				if r >= '0' && r <= '9' {
					digits++
				}
			}
			last, joined = j+1, false
		case t.digit && j == i+1 && capitals(s.tokens[i].text): // FV 123/2026
			b.WriteString(identifier(t.text))
			digits += len(t.text)
			last = j + 1
		case t.alnum && spacedDigits(s, i, j):
			b.WriteString(t.text)
			digits += len(t.text)
			last = j + 1
		case !t.alnum && j > i && strings.Contains("-/.–—_", t.text) && !joined && s.goesOn(j):
			m := t.text
			if m == "–" || m == "—" || m == "_" {
				m = "-"
			}
			b.WriteString(m)
			joined = true
		default:
			return trimNumber(b.String(), digits, last)
		}
	}
	return trimNumber(b.String(), digits, last)
}

// goesOn says whether the mark at token j joins two parts of a number rather than ending a sentence or a word.
func (s *sheet) goesOn(j int) bool {
	if j+1 >= len(s.tokens) || !s.tokens[j+1].alnum || s.tokens[j+1].line != s.tokens[j].line {
		return false
	}
	next := s.tokens[j+1]
	if next.space {
		return s.tokens[j].text != "." && s.tokens[j].text != "/" && next.digit && !s.tokens[j].space
	}
	return !s.tokens[j].space || next.digit
}

// spacedDigits says whether tokens before and at j are groups of one number, "123 456 789".
func spacedDigits(s *sheet, i, j int) bool {
	if j != i+1 && j != i+2 && j != i+3 {
		return false
	}
	for k := i; k <= j; k++ {
		t := s.tokens[k]
		if !onlyDigits(t.text) || len(t.text) < 2 || len(t.text) > 4 {
			return false
		}
	}
	return len(s.tokens[i].text) == len(s.tokens[i+1].text) || j > i+1
}

// capitals says whether a word is one to four capital letters, as before a number.
func capitals(s string) bool {
	for _, r := range s {
		if !unicode.IsUpper(r) {
			return false
		}
	}
	return len([]rune(s)) <= 4
}

func onlyDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// identifier gives a part of a number in capitals: Latin letters for the Cyrillic ones they resemble, and digits for the
// letters they resemble where most of the part are digits.
func identifier(s string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		b.WriteRune(latin(r))
	}
	up := b.String()
	n := 0
	for _, r := range up {
		if unicode.IsDigit(r) {
			n++
		}
	}
	total := len([]rune(up))
	if total >= 4 && n*3 >= total*2 {
		lead := 0 // a letter before all the digits is a prefix: K1234567
		if unicode.IsLetter(rune(up[0])) && len(up) == total {
			lead = 1
		}
		if digits, _, ok := digitsOf(up[lead:]); ok {
			return up[:lead] + digits
		}
	}
	if total > 12 && n == 0 {
		return ""
	}
	return up
}

// trimNumber is the number without trailing marks, if it is one.
func trimNumber(v string, digits, last int) (string, int, bool) {
	v = strings.Trim(v, "-/.")
	if digits < 3 || len(v) > maxNumber || last == 0 {
		return "", 0, false
	}
	return v, last, true
}

// ticketAt reads a ticket number that begins with token i. Misread digits are put right where that makes the check digit
// valid.
func (s *sheet) ticketAt(i int) (finding, bool) {
	t := s.tokens[i]
	if !t.alnum || t.digit || len(t.text) < 2 || len(t.text) > 8 {
		return finding{}, false
	}
	prefix := upper(t.text)
	if prefix == "" {
		return finding{}, false
	}
	parts, repaired, j := []string{prefix}, 0, i+1
	for _, n := range [...]int{4, 6, 1} {
		k, mark := s.skip(j, "-–—_.")
		if mark == "" || k >= len(s.tokens) || s.para(k) != s.para(i) {
			return finding{}, false
		}
		digits, r, ok := digitsOf(s.tokens[k].text)
		if !ok && n == 1 {
			if d, _, one := digitOf([]rune(s.tokens[k].text)[0]); one && len([]rune(s.tokens[k].text)) == 1 {
				digits, r, ok = string(d), 1, true
			}
		}
		if !ok || len(digits) != n && (n != 6 || len(digits) < n) {
			return finding{}, false
		}
		parts, repaired, j = append(parts, digits), repaired+r, k+1
	}
	number := strings.Join(parts, "-")
	if !taxonomy.ValidNumber(number) {
		return finding{}, false
	}
	f := finding{value: number, first: i, last: j, confidence: 0.98, how: say.Text("form of a ticket number, check digit valid")}
	if repaired > 0 {
		f.confidence, f.how = 0.93, say.Text("form of a ticket number, check digit valid after misread digits were put right")
	}
	return f, true
}
