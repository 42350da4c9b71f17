package search

import "time"

// Days before and after these are not looked for one by one; open ends of periods stop here.
var (
	earliest = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2199, 12, 31, 0, 0, 0, 0, time.UTC)
)

// daysCovering are the fewest terms (years, months, days) that together make up a period, both ends included. A zero end is
// open. As each date is indexed under all three, a period of any length takes at most some 360 terms, and common ones a few.
func daysCovering(from, to time.Time) []string {
	if from.IsZero() || from.Before(earliest) {
		from = earliest
	}
	if to.IsZero() || to.After(latest) {
		to = latest
	}
	var all []string
	for d := from; !d.After(to); {
		switch next := d.AddDate(1, 0, 0); {
		case d.YearDay() == 1 && !next.AddDate(0, 0, -1).After(to):
			all, d = append(all, d.Format("2006")), next
			continue
		}
		if next := d.AddDate(0, 1, 0); d.Day() == 1 && !next.AddDate(0, 0, -1).After(to) {
			all, d = append(all, d.Format("2006-01")), next
			continue
		}
		all, d = append(all, d.Format(time.DateOnly)), d.AddDate(0, 0, 1)
	}
	return all
}
