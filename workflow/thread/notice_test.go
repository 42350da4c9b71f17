package thread

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// Mia of the house was told of matter A an hour ago.
func noticed(t testing.TB) Notice {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	at := now.Add(-time.Hour).UnixMilli()
	for i := range 6 {
		id[i] = byte(at >> (8 * (5 - i)))
	}
	return Notice{Message: id, Ticket: ticketA, Person: uuid.UUID{15: 7}, Name: "Mia Berg", Address: "Mia@docket.example", Active: true, May: true}
}

// told is Mia's answer to what told her.
func told(t testing.TB, n Notice) (Message, Known) {
	t.Helper()
	k := house(t)
	k.Notices = map[uuid.UUID]Notice{n.Message: n}
	return Message{ID: "<a1@docket.example>", InReplyTo: []string{MessageID(k.Keys.NoticeToken(n), "docket.example")}, Subject: "Re: A message came in",
		From: "mia@docket.example", Aligned: true}, k
}

// A notification's token is for one message about one ticket to one person, and says whether an answer to it is internal.
func TestNoticeToken(t *testing.T) {
	t.Parallel()
	k, n := keys(t, 1), noticed(t)
	token := k.NoticeToken(n)
	if len(token) != tokenSize || token[:1] != noticeMark {
		t.Errorf("form: %s", token)
	}
	changed := func(f func(*Notice)) Notice { n := n; f(&n); return n }
	for _, c := range []struct {
		what  string
		keys  Keys
		token string
		of    Notice
		want  bool
	}{
		{"as it was made", k, token, n, true},
		{"in other letters", k, strings.ToUpper(token), n, true},
		{"with the key of before", keys(t, 2, 1), token, n, true},
		{"with another key", keys(t, 2), token, n, false},
		{"for another ticket", k, token, changed(func(n *Notice) { n.Ticket = ticketB }), false},
		{"for another person", k, token, changed(func(n *Notice) { n.Person[0]++ }), false},
		{"for an internal one", k, token, changed(func(n *Notice) { n.Internal = true }), false},
		{"for another message", k, token, changed(func(n *Notice) { n.Message = message1 }), false},
		{"a reply token of the same message", k, k.Token(ticketA, n.Message, n.Address), n, false},
		{"a reply token with another mark", k, noticeMark + k.Token(ticketA, n.Message, n.Address)[1:], n, false},
		{"cut off", k, token[:len(token)-1], n, false},
		{"without keys", Keys{}, token, n, false},
	} {
		if got := c.keys.OpenNotice(c.token, c.of); got != c.want {
			t.Errorf("%s: opens %v, want %v", c.what, got, c.want)
		}
	}
	if k.Open(token, ticketA, n.Address) || k.Open(mark+token[1:], ticketA, n.Address) {
		t.Error("a notification's token opens a conversation")
	}
	plus, ok := PlusAddress("claims@docket.example", token)
	if got, found := TokenIn(strings.ToUpper(plus)); !ok || !found || got != token {
		t.Errorf("in %s: %q", plus, got)
	}
}

