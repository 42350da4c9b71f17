package thread

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// The house of these tests has matter A of anna@bank.example and the organisation bank.example, to whom it sent message 1 about water
// damage; matter B of bert@mail.example, who sent message <b1@mail.example>; and old numbers of both.
var now = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)

const numberA, numberB = "CLM-2026-000123-7", "CLM-2026-000124-5"

func house(t testing.TB) Known {
	t.Helper()
	sent := Mail{Ticket: ticketA, Message: message1, Ours: true, To: []string{"anna@bank.example"}, BaseSubject: "water damage"}
	return Known{
		Keys: keys(t, 1), Domains: []string{"docket.example"},
		Mail: map[string]Mail{
			"b1@mail.example":            {Ticket: ticketB, BaseSubject: "fire"},
			"old@docket.example":         {Ticket: ticketB, Message: message2, Ours: true, To: []string{"bert@mail.example"}, BaseSubject: "fire"},
			token(t) + "@docket.example": sent,
		},
		Sent:    map[uuid.UUID]Mail{message1: sent},
		Numbers: map[string]uuid.UUID{numberA: ticketA, numberB: ticketB},
		Tickets: map[uuid.UUID]Ticket{
			ticketA: {Parties: []string{"anna@bank.example"}, Domains: []string{"bank.example"}, Team: "property"},
			ticketB: {Parties: []string{"Bert@mail.example"}, Team: "fire"},
		},
	}
}

// token is that of message 1.
func token(t testing.TB) string { return keys(t, 1).Token(ticketA, message1, "anna@bank.example") }

// reply is Anna's answer to message 1.
func reply(t testing.TB) Message {
	return Message{ID: "<r1@bank.example>", InReplyTo: []string{MessageID(token(t), "docket.example")}, Subject: "AW: Water damage",
		From: "anna@bank.example", Aligned: true}
}

// closedFor closes matter A some days ago, and says what its process does with answers.
func closedFor(days int, r Replies) func(*Message, *Known) {
	return func(_ *Message, k *Known) {
		a := k.Tickets[ticketA]
		a.Closed, a.Replies, a.Within = now.AddDate(0, 0, -days), r, 14*24*time.Hour
		k.Tickets[ticketA] = a
	}
}

