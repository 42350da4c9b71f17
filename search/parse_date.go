package search

import (
	"strconv"
	"strings"
	"time"
)

// date reads the value of a date field: a day, month or year; from..to with either end missing; <, <=, >, >= before one; or
// a word for a period that ends today.
func (p *parser) date(f field, l lexeme) (node, *Problem) {
	text := strings.TrimSpace(l.text)
	if from, to, ok := strings.Cut(text, ".."); ok {
		return p.dateRange(f, l, from, to)
	}
	sign, rest := cutSign(text)
	first, last, ok := parsePeriod(rest, p.today)
	if !ok {
		return nil, p.notADate(l, rest)
	}
	switch sign {
	case ">":
		return period{f, last.AddDate(0, 0, 1), time.Time{}}, nil
	case ">=":
		return period{f, first, time.Time{}}, nil
	case "<":
		return period{f, time.Time{}, first.AddDate(0, 0, -1)}, nil
	case "<=":
		return period{f, time.Time{}, last}, nil
	}
	return period{f, first, last}, nil
}

func (p *parser) dateRange(f field, l lexeme, from, to string) (node, *Problem) {
	n := period{field: f}
	if from != "" {
		first, _, ok := parsePeriod(from, p.today)
		if !ok {
			return nil, p.notADate(l, from)
		}
		n.from = first
	}
	if to != "" {
		_, last, ok := parsePeriod(to, p.today)
		if !ok {
			return nil, p.notADate(l, to)
		}
		n.to = last
	}
	switch {
	case from == "" && to == "":
		return nil, p.problem(l, "A range needs a date on at least one side of the two dots.")
	case from != "" && to != "" && n.to.Before(n.from):
		problem := p.problem(l, "This range ends before it begins.")
		problem.Suggestion = f.name + ":" + to + ".." + from
		return nil, problem
	}
	return n, nil
}

func (p *parser) notADate(l lexeme, text string) *Problem {
	return p.problem(l, "“%s” is not a date. Write 2026-03-14, 2026-03, 2026, a range as 2026-03-01..2026-03-14, today, yesterday, week, month, year or 30d.", text)
}

// cutSign takes a comparison sign off.
func cutSign(text string) (sign, rest string) {
	for _, s := range []string{">=", "<=", ">", "<", "="} {
		if rest, ok := strings.CutPrefix(text, s); ok {
			return s, rest
		}
	}
	return "", text
}

// parsePeriod gives the first and last day of a period.
func parsePeriod(text string, today time.Time) (first, last time.Time, ok bool) {
	today = dayOf(today)
	switch text = strings.ToLower(strings.TrimSpace(text)); text {
	case "today":
		return today, today, true
	case "yesterday":
		return today.AddDate(0, 0, -1), today.AddDate(0, 0, -1), true
	case "week", "this-week":
		monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
		return monday, monday.AddDate(0, 0, 6), true
	case "month", "this-month":
		first = today.AddDate(0, 0, 1-today.Day())
		return first, first.AddDate(0, 1, -1), true
	case "year", "this-year":
		first = today.AddDate(0, 0, 1-today.YearDay())
		return first, first.AddDate(1, 0, -1), true
	}
	if n, isDays := strings.CutSuffix(text, "d"); isDays {
		days, err := strconv.Atoi(n)
		return today.AddDate(0, 0, 1-days), today, err == nil && days > 0 && days < 40_000
	}
	return parseCalendar(text)
}

// parseCalendar reads a day, month or year, also with dots and the day first.
func parseCalendar(text string) (first, last time.Time, ok bool) {
	for _, f := range []struct {
		layout        string
		years, months int
	}{
		{"2006-1-2", 0, 0}, {"2.1.2006", 0, 0}, {"2006.1.2", 0, 0}, {"2006.1.2.", 0, 0}, {"2006-1", 0, 1}, {"1.2006", 0, 1}, {"2006", 1, 0},
	} {
		t, err := time.Parse(f.layout, text)
		if err != nil || t.Year() < 1000 {
			continue
		}
		if f.years == 0 && f.months == 0 {
			return t, t, true
		}
		return t, t.AddDate(f.years, f.months, -1), true
	}
	return time.Time{}, time.Time{}, false
}

// dayOf is the calendar day of t in its own time zone, as midnight UTC.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
