package extract

import "unicode/utf8"

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// digitOf reads one character as a digit, also one that recognition often takes for a digit, with whether it was one.
func digitOf(r rune) (digit byte, sure, ok bool) {
	if r >= '0' && r <= '9' {
		return byte(r), true, true
	}
	switch r {
	case 'O', 'o', 'О', 'о', 'Q', 'D':
		return '0', false, true
	case 'l', 'L', 'I', 'i', '|', 'І', '!':
		return '1', false, true
	case 'Z', 'z':
		return '2', false, true
	case 'З', 'з':
		return '3', false, true
	case 'S', 's':
		return '5', false, true
	case 'б', 'G':
		return '6', false, true
	case 'B', 'В':
		return '8', false, true
	case 'g', 'q':
		return '9', false, true
	}
	return 0, false, false
}

// digitsOf reads a word as a number of which some digits may have been misread. At least half of the characters must be
// digits. It gives the digits and how many were repaired.
func digitsOf(s string) (digits string, repaired int, ok bool) {
	if s == "" || len(s) > 24 {
		return "", 0, false
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		d, sure, ok := digitOf(r)
		if !ok {
			return "", 0, false
		}
		if !sure {
			repaired++
		}
		out = append(out, d)
	}
	if repaired*2 > len(out) {
		return "", 0, false
	}
	return string(out), repaired, true
}

// latin gives the Latin capital that looks like a Cyrillic or Greek one; recognition of a Russian page mixes them up.
func latin(r rune) rune {
	const from, to = "АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS"
	i := 0
	for _, c := range from {
		if c == r {
			return rune(to[i])
		}
		i++
	}
	return r
}

// distance1 says whether two words are equal but for one character that was changed, lost, added or swapped with its
// neighbour.
func distance1(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) != len(y) {
		return string(x[i:]) == string(y[i+1:])
	}
	if i == len(x) || string(x[i+1:]) == string(y[i+1:]) {
		return true
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
}
