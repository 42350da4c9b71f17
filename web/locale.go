package web

import (
	"math"
	"regexp"
	"strconv"
	"time"

	"docket/taxonomy"

	"golang.org/x/text/number"
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

// byteUnits are the units of sizes where they are not those of English.
var byteUnits = map[string][]string{"en": {"B", "kB", "MB", "GB", "TB"}, "ru": {"Б", "кБ", "МБ", "ГБ", "ТБ"}}

// Size writes a number of bytes in the unit a person would use, with decimal prefixes.
func (l *Locale) Size(bytes int64) string {
	units := byteUnits[l.Code]
	if units == nil {
		units = byteUnits["en"]
	}
	v, unit := float64(bytes), 0
	for unit < len(units)-1 && v >= 999.5 {
		v, unit = v/1000, unit+1
	}
	if unit > 0 && v < 9.95 {
		return l.printer.Sprintf("%.1f\u00a0%s", v, units[unit])
	}
	return l.printer.Sprintf("%.0f\u00a0%s", v, units[unit])
}

// Percent writes a share from 0 to 1 as whole per cent, rounded down so that 100 % means certainty.
func (l *Locale) Percent(share float64) string {
	return l.printer.Sprint(number.Percent(math.Floor(share*100+1e-9) / 100))
}

// Shown is a field's value as people of this language write it: a term by its title, days and sums by the language's rules. Everything
// else, and whatever is not in its type's normal form, stays as it is stored.
func (l *Locale) Shown(c *taxonomy.Catalogue, field taxonomy.FieldID, value string) string {
	if term, ok := c.Term(field, value); ok {
		return term.Titles.In(l.Code, value)
	}
	switch f, _ := c.Field(field); f.Type {
	case taxonomy.DateField:
		if d, err := time.Parse(time.DateOnly, value); err == nil {
			return l.Date(d)
		}
	case taxonomy.AmountField:
		return l.Sum(value)
	}
	return value
}

// Typed is a value as people of this language type it into a field. Days and sums are written by the language's rules wherever that is
// read back as the same value; everything else stays in its normal form.
func (l *Locale) Typed(t taxonomy.FieldType, value string) string {
	shown := value
	switch t {
	case taxonomy.DateField:
		if d, err := time.Parse(time.DateOnly, value); err == nil {
			shown = l.Date(d)
		}
	case taxonomy.AmountField:
		shown = l.Sum(value)
	}
	if back, err := t.Typed(shown); err != nil || back != value {
		return value
	}
	return shown
}

// normalSum is the normal form of an amount, see taxonomy.AmountField. Longer ones are not exact as floating-point numbers.
var normalSum = regexp.MustCompile(`^(-?[0-9]{1,12}\.[0-9]{2}) ([A-Z]{3})$`)

// Sum writes a sum in the normal form by the rules of the language, the currency's code after it. Any other text stays as it is.
func (l *Locale) Sum(s string) string {
	if sum, ok := l.money(s); ok {
		return sum
	}
	return s
}

func (l *Locale) money(sum string) (string, bool) {
	m := normalSum.FindStringSubmatch(sum)
	if m == nil {
		return "", false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	return l.printer.Sprint(number.Decimal(n, number.Scale(2))) + "\u00a0" + m[2], err == nil
}