// Rule 37: only the person who was told, proved, active and still allowed to, is followed; no other rule is asked about anybody else.
func TestAnswersToNotifications(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		change func(m *Message, n *Notice, k Keys)
		action Action
		says   string
	}{
		{"what a customer wrote is answered", func(*Message, *Notice, Keys) {}, Told, "Answer of Mia Berg to a notification: it goes to the customer."},
		{"an internal note is answered", func(m *Message, n *Notice, k Keys) {
			n.Internal = true
			m.InReplyTo = []string{MessageID(k.NoticeToken(*n), "docket.example")}
		}, Told, "it is a note"},
		{"the token is in the address alone", func(m *Message, n *Notice, k Keys) { m.Tokens, m.InReplyTo = []string{k.NoticeToken(*n)}, nil }, Told, "to the customer"},
		{"a program answers", func(m *Message, _ *Notice, _ Keys) { m.Kind = Automatic }, Drop, "A program"},
		{"a program whose sender is not proved answers", func(m *Message, _ *Notice, _ Keys) { m.Kind, m.Aligned = Receipt, false }, Drop, "A program"},
		{"somebody else answers", func(m *Message, _ *Notice, _ Keys) { m.From = "anna@bank.example" }, Quarantine, "comes from another address"},
		{"nobody answers", func(m *Message, n *Notice, _ Keys) { m.From, n.Address = "", "" }, Quarantine, "comes from another address"},
		{"the address is another one today", func(_ *Message, n *Notice, _ Keys) { n.Address = "mia@home.example" }, Quarantine, "comes from another address"},
		{"nothing proves the sender", func(m *Message, _ *Notice, _ Keys) { m.Aligned = false }, Quarantine, "nothing proves"},
		{"the account is inactive", func(_ *Message, n *Notice, _ Keys) { n.Active = false }, Quarantine, "may not sign in any more"},
		{"the ticket is hidden from her now", func(_ *Message, n *Notice, _ Keys) { n.May = false }, Quarantine, "may not work on the ticket any more"},
		{"it is too old", func(m *Message, n *Notice, k Keys) {
			n.Message[0], n.Message[1] = 0, 1
			m.InReplyTo = []string{MessageID(k.NoticeToken(*n), "docket.example")}
		}, Quarantine, "more than 30 days ago"},
		{"the token is forged", func(m *Message, n *Notice, _ Keys) {
			m.InReplyTo = []string{MessageID(keys(t, 9).NoticeToken(*n), "docket.example")}
		}, Quarantine, "forged"},
		{"a customer's notification is made an internal one", func(_ *Message, n *Notice, _ Keys) { n.Internal = true }, Quarantine, "forged"},
		{"the notification is not here", func(m *Message, n *Notice, k Keys) {
			other := *n
			other.Message[15]++
			m.InReplyTo = []string{MessageID(k.NoticeToken(other), "docket.example")}
		}, Quarantine, "not here"},
		{"a party answers with a token that the party was sent, too", func(m *Message, _ *Notice, _ Keys) {
			m.From, m.References = "anna@bank.example", []string{MessageID(token(t), "docket.example")}
		}, Quarantine, "comes from another address"},
		{"it is our own and came back", func(m *Message, _ *Notice, _ Keys) { m.OwnLoop = true }, Drop, "our own"},
	} {
		n := noticed(t)
		m, k := told(t, n)
		c.change(&m, &n, k.Keys)
		k.Notices = map[uuid.UUID]Notice{n.Message: n}
		if c.says == "not here" {
			k.Notices = map[uuid.UUID]Notice{}
		}
		d := Decide(m, k, now)
		if d.Action != c.action || !strings.Contains(d.Reason, c.says) || d.Rule != 37 && c.says != "our own" {
			t.Errorf("%s: %s by rule %d: %s %v", c.what, d.Action, d.Rule, d.Reason, d.Trace)
		}
		if d.AddParty || d.Answers != uuid.Nil {
			t.Errorf("%s: it is taken for a customer's: %+v", c.what, d)
		}
		if asked := m.Asks().Notices; len(asked) != 1 {
			t.Errorf("%s: asks for %v", c.what, asked)
		}
	}
}

// FuzzNoticeToken gives tokens of strangers to the keys. None opens but what they made.
func FuzzNoticeToken(f *testing.F) {
	k, n := keys(f, 1), noticed(f)
	token := k.NoticeToken(n)
	f.Add(token)
	f.Add("<" + token + "@docket.example>")
	f.Add("claims+" + token + "@docket.example")
	f.Add(noticeMark + k.Token(ticketA, n.Message, n.Address)[1:])
	f.Fuzz(func(t *testing.T, s string) {
		if k.OpenNotice(s, n) && strings.ToLower(s) != token {
			t.Errorf("%q opens", s)
		}
		m := Message{InReplyTo: []string{s}, References: []string{s}, Tokens: []string{s}, From: n.Address, Aligned: true}
		if d := Decide(m, Known{Keys: k, Notices: map[uuid.UUID]Notice{n.Message: n}}, now); d.Action == Told && !strings.Contains(strings.ToLower(s), token) {
			t.Errorf("%q is followed", s)
		}
	})
}
