package web

import (
	"math"
	"time"
)

// dateLayouts are the short dates of the interface's languages (CLDR, format "medium" or its numeric form).
var dateLayouts = map[string]string{
	"en": "2 Jan 2006", "de": "02.01.2006", "hu": "2006. 01. 02.", "pl": "02.01.2006", "ru": "02.01.2006", "sl": "2. 1. 2006",
}

// Number writes a whole number with the language's grouping.
func (l *Locale) Number(n int) string { return l.printer.Sprintf("%d", n) }

// Date writes a day, empty for the zero time.
func (l *Locale) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(l.layout())
}

// Instant writes a day and the time of day to the minute, empty for the zero time.
func (l *Locale) Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(l.layout() + " 15:04")
}

func (l *Locale) layout() string {
	if s := dateLayouts[l.Code]; s != "" {
		return s
	}
	return time.DateOnly
}

// Ago says how long before now t was, in one unit: "3 minutes ago"; beyond a week it is the date.
func (l *Locale) Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return ""
	case d < -time.Minute || d >= 7*24*time.Hour:
		return l.Date(t)
	case d < time.Minute:
		return l.T("time.now")
	case d < time.Hour:
		return l.N("time.minutes", int(d.Minutes()))
	case d < 24*time.Hour:
		return l.N("time.hours", int(d.Hours()))
	}
	return l.N("time.days", int(d.Hours()/24))
}

// Size writes a number of bytes in the unit a person would use, with decimal prefixes.
func (l *Locale) Size(bytes int64) string {
	if bytes < 1000 {
		return l.printer.Sprintf("%d B", bytes)
	}
	v, unit := float64(bytes), ""
	for _, unit = range []string{"kB", "MB", "GB", "TB"} {
		v /= 1000
		if v < 999.5 {
			break
		}
	}
	if v < 9.95 {
		return l.printer.Sprintf("%.1f %s", v, unit)
	}
	return l.printer.Sprintf("%.0f %s", v, unit)
}

// Percent writes a share from 0 to 1 as whole per cent, rounded down so that 100 % means certainty.
func (l *Locale) Percent(share float64) string {
	return l.printer.Sprintf("%d %%", int(math.Floor(share*100+1e-9)))
}
