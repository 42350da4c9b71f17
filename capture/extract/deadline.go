package extract

import (
	"strconv"
	"time"

	"docket/repository/say"
	"docket/taxonomy"
)

// deadline is the last day for an answer or a payment that the sender sets.
func (l *letter) deadline() (finding, bool) {
	var all []finding
	for _, d := range l.days {
		if l.written.IsZero() && d.noYear {
			continue
		}
		if d.noYear && d.date.Before(l.written) {
			d.date = d.date.AddDate(1, 0, 0)
		}
		if !d.other.IsZero() && d.date.Before(l.written) && d.other.After(l.written) {
			d.date, d.other = d.other, d.date
		}
		if !l.written.IsZero() && (!d.date.After(l.written) || d.date.Sub(l.written) > 400*24*time.Hour) {
			continue
		}
		r, field := l.labelled(d)
		switch {
		case field == string(taxonomy.Deadline):
			all = append(all, d.finding(0.95, r.how(l.sheet)))
		case field == labelOther || field == string(taxonomy.LetterDate) || field == string(taxonomy.IncidentDate):
		case l.untilBefore(d):
			all = append(all, d.finding(0.9, say.Text("date set as a limit")))
		}
	}
	for i := range l.tokens {
		if f, ok := l.withinAt(i); ok {
			all = append(all, f)
		}
	}
	f, ok := best(all)
	return f, ok && f.confidence > 0.58
}

// untilBefore says whether a date is set as a limit: "by", "bis zum" before it, "-ig" after it.
func (l *letter) untilBefore(d day) bool {
	if last := l.tokens[d.last-1]; last.fold == "ig" || last.fold == "eig" || last.fold == "aig" || last.fold == "jeig" || last.fold == "jaig" {
		return true
	}
	for i := max(0, d.first-5); i < d.first; i++ {
		for _, h := range l.at(i, kindUntil) {
			if h.last <= d.first && d.first-h.last <= 1 {
				return true
			}
		}
	}
	for i := d.last; i < min(len(l.tokens), d.last+2); i++ {
		if l.language == "hu" && l.is(i, kindUntil) {
			return true
		}
	}
	return false
}

// withinAt reads "within 14 days" and its like around a number at token i, counted from the letter's date.
func (l *letter) withinAt(i int) (finding, bool) {
	n, last, ok := l.countAt(i)
	if !ok || n < 1 || n > 120 || l.written.IsZero() || i == 0 {
		return finding{}, false
	}
	unit, ok := l.longest(last, kindUnit)
	if !ok && last < len(l.tokens) && l.tokens[last].text == "-" {
		unit, ok = l.longest(last+1, kindUnit)
	}
	if !ok {
		return finding{}, false
	}
	f := finding{first: i, last: unit.last, confidence: 0.55}
	if r, ok := l.labelBy(i); l.asked(i) || l.sentenceHas(i, kindSetting) || ok && r.name == string(taxonomy.Deadline) {
		f.confidence = 0.9
	}
	if after, ok := l.longest(unit.last, kindWithin); ok && l.language == "hu" {
		f.last = after.last
	} else if h, ok := l.endingBy(i, kindWithin); ok && l.language != "hu" {
		f.first = h.first
	} else {
		return finding{}, false
	}
	due := l.written.AddDate(0, 0, n*unit.n)
	switch {
	case unit.name == "working":
		due = workingDays(l.written, n)
	case unit.n == 30:
		due = l.written.AddDate(0, n, 0)
	}
	f.value = due.Format(isoDay)
	f.how = say.Text("“%s” counted from %s", l.text(f.first, f.last), l.written.Format(isoDay))
	return f, true
}

// countAt reads a number in digits or words.
func (l *letter) countAt(i int) (n, last int, ok bool) {
	if l.tokens[i].digit {
		n, err := strconv.Atoi(l.tokens[i].text)
		return n, i + 1, err == nil
	}
	h, ok := l.longest(i, kindNumber)
	if !ok {
		return 0, 0, false
	}
	return h.n, h.last, true
}

// longest is the longest phrase of a kind that begins with token i.
func (s *sheet) longest(i int, kind string) (top hit, ok bool) {
	for _, h := range s.at(i, kind) {
		if !ok || h.last > top.last {
			top, ok = h, true
		}
	}
	return top, ok
}

// endingBy is the longest phrase of a kind that ends right before token i or before one other word.
func (s *sheet) endingBy(i int, kind string) (top hit, ok bool) {
	for j := i - 1; j >= 0 && j > i-7; j-- {
		for _, h := range s.at(j, kind) {
			if h.last <= i && i-h.last <= 1 && (h.last == i || h.runes > 2) {
				top, ok = h, true
			}
		}
	}
	return top, ok
}

// workingDays counts n days from Monday to Friday on from a day; public holidays are not known here.
func workingDays(from time.Time, n int) time.Time {
	for n > 0 {
		from = from.AddDate(0, 0, 1)
		if w := from.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return from
}
