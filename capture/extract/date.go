package extract

import (
	"strconv"
	"time"
)

// A day is a date found in a document.
type day struct {
	first, last int       // its tokens
	date        time.Time // midnight UTC
	other       time.Time // the other reading of 03/04/2026, else zero
	noYear      bool      // the year is guessed from the reference day
	shortYear   bool
	repaired    int // characters read as the digits they resemble
	words       bool
}

// dates finds all the dates of a sheet, in order, none overlapping.
func (s *sheet) dates(monthFirst bool, ref time.Time) []day {
	var found []day
	for i := 0; i < len(s.tokens); {
		d, ok := s.dateAt(i, monthFirst, ref)
		if !ok {
			i++
			continue
		}
		found = append(found, d)
		i = d.last
	}
	return found
}

// dateAt reads a date that begins with token i.
func (s *sheet) dateAt(i int, monthFirst bool, ref time.Time) (day, bool) {
	if s.tokens[i].digit || misreadFirst[s.tokens[i].text] {
		if i > 0 && !s.tokens[i].space && s.tokens[i-1].line == s.tokens[i].line && joins(s.tokens[i-1].text) {
			return day{}, false // the rest of a longer number
		}
		for _, read := range []func(int, bool, time.Time) (day, bool){s.numericDate, s.yearFirst, s.dayMonth} {
			if d, ok := read(i, monthFirst, ref); ok {
				return d, true
			}
		}
		return day{}, false
	}
	if s.is(i, kindMonth) {
		return s.monthDay(i, ref)
	}
	return day{}, false
}

// misreadFirst are readings of "1st".
var misreadFirst = map[string]bool{"Ist": true, "lst": true, "ist": true}

func joins(t string) bool {
	return t == "." || t == "/" || t == "-" || t == "," || t == "+" || t == "_"
}

// number reads token i as a number of so many digits, ordinal endings left out.
func (s *sheet) number(i, least, most int) (n, repaired int, ok bool) {
	if i >= len(s.tokens) {
		return 0, 0, false
	}
	t := s.tokens[i].fold
	if !s.tokens[i].alnum {
		return 0, 0, false
	}
	if misreadFirst[s.tokens[i].text] && most == 2 {
		return 1, 1, true
	}
	for _, ending := range [...]string{"st", "nd", "rd", "th", "ten", "r", "г", "en", "an", "e", "го"} {
		if len(t) > len(ending) && t[len(t)-len(ending):] == ending && t[0] <= '9' {
			t = t[:len(t)-len(ending)]
			if most < 4 || ending == "r" || ending == "г" {
				break
			}
			return 0, 0, false
		}
	}
	if t == s.tokens[i].fold {
		t = s.tokens[i].text
	}
	digits, repaired, ok := digitsOf(t)
	if !ok && (t == "l" || t == "I" || t == "O") && most == 2 {
		return 0, 0, false
	}
	if !ok || len(digits) < least || len(digits) > most {
		return 0, 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, repaired, err == nil
}

// skip passes one of the given punctuation marks.
func (s *sheet) skip(i int, marks string) (next int, mark string) {
	if i < len(s.tokens) && !s.tokens[i].alnum {
		for _, m := range marks {
			if s.tokens[i].text == string(m) {
				return i + 1, string(m)
			}
		}
	}
	return i, ""
}

// numericDate reads 14.03.2026, 14. 3. 26, 14/03/2026, 14-03-2026, 2026-03-14, 2026.03.14. and their misreadings.
func (s *sheet) numericDate(i int, monthFirst bool, ref time.Time) (day, bool) {
	a, ra, ok := s.number(i, 1, 4)
	if !ok {
		return day{}, false
	}
	j, sep1 := s.skip(i+1, "./-,–·")
	b, rb, ok := s.number(j, 1, 2)
	if !ok || sep1 == "" || s.tokens[j].line != s.tokens[i].line {
		return day{}, false
	}
	k, sep2 := s.skip(j+1, "./-,–·")
	c, rc, ok := s.number(k, 1, 4)
	if !ok || s.tokens[k].line != s.tokens[i].line || !sameMark(sep1, sep2) {
		return day{}, false
	}
	if sep2 == "" && !(s.tokens[k].space && c > 1900) {
		return day{}, false
	}
	d := day{first: i, last: k + 1, repaired: ra + rb + rc}
	if !s.numericOrder(&d, a, b, c, k, sep1, monthFirst, ref) || s.runsOn(k) {
		return day{}, false
	}
	d.last = s.yearSuffix(d.last)
	return d, true
}

func sameMark(a, b string) bool {
	return a == b || b == "" || (a == "." || a == "," || a == "·") && (b == "." || b == "," || b == "·") || a == "-" && b == "–" || a == "–" && b == "-"
}

// runsOn says whether token k is followed by more of a number without a space: then it is a longer number, not a date.
func (s *sheet) runsOn(k int) bool {
	return k+2 < len(s.tokens) && !s.tokens[k+1].space && !s.tokens[k+2].space && joins(s.tokens[k+1].text) &&
		s.tokens[k+1].text != "," && s.tokens[k+2].digit && s.tokens[k+2].line == s.tokens[k].line
}

// numericOrder decides which of three numbers is the year, the month and the day.
func (s *sheet) numericOrder(d *day, a, b, c, k int, mark string, monthFirst bool, ref time.Time) bool {
	yearDigits := len([]rune(s.tokens[k].text))
	switch {
	case a > 1900 && yearDigits <= 2:
		return d.set(a, b, c)
	case a > 31:
		return false
	case c >= 1900:
	case yearDigits == 2 && (mark == "." || mark == "/" || mark == "-"):
		d.shortYear = true
		c += 2000
		if c > ref.Year()+5 {
			c -= 100
		}
	default:
		return false
	}
	if mark == "/" && a <= 12 && b <= 12 && a != b {
		var x day
		if x.set(c, a, b) {
			d.other = x.date
		}
	}
	if mark == "/" && monthFirst && a <= 12 {
		if !d.other.IsZero() {
			var x day
			x.set(c, b, a)
			d.other = x.date
		}
		return d.set(c, a, b)
	}
	return d.set(c, b, a) || mark != "." && d.set(c, a, b)
}

// set makes it the given day if there is such a day.
func (d *day) set(year, month, dayOfMonth int) bool {
	t := time.Date(year, time.Month(month), dayOfMonth, 0, 0, 0, 0, time.UTC)
	if year < 1900 || year > 2199 || month < 1 || month > 12 || dayOfMonth < 1 || t.Day() != dayOfMonth {
		return false
	}
	d.date = t
	return true
}

// yearFirst reads 2026. március 14., 2026 March 14 and, with a Roman month, 2026. III. 14.
func (s *sheet) yearFirst(i int, _ bool, _ time.Time) (day, bool) {
	y, ry, ok := s.number(i, 4, 4)
	if !ok || y < 1900 {
		return day{}, false
	}
	j, _ := s.skip(i+1, ".,")
	if j < len(s.tokens) && s.tokens[j].fold == "ev" {
		j++
	}
	m, j, ok := s.month(j)
	if !ok {
		return day{}, false
	}
	n, rd, ok := s.number(j, 1, 2)
	if !ok {
		return day{}, false
	}
	d := day{first: i, repaired: ry + rd, words: true}
	if !d.set(y, m, n) {
		return day{}, false
	}
	d.last = s.ending(j + 1)
	return d, true
}
