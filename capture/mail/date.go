package mail

import (
	"net/mail"
	"regexp"
	"strings"
	"time"
)

// layouts of dates that are not those of RFC 5322.
var layouts = []string{
	time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02T15:04:05", time.ANSIC, time.UnixDate,
	"Mon Jan _2 15:04:05 -0700 2006", "Mon Jan _2 15:04:05 2006 -0700", "Mon Jan _2 15:04 2006", "Mon, Jan _2 2006 15:04:05 -0700", "Jan _2 2006 15:04:05",
	"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05", "2 Jan 06 15:04:05 -0700", "2 Jan 06 15:04:05", "2 Jan 2006 15:04 -0700", "2 Jan 2006 15:04", "2 Jan 2006",
	"2-Jan-2006 15:04:05 -0700", "2-Jan-2006 15:04:05", "2-Jan-06 15:04:05", "2 January 2006 15:04:05 -0700", "2 January 2006 15:04:05",
	"2/1/2006 15:04:05", "2.1.2006 15:04:05", "2.1.2006 15:04", "January 2, 2006 15:04:05", "January 2, 2006 3:04:05 PM", "Jan 2, 2006 3:04 PM", "1/2/2006 3:04:05 PM",
}

// zones that are written as letters, by their offsets.
var zones = map[string]string{
	"ut": "+0000", "utc": "+0000", "gmt": "+0000", "z": "+0000", "est": "-0500", "edt": "-0400", "cst": "-0600", "cdt": "-0500", "mst": "-0700", "mdt": "-0600", "pst": "-0800", "pdt": "-0700",
	"wet": "+0000", "west": "+0100", "bst": "+0100", "cet": "+0100", "cest": "+0200", "met": "+0100", "mest": "+0200", "mez": "+0100", "mesz": "+0200", "eet": "+0200", "eest": "+0300", "msk": "+0300", "msd": "+0400", "jst": "+0900", "kst": "+0900", "hkt": "+0800",
}

var (
	zoneLetters = regexp.MustCompile(`(?i) ([a-z]{1,5})(?:([+-])(\d{1,2}):?(\d{2})?)?$`)
	zoneColon   = regexp.MustCompile(` ([+-]\d{2}):(\d{2})$`)
	dayOfWeek   = regexp.MustCompile(`^[\p{L}]{2,12}\.?,\s*`)
	dotTime     = regexp.MustCompile(`(\d{1,2})\.(\d{2})\.(\d{2})( |$)`)
)

// parseDate reads a date as written, with what mailers make of it. It gives the zero time when it cannot, or when the year is
// not one in which there was mail.
func parseDate(value string) time.Time {
	value = strings.Join(strings.Fields(uncomment(value)), " ")
	if value == "" || len(value) > 100 {
		return time.Time{}
	}
	value = zoneColon.ReplaceAllString(value, " $1$2")
	value = offsetZone(value) // first, because a zone in letters counts as UTC to the library
	if t, err := mail.ParseDate(value); err == nil {
		return plausible(t)
	}
	value = dayOfWeek.ReplaceAllString(value, "")
	value = dotTime.ReplaceAllString(value, "$1:$2:$3$4")
	for _, layout := range layouts {
		if t, err := time.Parse(layout, value); err == nil {
			return plausible(t)
		}
	}
	if t, err := mail.ParseDate(value); err == nil {
		return plausible(t)
	}
	return time.Time{}
}

// offsetZone writes the zone at the end as an offset: "CET", "GMT+2", "UTC+02:00". One that is not known counts as UTC.
func offsetZone(value string) string {
	m := zoneLetters.FindStringSubmatchIndex(value)
	if m == nil {
		return value
	}
	letters := strings.ToLower(value[m[2]:m[3]])
	if letters == "am" || letters == "pm" {
		return value
	}
	offset, known := zones[letters]
	if !known {
		offset = "+0000"
	}
	if m[4] >= 0 {
		hours, minutes := value[m[6]:m[7]], "00"
		if len(hours) == 1 {
			hours = "0" + hours
		}
		if m[8] >= 0 {
			minutes = value[m[8]:m[9]]
		}
		offset = value[m[4]:m[5]] + hours + minutes
	}
	return value[:m[0]] + " " + offset
}

// ReceivedAt is when a message that lies somewhere was received, by its header: what the last server wrote, or else its Date. It is never
// after now, and now where nothing of that can be read (rule 7).
func ReceivedAt(head []byte, now time.Time) time.Time {
	r, _ := readHeader(head[skipBefore(head):], nil)
	for _, received := range r.header.raw("Received") {
		if at := parseDate(received[strings.LastIndexByte(received, ';')+1:]); !at.IsZero() && !at.After(now) {
			return at
		}
	}
	for _, date := range r.header.raw("Date") {
		if at := parseDate(date); !at.IsZero() && at.Before(now) {
			return at
		}
	}
	return now
}

func plausible(t time.Time) time.Time {
	if y := t.Year(); y < 1970 || y > 2200 {
		return time.Time{}
	}
	return t
}
