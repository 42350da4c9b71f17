package workflow

import (
	"cmp"
	"crypto/sha256"
	"strings"
	"unicode"

	"docket/workflow/thread"
)

// Caps bound what is sent by itself (rule 18), because to tell a machine from a person fails now and then, and two machines that answer
// each other never stop. Each counts the last 24 hours.
type Caps struct {
	Address int // to one address
	Ticket  int // about one ticket
	Text    int // of one text to one domain; see Outgoing.digest
}

// DefaultCaps are those of a house that says nothing else.
var DefaultCaps = Caps{Address: 10, Ticket: 5, Text: 50}

// digest stands for the text of an automatic message without what differs from copy to copy: words with digits, such as numbers, dates
// and digests. The domain of its recipients belongs to it, so that a house may say the same to many. Nil for what a person wrote.
func (m Outgoing) digest() []byte {
	if !m.Kind.Automatic() {
		return nil
	}
	h := sha256.New()
	for _, to := range m.To() {
		h.Write([]byte(strings.ToLower(to[strings.LastIndexByte(to, '@')+1:]) + "\n"))
	}
	for _, word := range strings.Fields(thread.BaseSubject(m.Subject) + "\n" + m.Body) {
		if !strings.ContainsFunc(word, unicode.IsDigit) {
			h.Write([]byte(word + " "))
		}
	}
	return h.Sum(nil)
}

// or takes what is not said from others.
func (c Caps) or(others Caps) Caps {
	return Caps{Address: cmp.Or(c.Address, others.Address), Ticket: cmp.Or(c.Ticket, others.Ticket), Text: cmp.Or(c.Text, others.Text)}
}
