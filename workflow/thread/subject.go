package thread

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// prefixes are what programs put before the subject of an answer or of what is passed on, in the languages of our correspondents.
// A number in brackets may follow, and so may other white space than usual.
var prefixes = regexp.MustCompile(`(?i)^(?:(?:re|aw|antw|antwort|wg|fw|fwd|vs|vl|sv|rv|res|enc|tr|rif|r|i|odp|pd|vá|válasz|tov|továbbítás|odg|prepos|posr|ha|на|отв|ответ|пересл|vb|ynt|ref|回复|转发|回覆|轉寄)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*|\[(?:ext|extern|external|spam|caution)\]\s*|[*]+(?:ext|extern|external|spam)[*]+\s*)`)

// maxSubject is how much of a subject is compared, in bytes.
const maxSubject = 1000

// BaseSubject is a subject as it is compared: without prefixes of answers, without ticket numbers, in lower case.
func BaseSubject(subject string) string {
	if len(subject) > maxSubject {
		subject = subject[:maxSubject]
		for !utf8.ValidString(subject) && len(subject) > maxSubject-utf8.UTFMax {
			subject = subject[:len(subject)-1]
		}
	}
	s := plain(number.ReplaceAllString(subject, " "))
	for {
		rest := prefixes.ReplaceAllString(s, "")
		if rest == s {
			return strings.TrimRight(s, " -–:")
		}
		s = plain(rest)
	}
}

// plain is s in lower case with single spaces, without the brackets that a number left.
func plain(s string) string {
	s = strings.NewReplacer("[ ]", " ", "( )", " ", "[]", " ", "()", " ").Replace(s)
	return strings.ToLower(strings.TrimLeft(strings.Join(strings.Fields(s), " "), "-–: "))
}

// minShortened is how long a subject must be for a beginning of it to count as the same.
const minShortened = 20

// sameSubject says whether two base subjects are of one matter. An empty one, and one that a program cut off, tells nothing.
func sameSubject(a, b string) bool {
	if a == "" || b == "" || a == b {
		return true
	}
	a, b = strings.TrimRight(a, ".… "), strings.TrimRight(b, ".… ")
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	return short == long || len(short) >= minShortened && strings.HasPrefix(long, short)
}
