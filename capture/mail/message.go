package mail

import "time"

// MaxSize bounds a message in bytes; a larger one is not read.
const MaxSize = 100 << 20

// Bounds on what is kept of one message.
const (
	maxEntities  = 1000
	maxDepth     = 50
	maxText      = 32 << 20
	maxParts     = 2000 // with what was wrapped up in others
	maxIDs       = 100
	maxAddresses = 1000 // of one field
	maxTokens    = 20
	maxLine      = 1000 // runes of a subject or a name
)

// A Message is what could be read of a message. Its texts are UTF-8 without control characters but line ends and tabs.
type Message struct {
	ID         string   // Message-ID without <>; made of the sender and the content when there is none
	Synthetic  bool     // ID was made here (rule 2)
	InReplyTo  []string // ids without <>, in order, none twice, at most 100
	References []string // likewise

	From, Sender, ReplyTo, To, Cc []Address

	Subject string    // one line
	Date    time.Time // as written; zero when absent or unreadable. Holding it against the receipt is the caller's (rule 7)
	Text    string    // what it says, lines ended by \n; made of the HTML where that is all there is
	Made    bool      // Text was made of HTML alone
	HTML    string    // as sent, not sanitised; empty when there is none. Texts beside it that have no HTML stand in it, escaped
	Parts   []Part    // in order

	Machine   Machine
	Report    *Report  // nil unless it reports on the delivery of another message
	Loops     []string // values of our own loop header: installations that sent it automatically (rule 12)
	Flags     []Flag   // each once
	Delivered []string // addresses it was delivered to, by Delivered-To, X-Original-To and Envelope-To (rule 39)
	Tokens    []string // of plus addresses and of markers in the body, as written, unproven, at most 20 (rule 26)
	Header    Header   // of the message itself
}

// An Address is one mailbox of an address list. Address may be empty when only a name was written, and need not have an @.
type Address struct {
	Name    string // decoded, one line; may be empty
	Address string // its domain in lower case
}

// String writes an address as a person reads it.
func (a Address) String() string {
	switch {
	case a.Name == "":
		return a.Address
	case a.Address == "":
		return a.Name
	}
	return a.Name + " <" + a.Address + ">"
}

// A Part is what a message brings.
type Part struct {
	Name      string // without folders; may be empty
	MediaType string // told by the bytes where the message says application/octet-stream
	ContentID string // without <>
	Inline    bool   // a picture that the HTML shows, not one that was attached
	Message   bool   // message/rfc822: a message of its own (rule 36)
	Encrypted bool   // a key or password may be needed to open it (rule 41)
	Body      []byte // decoded; it may share the message's memory and must not be changed
}

// A Flag says something about a message that a person should know. Flags keep nothing from being read.
type Flag string

// The flags.
const (
	Repaired   Flag = "repaired"   // damaged, but could be read at least in part
	Incomplete Flag = "incomplete" // over a bound: not all of it was read
	Signed     Flag = "signed"     // S/MIME or OpenPGP; not verified here
	Encrypted  Flag = "encrypted"  // all of it or a part cannot be read without a key or password
	Wrapped    Flag = "wrapped"    // came wrapped up by Outlook or S/MIME; what was inside is among the parts
	Guessed    Flag = "guessed"    // the charset was absent or wrong and was guessed by the bytes
)

func (m *Message) flag(f Flag) {
	if !m.Has(f) {
		m.Flags = append(m.Flags, f)
	}
}

// Has says whether a message is flagged so.
func (m *Message) Has(f Flag) bool {
	for _, g := range m.Flags {
		if g == f {
			return true
		}
	}
	return false
}
