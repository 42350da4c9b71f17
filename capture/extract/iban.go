package extract

import (
	"strings"

	"docket/repository/say"
)

// ibanShapes gives, by country, the length of an IBAN and the places (counted in the whole number, from 0) of its part
// after the check digits that may hold letters; from the IBAN registry of SWIFT (ISO 13616), European countries.
var ibanShapes = map[string]struct{ length, lettersFrom, lettersTo int }{
	"AD": {24, 12, 24}, "AT": {20, 0, 0}, "BA": {20, 0, 0}, "BE": {16, 0, 0}, "BG": {22, 4, 22}, "CH": {21, 9, 21},
	"CY": {28, 12, 28}, "CZ": {24, 0, 0}, "DE": {22, 0, 0}, "DK": {18, 0, 0}, "EE": {20, 0, 0}, "ES": {24, 0, 0},
	"FI": {18, 0, 0}, "FR": {27, 14, 25}, "GB": {22, 4, 8}, "GI": {23, 4, 23}, "GR": {27, 11, 27}, "HR": {21, 0, 0},
	"HU": {28, 0, 0}, "IE": {22, 4, 8}, "IS": {26, 0, 0}, "IT": {27, 4, 27}, "LI": {21, 9, 21}, "LT": {20, 0, 0},
	"LU": {20, 7, 20}, "LV": {21, 4, 21}, "MC": {27, 14, 25}, "MD": {24, 4, 24}, "ME": {22, 0, 0}, "MK": {19, 7, 17},
	"MT": {31, 4, 31}, "NL": {18, 4, 8}, "NO": {15, 0, 0}, "PL": {28, 0, 0}, "PT": {25, 0, 0}, "RO": {24, 4, 24},
	"RS": {22, 0, 0}, "RU": {33, 18, 33}, "SE": {24, 0, 0}, "SI": {19, 0, 0}, "SK": {24, 0, 0}, "SM": {27, 4, 27},
	"TR": {26, 10, 26}, "UA": {29, 10, 29}, "VA": {22, 0, 0},
}

// ibans finds the account numbers whose check digits are valid.
func (s *sheet) ibans() (found []finding) {
	for i := 0; i < len(s.tokens); {
		f, ok := s.ibanAt(i)
		if !ok {
			i++
			continue
		}
		found = append(found, f)
		i = f.last
	}
	return found
}

// ibanAt reads an account number that begins with token i, in groups or in one. Two characters at the most are put
// right, and only if exactly one way of doing so gives valid check digits.
func (s *sheet) ibanAt(i int) (finding, bool) {
	t := s.tokens[i]
	if !t.alnum || len(t.text) < 2 {
		return finding{}, false
	}
	country := upper(t.text[:min(len(t.text), 4)])
	if len(country) < 2 {
		return finding{}, false
	}
	shape, known := ibanShapes[country[:2]]
	if !known || len(t.text) == 2 && !(i+1 < len(s.tokens) && s.tokens[i+1].digit) {
		return finding{}, false
	}
	var b strings.Builder
	for j := i; j < len(s.tokens) && j < i+24 && b.Len() < shape.length; j++ {
		t := s.tokens[j]
		if s.tokens[j].line != s.tokens[i].line && s.para(j) != s.para(i) {
			break
		}
		if !t.alnum {
			if strings.Contains("-.,_'", t.text) {
				continue
			}
			break
		}
		b.WriteString(upper(t.text))
		if b.Len() != shape.length {
			continue
		}
		iban, repaired, ok := readIBAN(b.String(), shape.lettersFrom, shape.lettersTo)
		if !ok {
			return finding{}, false
		}
		f := finding{value: iban, first: i, last: j + 1, confidence: 0.98, how: say.Text("check digits valid")}
		if repaired > 0 {
			f.confidence, f.how = 0.9, say.Text("check digits valid after misread characters were put right")
		}
		return f, true
	}
	return finding{}, false
}

// upper gives the word in Latin capitals, and nothing at all for one that holds other characters than letters and digits.
func upper(s string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		if r = latin(r); r >= 0x80 {
			return ""
		}
		b.WriteRune(r)
	}
	return b.String()
}

// readIBAN puts digits where no letter may stand, then everywhere, as most accounts hold digits only, and then, if the
// check fails, tries what else one character may be.
func readIBAN(s string, lettersFrom, lettersTo int) (iban string, repaired int, ok bool) {
	asItIs, n, readable := ibanDigits(s, lettersFrom, lettersTo)
	if readable && mod97(asItIs) == 1 {
		return string(asItIs), n, true
	}
	if digits, n, ok := ibanDigits(s, 0, 0); ok && mod97(digits) == 1 {
		return string(digits), n, true
	}
	if !readable || n > 0 {
		return "", 0, false
	}
	return tryIBAN(asItIs)
}

// ibanDigits reads letters as the digits they resemble but for the country and the places from lettersFrom to before
// lettersTo. More than four are too many.
func ibanDigits(s string, lettersFrom, lettersTo int) (b []byte, repaired int, ok bool) {
	b = []byte(s)
	for i := 2; i < len(b); i++ {
		if i >= lettersFrom && i < lettersTo {
			continue
		}
		d, sure, ok := digitOf(rune(b[i]))
		if !ok {
			return nil, 0, false
		}
		if !sure {
			repaired++
		}
		b[i] = d
	}
	return b, repaired, repaired <= 4
}

// tryIBAN changes each digit in turn to those it may be a misreading of; exactly one change must make the check valid.
func tryIBAN(b []byte) (iban string, repaired int, ok bool) {
	for i := 2; i < len(b); i++ {
		was := b[i]
		for _, c := range []byte(alike[was]) {
			if b[i] = c; mod97(b) != 1 {
				continue
			}
			if iban != "" {
				return "", 0, false
			}
			iban = string(b)
		}
		b[i] = was
	}
	return iban, 1, iban != ""
}

// alike lists the digits that recognition takes for one another.
var alike = map[byte]string{'0': "68", '1': "7", '2': "7", '3': "8", '5': "6", '6': "58", '7': "12", '8': "360", '9': "4", '4': "9"}

// mod97 is the remainder of ISO 7064 MOD 97-10 after the first four characters were moved to the end and letters were
// replaced by 10 to 35; 1 for a valid IBAN.
func mod97(iban []byte) int {
	if len(iban) < 5 {
		return 0
	}
	n := 0
	for i := range iban {
		c := iban[(i+4)%len(iban)]
		switch {
		case c >= '0' && c <= '9':
			n = (n*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			n = (n*100 + int(c-'A') + 10) % 97
		default:
			return 0
		}
	}
	return n
}
