package workflow

import "time"

// A Calendar knows which days are business days.
type Calendar struct {
	Zone     *time.Location       // nil means UTC
	Holidays func(time.Time) bool // by a day's midnight in Zone; nil means none
}

func (c Calendar) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// Business says whether the day of t is a business day: Monday to Friday and no holiday.
func (c Calendar) Business(t time.Time) bool {
	day := c.midnight(t)
	if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	return c.Holidays == nil || !c.Holidays(day)
}

func (c Calendar) midnight(t time.Time) time.Time {
	y, m, d := t.In(c.zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, c.zone())
}

// Due is the last second of the n-th business day after receipt. The day of receipt is not counted, whatever its hour; this
// is how statutes on complaints count (see Regulation (EEC, Euratom) No 1182/71, article 3).
func (c Calendar) Due(received time.Time, n int) time.Time {
	day := c.midnight(received)
	for n > 0 {
		y, m, d := day.Date()
		day = time.Date(y, m, d+1, 0, 0, 0, 0, c.zone()) // by date, for days of 23 and 25 hours
		if c.Business(day) {
			n--
		}
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 23, 59, 59, 0, c.zone())
}
