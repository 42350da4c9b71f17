package extract

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"docket/repository/say"
	"docket/taxonomy"
)

const isoDay = "2006-01-02"

// monthFirst says whether 03/04/2026 is the 4th of March here: the document is American by its money or addresses.
func (l *letter) monthFirst() bool {
	if l.language != "en" && l.language != "" {
		return false
	}
	score := 0
	for _, a := range l.sums {
		switch a.currency {
		case "USD":
			score++
		case "GBP", "EUR":
			score -= 2
		}
	}
	for i := range l.tokens {
		if l.stateAndZIP(i) {
			score += 2
		}
	}
	return score > 0
}

// stateAndZIP says whether "IL 60601" stands at token i.
func (s *sheet) stateAndZIP(i int) bool {
	t := s.tokens[i]
	return len(t.text) == 2 && t.text == strings.ToUpper(t.text) && t.text[0] >= 'A' && t.text[0] <= 'Z' && i+1 < len(s.tokens) &&
		s.tokens[i+1].line == t.line && len(s.tokens[i+1].text) == 5 && onlyDigits(s.tokens[i+1].text)
}

// finding makes a date a candidate, with the doubts that lie in the date itself.
func (d day) finding(confidence float64, how string) finding {
	if !d.other.IsZero() {
		confidence *= 0.85
		how = say.Join(how, say.Text("day and month could be the other way round"))
	}
	if d.shortYear {
		confidence *= 0.95
	}
	if d.repaired > 0 {
		confidence *= 0.9
		how = say.Join(how, misreadDigits)
	}
	return finding{value: d.date.Format(isoDay), first: d.first, last: d.last, confidence: confidence, how: how}
}

// labelled gives the field that a date's label names.
func (l *letter) labelled(d day) (r relation, field string) {
	r, ok := l.labelBy(d.first)
	if !ok || r.far > 2 && r.where != beforeIt {
		return r, ""
	}
	switch taxonomy.FieldID(r.name) {
	case taxonomy.CustomerNumber, taxonomy.ContractNumber, taxonomy.PolicyNumber, taxonomy.InvoiceNumber, taxonomy.SenderName, taxonomy.SenderPhone, taxonomy.IBAN:
		for i := r.last; i < d.first; i++ {
			if l.tokens[i].digit { // the date of that contract or invoice
				return r, r.name
			}
		}
		if !r.colon {
			return r, ""
		}
	}
	return r, r.name
}

// letterDate is the day on which the letter was written: by its label, in the date line near the top, or by the
// signature. A day after the receipt is none.
func (l *letter) letterDate() (finding, bool) {
	var all []finding
	for _, d := range l.days {
		confidence, how := l.writtenOn(d)
		if confidence == 0 {
			continue
		}
		if !l.received.IsZero() {
			d = l.before(d, l.received)
			if d.date.Sub(l.received) > 36*time.Hour {
				confidence *= 0.3
			} else if l.received.Sub(d.date) > 400*24*time.Hour {
				confidence *= 0.7
			}
		}
		if d.noYear {
			confidence *= 0.5
		}
		all = append(all, d.finding(confidence, how))
	}
	f, ok := best(all)
	if !ok || f.confidence < 0.45 {
		l.written = time.Time{}
		return finding{}, false
	}
	l.written, _ = time.Parse(isoDay, f.value)
	l.dated = span{f.first, f.last}
	l.settleYears()
	return f, true
}

// before takes the other reading of an ambiguous date if only that one is not after the given day.
func (l *letter) before(d day, limit time.Time) day {
	late := limit.Add(36 * time.Hour)
	if !d.other.IsZero() && d.date.After(late) && !d.other.After(late) {
		d.date, d.other = d.other, d.date
	}
	return d
}

// settleYears gives dates without a year the year nearest to the letter's date.
func (l *letter) settleYears() {
	for i, d := range l.days {
		if !d.noYear {
			continue
		}
		for _, y := range [...]int{-1, 0, 1} {
			t := time.Date(l.written.Year()+y, d.date.Month(), d.date.Day(), 0, 0, 0, 0, time.UTC)
			if gap := t.Sub(l.written).Abs(); t.Day() == d.date.Day() && gap < d.date.Sub(l.written).Abs() {
				d.date = t
			}
		}
		l.days[i] = d
	}
}

// writtenOn says how sure it is by its place that a date is the letter's.
func (l *letter) writtenOn(d day) (confidence float64, how string) {
	r, field := l.labelled(d)
	switch field {
	case string(taxonomy.LetterDate):
		if r.far == 0 || r.colon {
			return 0.96, r.how(l.sheet)
		}
	case string(taxonomy.IncidentDate), string(taxonomy.Deadline), labelOther:
		return 0, ""
	}
	ln := l.lines[l.tokens[d.first].line]
	if l.stamped(l.tokens[d.first].line) {
		return 0, ""
	}
	alone := l.alone(d, ln)
	firstPage := ln.page == l.lines[0].page
	switch {
	case firstPage && (l.inHead(d.first) || l.body == 0 && ln.top < 12):
		switch {
		case l.placeBefore(d, ln):
			return 0.95, say.Text("date line near the top, after the place")
		case alone:
			return 0.92, say.Text("date line near the top")
		case field != "" || l.is(ln.first, kindLabel):
			return 0.3, say.Text("date in a line near the top")
		}
		return 0.55, say.Text("date near the top")
	case l.inFoot(d.first) || l.closing == len(l.tokens) && d.first > len(l.tokens)*3/4:
		if l.placeBefore(d, ln) {
			return 0.9, say.Text("place and date by the signature")
		}
		if alone {
			return 0.8, say.Text("date by the signature")
		}
	case l.placeBefore(d, ln) && alone:
		return 0.8, say.Text("place and date in a line of its own")
	}
	return 0, ""
}

// stamped says whether a line or the one above it is from a stamp of receipt.
func (l *letter) stamped(n int) bool {
	for _, m := range [...]int{n, l.lines[n].above, l.lines[n].left} {
		for i := 0; m >= 0 && l.lines[m].first+i < l.lines[m].last && i < 6; i++ {
			if l.is(l.lines[m].first+i, kindStamp) {
				return true
			}
		}
	}
	return false
}

// alone says whether little else stands in the date's line: a place, "den", a name.
func (l *letter) alone(d day, ln line) bool {
	others := 0
	for i := ln.first; i < ln.last && others < 2; i++ {
		if l.tokens[i].alnum && (i < d.first || i >= d.last) {
			others++
		}
	}
	return others <= 1
}

// placeBefore says whether the line begins with a place name and goes straight on with the date: "Ljubljana, 14. marca".
func (l *letter) placeBefore(d day, ln line) bool {
	words, pause := 0, false
	for i := ln.first; i < d.first && words < 5; i++ {
		t := l.tokens[i]
		switch {
		case !t.alnum:
			if !strings.Contains(",.-:", t.text) {
				return false
			}
			pause = pause || t.text == ","
		case t.digit:
			return false
		case l.is(i, kindPlace):
			pause = true
		case unicode.IsUpper([]rune(t.text)[0]):
			words++
		case words == 0 || utf8.RuneCountInString(t.text) > 3:
			return false
		}
	}
	return words > 0 && words <= 4 && (pause || words == 1 && d.first-ln.first <= 2) && d.last >= ln.last-4
}
