package mail

import (
	"regexp"
	"strings"
)

// fromLine is the line of a quoted header that says who wrote the message, in the languages of our correspondents.
var fromLine = regexp.MustCompile(`(?i)^[\s>*]*\*?(?:from|von|feladó|küldő|od|nadawca|от|отправитель|pošiljatelj|de|da|van|från|fra|lähettäjä)\*?\s?[:：]\*?\s*(\S.{0,500})$`)

// passesOn tells the subject of a message that passes another one on.
var passesOn = regexp.MustCompile(`(?i)^\s*(?:fwd?|wg|tov|továbbítás|pd|vs|пер|пересл|posr|tr|rv|enc)\s*:`)

// maxForward bounds how much of a text is looked through, in bytes.
const maxForward = 64 << 10

// Forwarded is who wrote the message that this one passes on (rule 36): the sender of the first message that is attached, or the
// one in the first header that the text quotes, unless the message answers another and its subject does not say that it passes on.
// ok is false when it passes nothing on. Nothing of it is proven.
func (m *Message) Forwarded() (from Address, ok bool) {
	for _, p := range m.Parts {
		if p.Message && len(p.Body) > 0 {
			inner := read(p.Body)
			if len(inner.From) > 0 && strings.Contains(inner.From[0].Address, "@") {
				return inner.From[0], true
			}
		}
	}
	if len(m.InReplyTo) > 0 && !passesOn.MatchString(m.Subject) {
		return Address{}, false
	}
	return headedFrom(m.Text)
}

// headedFrom finds the first quoted header of a text: a line that says from whom, with another line of a header beside it.
func headedFrom(text string) (Address, bool) {
	lines := strings.Split(bounded(text, maxForward), "\n")
	for i, l := range lines {
		found := fromLine.FindStringSubmatch(strings.TrimRight(l, " \r"))
		if found == nil || !headerBeside(lines, i) {
			continue
		}
		if all := Addresses(found[1]); len(all) > 0 && strings.Contains(all[0].Address, "@") {
			return all[0], true
		}
	}
	return Address{}, false
}

func headerBeside(lines []string, i int) bool {
	for _, j := range []int{i - 1, i + 1, i + 2} {
		if j >= 0 && j < len(lines) && kindOf(lines[j]) == headLine {
			return true
		}
	}
	return false
}