// Every rule of the chain, on Anna's answer and on what is done to it.
func TestDecide(t *testing.T) {
	t.Parallel()
	forged := func(t testing.TB) string { return keys(t, 9).Token(ticketA, message1, "anna@bank.example") }
	none := func(m *Message) { m.InReplyTo = nil }
	for _, c := range []struct {
		what   string
		change func(*Message, *Known)
		action Action
		ticket uuid.UUID
		rule   int
		party  bool
		warn   bool
	}{
		{"12 own loop header", func(m *Message, _ *Known) { m.OwnLoop = true }, Drop, uuid.Nil, 12, false, false},
		{"12 own Message-ID", func(m *Message, _ *Known) { m.ID = MessageID(token(t), "docket.example") }, Drop, uuid.Nil, 12, false, false},

		{"24 signed token", func(*Message, *Known) {}, Join, ticketA, 24, false, false},
		{"24 signed token far back in References", func(m *Message, _ *Known) {
			m.References, m.InReplyTo = append(m.InReplyTo, "<x@bank.example>", "<y@bank.example>"), nil
		}, Join, ticketA, 24, false, false},
		{"24 signed token before a known message", func(m *Message, _ *Known) { m.References = []string{"<b1@mail.example>"} }, Join, ticketA, 24, false, false},
		{"24 signed token, sender not proved", func(m *Message, _ *Known) { m.Aligned = false }, Join, ticketA, 24, false, false},
		{"24 signed token of before the keys changed", func(_ *Message, k *Known) { k.Keys = keys(t, 5, 1) }, Join, ticketA, 24, false, false},
		{"24 forged token", func(m *Message, _ *Known) { m.InReplyTo = []string{MessageID(forged(t), "docket.example")} }, Quarantine, ticketA, 24, false, false},
		{"24 forged token beside a number of the sender", func(m *Message, _ *Known) {
			m.InReplyTo, m.Numbers = []string{MessageID(forged(t), "docket.example")}, []string{numberA}
		}, Quarantine, ticketA, 24, false, false},
		{"24 forged token beside a true one", func(m *Message, _ *Known) { m.References = []string{MessageID(forged(t), "docket.example")} }, Join, ticketA, 24, false, false},
		{"24 token of another recipient", func(_ *Message, k *Known) {
			k.Sent[message1] = Mail{Ticket: ticketA, Message: message1, Ours: true, To: []string{"bert@mail.example"}}
		}, Quarantine, ticketA, 24, false, false},
		{"24 token of a message that is not here", func(_ *Message, k *Known) { delete(k.Sent, message1) }, Quarantine, uuid.Nil, 24, false, false},
		{"24 token of another house", func(m *Message, _ *Known) { m.InReplyTo = []string{MessageID(forged(t), "other.example")} }, New, uuid.Nil, 0, false, false},
		{"24 message moved to another matter", func(_ *Message, k *Known) {
			sent := k.Sent[message1]
			sent.Ticket, sent.SentFor = ticketB, ticketA
			k.Sent[message1] = sent
		}, Join, ticketB, 24, true, false},
		{"24 matter that is not here any more", func(_ *Message, k *Known) { delete(k.Tickets, ticketA) }, New, uuid.Nil, 0, false, false},

		{"25 known message of a party", func(m *Message, _ *Known) {
			*m = Message{InReplyTo: []string{"<b1@mail.example>"}, Subject: "Re: Fire", From: "bert@mail.example", Aligned: true}
		}, Join, ticketB, 25, false, false},
		{"25 the rightmost known message", func(m *Message, k *Known) {
			k.Mail["a1@bank.example"] = Mail{Ticket: ticketA, BaseSubject: "fire"}
			*m = Message{References: []string{"<a1@bank.example>", "<b1@mail.example>", "<unknown@mail.example>"}, Subject: "Re: Fire", From: "bert@mail.example", Aligned: true}
		}, Join, ticketB, 25, false, false},
		{"25 known message, party not proved", func(m *Message, _ *Known) {
			*m = Message{InReplyTo: []string{"<b1@mail.example>"}, Subject: "Re: Fire", From: "bert@mail.example"}
		}, Attach, ticketB, 25, false, true},
		{"25 known message, stranger proved", func(m *Message, _ *Known) {
			*m = Message{InReplyTo: []string{"<b1@mail.example>"}, Subject: "Re: Fire", From: "lawyer@law.example", Aligned: true}
		}, Join, ticketB, 25, true, false},
		{"25 known message, stranger not proved", func(m *Message, _ *Known) {
			*m = Message{InReplyTo: []string{"<b1@mail.example>"}, Subject: "Re: Fire", From: "evil@law.example"}
		}, Quarantine, ticketB, 25, false, false},

		{"26 signed address", func(m *Message, _ *Known) { none(m); m.Tokens = []string{token(t)} }, Join, ticketA, 26, false, false},
		{"26 signed address of an unproved stranger who answers a known message", func(m *Message, _ *Known) {
			*m = Message{InReplyTo: []string{"<b1@mail.example>"}, Tokens: []string{token(t)}, Subject: "Re: Water damage", From: "carl@law.example"}
		}, Join, ticketA, 26, true, true},
		{"26 forged address", func(m *Message, _ *Known) { none(m); m.Tokens = []string{forged(t)} }, Quarantine, ticketA, 24, false, false},
		{"26 forged header, but signed address", func(m *Message, _ *Known) {
			m.InReplyTo, m.Tokens = []string{MessageID(forged(t), "docket.example")}, []string{token(t)}
		}, Join, ticketA, 26, false, false},
		{"26 marker of another house", func(m *Message, _ *Known) {
			none(m)
			m.Tokens = []string{keys(t, 9).Token(ticketB, message2, "anna@bank.example")}
		}, New, uuid.Nil, 0, false, false},

		{"27 number of a party", func(m *Message, _ *Known) { none(m); m.Numbers = []string{numberA} }, Join, ticketA, 27, false, false},
		{"27 number of a party, not proved", func(m *Message, _ *Known) { none(m); m.Numbers, m.Aligned = []string{numberA}, false }, Attach, ticketA, 27, false, true},
		{"27 number of a party, whose domain disowns the message", func(m *Message, _ *Known) {
			none(m)
			m.Numbers, m.Aligned, m.Disowned = []string{numberA}, false, true
		}, Quarantine, ticketA, 27, false, false},
		{"25 a party's domain disowns an answer to a known message", func(m *Message, _ *Known) {
			*m = Message{InReplyTo: []string{"<b1@mail.example>"}, Subject: "Re: Fire", From: "bert@mail.example", Disowned: true}
		}, Quarantine, ticketB, 25, false, false},
		{"24 signed token of a party, whose message was broken on its way", func(m *Message, _ *Known) { m.Aligned, m.Disowned = false, true }, Join, ticketA, 24, false, false},
		{"27 number, proved colleague of a party", func(m *Message, _ *Known) { none(m); m.Numbers, m.From = []string{numberA}, "carl@bank.example" }, Join, ticketA, 27, true, false},
		{"27 number, colleague not proved", func(m *Message, _ *Known) {
			none(m)
			m.Numbers, m.From, m.Aligned = []string{numberA}, "carl@bank.example", false
		}, Quarantine, ticketA, 27, false, false},
		{"27 number, proved user of the same mail provider", func(m *Message, _ *Known) { none(m); m.Numbers, m.From = []string{numberB}, "evil@mail.example" }, Quarantine, ticketB, 27, false, false},
		{"27 number of others beside the sender's own", func(m *Message, _ *Known) { none(m); m.Numbers = []string{numberB, numberA} }, Join, ticketA, 27, false, false},
		{"27 number that no ticket has", func(m *Message, _ *Known) { none(m); m.Numbers = []string{"CLM-2026-999999-1"} }, New, uuid.Nil, 0, false, false},

		{"28 nothing", func(m *Message, _ *Known) { none(m) }, New, uuid.Nil, 0, false, false},
		{"29 another subject", func(m *Message, _ *Known) { m.Subject = "New address" }, NewLinked, ticketA, 29, false, false},
		{"29 another subject that names the matter", func(m *Message, _ *Known) { m.Subject, m.Numbers = "Photos for "+numberA, []string{numberA} }, Join, ticketA, 24, false, false},
		{"29 no subject", func(m *Message, _ *Known) { m.Subject = "Re:" }, Join, ticketA, 24, false, false},
		{"29 another subject to a signed address", func(m *Message, _ *Known) { none(m); m.Tokens, m.Subject = []string{token(t)}, "New address" }, NewLinked, ticketA, 29, false, false},

		{"30 colleague with the token", func(m *Message, _ *Known) { m.From = "carl@bank.example" }, Join, ticketA, 24, true, false},
		{"30 somebody not proved with the token", func(m *Message, _ *Known) { m.From, m.Aligned = "carl@law.example", false }, Join, ticketA, 24, true, true},
		{"30 one of us", func(m *Message, _ *Known) { m.From = "mia@docket.example" }, Join, ticketA, 24, false, false},

		{"31 closed, to be reopened", closedFor(100, Reopen), ReopenIt, ticketA, 24, false, false},
		{"31 closed, to be linked", closedFor(1, Link), NewLinked, ticketA, 31, false, false},
		{"31 closed, of a process that says nothing", closedFor(1, ""), NewLinked, ticketA, 31, false, false},
		{"31 closed, within the days", closedFor(14, ReopenWithin), ReopenIt, ticketA, 24, false, false},
		{"31 closed, after the days", closedFor(15, ReopenWithin), NewLinked, ticketA, 31, false, false},
		{"31 merged", func(_ *Message, k *Known) { k.Tickets[ticketA] = Ticket{MergedInto: ticketB} }, Join, ticketB, 24, true, false},
		{"31 merged into what is not here", func(_ *Message, k *Known) { k.Tickets[ticketA] = Ticket{MergedInto: message2} }, New, uuid.Nil, 0, false, false},
		{"31 merged in a circle", func(_ *Message, k *Known) {
			k.Tickets[ticketA], k.Tickets[ticketB] = Ticket{MergedInto: ticketB}, Ticket{MergedInto: ticketA}
		}, New, uuid.Nil, 0, false, false},

		{"17 out of office", func(m *Message, _ *Known) { m.Kind, m.Subject = Automatic, "I am away" }, Attach, ticketA, 24, false, false},
		{"17 out of office in a closed matter", func(m *Message, k *Known) { m.Kind = Automatic; closedFor(1, Reopen)(m, k) }, Attach, ticketA, 24, false, false},
		{"17 out of office that answers nothing", func(m *Message, _ *Known) { none(m); m.Kind = Automatic }, Quarantine, uuid.Nil, 5, false, false},
		{"21 bounce from a server that nobody knows", func(m *Message, _ *Known) { m.Kind, m.From, m.Aligned = Bounce, "mailer-daemon@mx.example", false }, Attach, ticketA, 24, false, true},
		{"21 bounce of a message from before there were tokens", func(m *Message, _ *Known) {
			*m = Message{InReplyTo: []string{"<old@docket.example>"}, Kind: Bounce, From: "mailer-daemon@mx.example"}
		}, Attach, ticketB, 25, false, true},
		{"44 read receipt", func(m *Message, _ *Known) { m.Kind, m.Subject = Receipt, "Read: Water damage" }, Attach, ticketA, 24, false, false},
		{"16 a form's message", func(m *Message, _ *Known) { none(m); m.Kind = Generated }, New, uuid.Nil, 0, false, false},
		{"34 unproved in a closed matter", func(m *Message, k *Known) {
			closedFor(1, Reopen)(m, k)
			none(m)
			m.Numbers, m.Aligned = []string{numberA}, false
		}, Attach, ticketA, 27, false, true},
	} {
		m, k := reply(t), house(t)
		c.change(&m, &k)
		got := Decide(m, k, now)
		if got.Action != c.action || got.Ticket != c.ticket || got.Rule != c.rule || got.AddParty != c.party || got.Warn != c.warn {
			t.Errorf("%s: %+v", c.what, got)
		}
		if got.Reason == "" || len(got.Trace) == 0 || (got.Sure > 0) == (got.Action == Quarantine || got.Action == Drop) {
			t.Errorf("%s: unexplained: %+v", c.what, got)
		}
	}
}

