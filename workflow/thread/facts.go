package thread

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// A Kind says who wrote a message.
type Kind string

// The kinds. The zero kind is a person.
const (
	Person    Kind = ""
	Automatic Kind = "automatic" // an out-of-office, an acknowledgement: an answer that nobody wrote
	Bounce    Kind = "bounce"    // a report on the delivery of our own message
	Receipt   Kind = "receipt"   // our message was read
	Generated Kind = "generated" // a list, a form, a system: machine-made, but no answer to anything, and perhaps a matter of its own
)

// A Message is what a message says. Strangers wrote all of it but Aligned and Disowned.
type Message struct {
	ID          string   // Message-ID; angle brackets may stand or not, here and below
	InReplyTo   []string //
	References  []string // as they stand, the newest last
	Tokens      []string // from the addresses it was sent to and from markers in the body, see TokenIn and Marker
	Subject     string
	BaseSubject string   // "": made of Subject, see BaseSubject
	Numbers     []string // ticket numbers in the subject, see Numbers
	From        string   // the address of the sender
	Aligned     bool     // the domain of From is proved
	Disowned    bool     // it is disproved: the domain asks not to believe what it does not prove (DMARC)
	Kind        Kind
	OwnLoop     bool // it carries the loop header of this house
}

// Known is what the house knows of a message's facts. The zero value knows nothing.
type Known struct {
	Keys    Keys
	Domains []string             // our own: of Message-IDs that we give and of addresses that we have
	Mail    map[string]Mail      // by Message-ID without brackets, of those in Asked.IDs that are here
	Sent    map[uuid.UUID]Mail   // by the ID in a token, of those in Asked.Messages that we sent
	Numbers map[string]uuid.UUID // by number, of those in Asked.Numbers that a ticket here has: so prefix and check digit are right
	Notices map[uuid.UUID]Notice // by their own ID, of those in Asked.Notices that told one of us something
	Tickets map[uuid.UUID]Ticket // all that Mail, Sent and Numbers name, and those into which they were merged
}

// Mail is a message that is here.
type Mail struct {
	Ticket      uuid.UUID // where it is now
	SentFor     uuid.UUID // the ticket that its token was made for; the zero ID: Ticket
	Message     uuid.UUID // its own ID, of what we sent
	Ours        bool      // we sent it
	To          []string  // whom we sent it to
	BaseSubject string
}

// Replies says what a process does with answers to closed matters.
type Replies string

// The ways. The zero value opens a new, linked matter.
const (
	Link         Replies = "link"
	Reopen       Replies = "reopen"
	ReopenWithin Replies = "reopen within" // reopen, but link once Ticket.Within has passed since it was closed
)

// A Ticket is a matter as it is now.
type Ticket struct {
	Closed     time.Time // the zero time: open
	MergedInto uuid.UUID // the zero ID: not merged
	Parties    []string  // their addresses
	Domains    []string  // of parties that are organisations, as somebody registered them; never those of mail providers
	Replies    Replies
	Within     time.Duration
	Team       string
}

// Asked is what Decide needs to know of a message.
type Asked struct {
	IDs      []string    // Message-IDs without brackets
	Messages []uuid.UUID // that tokens name
	Notices  []uuid.UUID // that tokens of notifications name
	Numbers  []string
}

// The bounds of what one message can make us look up.
const (
	maxIDs     = 200
	maxNumbers = 10
)

// Asks says what is to be looked up about a message.
func (m Message) Asks() (a Asked) {
	ids := m.Parents()
	if m.ID != "" {
		a.IDs = append(a.IDs, bare(m.ID))
	}
	a.IDs = append(a.IDs, ids...)
	for _, t := range append(tokensOf(ids), m.tokens()...) {
		if id, ok := messageOf(t); ok && !slices.Contains(a.Messages, id) {
			a.Messages = append(a.Messages, id)
		}
	}
	for _, t := range m.noticeTokens() {
		if id, ok := noticeOf(t); ok && !slices.Contains(a.Notices, id) {
			a.Notices = append(a.Notices, id)
		}
	}
	a.Numbers = m.Numbers[:min(len(m.Numbers), maxNumbers)]
	return a
}

// tokens are those of the addresses and the body, as many as are looked at.
func (m Message) tokens() []string { return m.Tokens[:min(len(m.Tokens), maxMarkers)] }

// Parents are the messages that a message answers, the nearest first: In-Reply-To, then References from the right.
func (m Message) Parents() (ids []string) {
	seen := map[string]bool{"": true, bare(m.ID): true}
	add := func(id string) {
		if id = bare(id); !seen[id] && len(ids) < maxIDs {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, id := range m.InReplyTo {
		add(id)
	}
	for _, id := range slices.Backward(m.References) {
		add(id)
	}
	return ids
}

func tokensOf(ids []string) (tokens []string) {
	for _, id := range ids {
		if t, ok := TokenOf(id); ok {
			tokens = append(tokens, t)
		}
	}
	return tokens
}

var number = regexp.MustCompile(`(?i)\b[A-Z]{2,5}-[0-9]{4}-[0-9]{6,9}-[0-9]\b`)

// Numbers are the ticket numbers in a subject that valid accepts, which knows the check digit. They are few, and in capitals.
func Numbers(subject string, valid func(string) bool) (found []string) {
	for _, n := range number.FindAllString(subject, maxNumbers) {
		if n = strings.ToUpper(n); valid(n) && !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	return found
}
