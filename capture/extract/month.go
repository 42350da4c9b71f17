package extract

import (
	"time"
)

// dayMonth reads 14 March 2026, 14th of March, 14. März 2026, 14 марта 2026 г. and 14 III 2026; the year may be missing.
func (s *sheet) dayMonth(i int, _ bool, ref time.Time) (day, bool) {
	n, rd, ok := s.number(i, 1, 2)
	if !ok {
		return day{}, false
	}
	j, _ := s.skip(i+1, ".-")
	if j < len(s.tokens) && s.tokens[j].fold == "of" {
		j++
	}
	m, j, ok := s.month(j)
	if !ok {
		return day{}, false
	}
	return s.withYear(day{first: i, repaired: rd, words: true}, m, n, j, ref)
}

// monthDay reads March 14th, 2026 and, in Hungarian, április 30-ig; the year may be missing.
func (s *sheet) monthDay(i int, ref time.Time) (day, bool) {
	m, j, ok := s.month(i)
	if !ok {
		return day{}, false
	}
	if j < len(s.tokens) && s.tokens[j].fold == "the" {
		j++
	}
	n, rd, ok := s.number(j, 1, 2)
	if !ok {
		return day{}, false
	}
	return s.withYear(day{first: i, repaired: rd, words: true}, m, n, s.ending(j+1), ref)
}

// withYear finishes a date of day and month with the year that follows, else with the year nearest to the reference day.
func (s *sheet) withYear(d day, month, n, j int, ref time.Time) (day, bool) {
	d.last = j
	k, _ := s.skip(j, ",.-'’")
	if y, ry, ok := s.number(k, 4, 4); ok && y >= 1900 && y < 2200 && s.para(k) == s.para(d.first) {
		d.repaired += ry
		d.last = s.yearSuffix(k + 1)
		return d, d.set(y, month, n)
	}
	d.noYear = true
	if !d.set(ref.Year(), month, n) {
		return d, false
	}
	if d.date.Sub(ref) > 180*24*time.Hour {
		return d, d.set(ref.Year()-1, month, n)
	}
	if ref.Sub(d.date) > 185*24*time.Hour {
		return d, d.set(ref.Year()+1, month, n)
	}
	return d, true
}

// month reads a month's name at token i, or a Roman number.
func (s *sheet) month(i int) (n, next int, ok bool) {
	if i >= len(s.tokens) {
		return 0, i, false
	}
	for _, h := range s.at(i, kindMonth) {
		if n == 0 || !h.fuzzy {
			n, next = h.n, h.last
		}
	}
	if n == 0 {
		roman := map[string]int{"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12}
		if n, next = roman[s.tokens[i].text], i+1; n == 0 {
			return 0, i, false
		}
	}
	next, _ = s.skip(next, ".")
	if next < len(s.tokens) && s.tokens[next].text == "-" && !s.tokens[next].space {
		next++ // 14-Mar-2026
	}
	return n, next, true
}

// ending passes what may hang on a day's number: a full stop before more of the sentence, "-én", "-ig".
func (s *sheet) ending(i int) int {
	i, _ = s.skip(i, ".")
	if i+1 < len(s.tokens) && (s.tokens[i].text == "-" || s.tokens[i].text == "–") && !s.tokens[i].space && s.tokens[i+1].alnum && !s.tokens[i+1].digit {
		return i + 2
	}
	return i
}

// yearSuffix passes "r.", "roku", "г." and "года" after a year, and a Hungarian ending.
func (s *sheet) yearSuffix(i int) int {
	if i < len(s.tokens) {
		switch s.tokens[i].fold {
		case "r", "roku", "г", "года", "leta":
			i++
			i, _ = s.skip(i, ".")
			return i
		}
	}
	if i+1 < len(s.tokens) && s.tokens[i].text == "." && !s.tokens[i+1].alnum && s.tokens[i+1].text == "-" {
		i++
	}
	if i+1 < len(s.tokens) && s.tokens[i].text == "-" && !s.tokens[i].space && !s.tokens[i+1].space {
		switch s.tokens[i+1].fold {
		case "ig", "en", "an", "i", "ei", "jen", "jan", "ig.":
			return i + 2
		}
	}
	return i
}