// The trace names each rule that was asked, in order.
func TestTrace(t *testing.T) {
	t.Parallel()
	m, k := reply(t), house(t)
	m.InReplyTo, m.Numbers, m.From, m.Aligned = nil, []string{numberA}, "carl@bank.example", true
	got := Decide(m, k, now)
	var rules []string
	for _, s := range got.Trace {
		rules = append(rules, strings.TrimSpace(s.Result))
	}
	want := "not our own, no notification, no token, no message that is here, no token that leads to a matter, number of a matter of the sender, " +
		"sender becomes a party with limited rights, with the team that has it now"
	if s := strings.Join(rules, ", "); s != want {
		t.Errorf("%s", s)
	}
	if got.Team != "property" {
		t.Errorf("team %q", got.Team)
	}
}

// What is looked up is bounded, whatever a stranger lists.
func TestAsks(t *testing.T) {
	t.Parallel()
	m := reply(t)
	for i := range 10 * maxIDs {
		m.References = append(m.References, "<"+strings.Repeat("x", i+1)+"@mail.example>")
		m.Numbers = append(m.Numbers, numberA)
		m.Tokens = append(m.Tokens, token(t))
	}
	a := m.Asks()
	if len(a.IDs) != maxIDs+1 || len(a.Messages) != 1 || a.Messages[0] != message1 || len(a.Numbers) != maxNumbers {
		t.Errorf("%d IDs, %v, %d numbers", len(a.IDs), a.Messages, len(a.Numbers))
	}
	if a.IDs[0] != "r1@bank.example" || a.IDs[1] != token(t)+"@docket.example" {
		t.Errorf("begins with %q", a.IDs[:2])
	}
}
