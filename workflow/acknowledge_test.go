package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

func (r *writingRoom) facts() MessageFacts {
	return MessageFacts{Document: r.message, MessageID: "b@mail.example", Parents: []string{"a@mail.example"}, Sender: "eva.weiss@example.org", SenderName: "Eva Weiß",
		Subject: "The sofa", Channel: r.channel.ID, At: now, Received: []Received{{Name: "The sofa.eml", Size: 4711, SHA256: strings.Repeat("ab12", 16)}}}
}

func (r *writingRoom) acknowledge(t Ticket, f MessageFacts) (m Outgoing) {
	r.Helper()
	r.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		m, err = r.out.Acknowledge(ctx, tx, journal.System("workflow"), t, f)
		return err
	})
	return m
}

// A customer is told the number, the day and what came, in their language, once.
func TestAMessageIsAcknowledgedOnce(t *testing.T) {
	o := openPostOffice(t)
	o.Exec("update workflow.ticket set language = 'de'")
	ticket, err := o.desk.Ticket(t.Context(), o.Pool, taxonomy.Root, o.ticket.ID)
	if err != nil {
		t.Fatal(err)
	}
	m := o.acknowledge(ticket, o.facts())
	if m.Language != "de" || m.State != Queued {
		t.Fatalf("%+v", m)
	}
	if again := o.acknowledge(ticket, o.facts()); again.ID != [16]byte{} {
		t.Errorf("acknowledged twice: %+v", again)
	}
	if err := o.work(m.ID, 1); err != nil {
		t.Fatal(err)
	}
	given := o.world.Given()
	if len(given) != 1 || given[0].From != "" || !slices.Equal(given[0].To, []string{"eva.weiss@example.org"}) {
		t.Fatalf("%+v", given)
	}
	for _, want := range []string{"Auto-Submitted: auto-replied\r\n", "X-Auto-Response-Suppress: All\r\n", "Precedence: auto_reply\r\n", "X-Docket-Loop: 4f2a9c0d\r\n",
		"In-Reply-To: <b@mail.example>\r\n", "References: <a@mail.example> <b@mail.example>\r\n", ticket.Number, "16. M=C3=A4rz 2026", "6. April 2026", strings.Repeat("ab12", 16)} {
		if !strings.Contains(given[0].Data, want) {
			t.Errorf("%q is missing from\n%s", want, given[0].Data)
		}
	}
	if got := o.find(m.ID); got.State != Sent || got.By != "system:workflow" {
		t.Errorf("%+v", got)
	}
}

// Nothing is answered by itself where it must not be (rules 11 to 14).
func TestWhoIsNotAnswered(t *testing.T) {
	r := openWritingRoom(t)
	r.Exec("insert into workflow.suppressed (address, reason) values ('gone@example.org', 'No such user')")
	for _, c := range []struct {
		what   string
		change func(*MessageFacts)
	}{
		{"a machine", func(f *MessageFacts) { f.Silent = true }},
		{"our own address", func(f *MessageFacts) { f.Sender = "Service+x@house.example" }},
		{"nobody", func(f *MessageFacts) { f.Sender = "" }},
		{"the null return path", func(f *MessageFacts) { f.Sender = "<>" }},
		{"what is no address", func(f *MessageFacts) { f.Sender = "eva@example.org\r\nBcc: x@y.example" }},
		{"mailer-daemon", func(f *MessageFacts) { f.Sender = "MAILER-DAEMON@example.org" }},
		{"postmaster", func(f *MessageFacts) { f.Sender = "postmaster@example.org" }},
		{"abuse", func(f *MessageFacts) { f.Sender = "abuse@example.org" }},
		{"root", func(f *MessageFacts) { f.Sender = "root@example.org" }},
		{"no-reply", func(f *MessageFacts) { f.Sender = "orders-noreply@example.org" }},
		{"a list", func(f *MessageFacts) { f.Sender = "owner-all@example.org" }},
		{"a suppressed address", func(f *MessageFacts) { f.Sender = "Gone@example.org" }},
	} {
		f := r.facts()
		c.change(&f)
		if m := r.acknowledge(r.ticket, f); m.State != "" {
			t.Errorf("%s is answered", c.what)
		}
	}
	r.out.Ready = false
	if m := r.acknowledge(r.ticket, r.facts()); m.State != "" {
		t.Error("something is made that nobody sends")
	}
	if r.out.Ready = true; len(r.jobs.jobs) > 0 || r.acknowledge(r.ticket, r.facts()).State != Queued {
		t.Error("a person is not answered")
	}
	for _, a := range []string{"rooted@example.org", "norbert@example.org", "abused@example.org", "eva.request@example.org"} {
		if unanswered(a) {
			t.Errorf("%s is taken for a machine", a)
		}
	}
}

// Two machines that answer each other come to an end, and the ticket tells why (rule 18).
func TestAutomaticMessagesAreCapped(t *testing.T) {
	r := openWritingRoom(t)
	notify := func(to, text string) (m Outgoing) {
		t.Helper()
		r.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			m, err = r.out.Automatic(ctx, tx, journal.System("workflow"), r.ticket, Outgoing{Recipients: []string{to}, Body: text})
			return err
		})
		return m
	}
	for _, c := range []struct {
		caps Caps
		to   string // %d is another each time
		why  string
	}{
		{Caps{Address: 3, Ticket: 100, Text: 100}, "Eva@example.org", "3 automatic messages went to this address"},
		{Caps{Address: 100, Ticket: 3, Text: 100}, "eva%d@example%d.org", "3 automatic messages were sent for this ticket"},
		{Caps{Address: 100, Ticket: 100, Text: 3}, "eva%d@example.org", "The same text went to the same domain 3 times"},
	} {
		r.Exec("delete from workflow.outgoing")
		r.out.Caps = c.caps
		for i := range 3 {
			if m := notify(strings.ReplaceAll(c.to, "%d", fmt.Sprint(i)), fmt.Sprintf("Ticket %d is here.", i)); m.State != Queued || m.Subject == "" {
				t.Fatalf("%s: %d: %+v", c.to, i, m)
			}
		}
		if m := notify(strings.ReplaceAll(c.to, "%d", "9"), "Ticket 9 is here."); m.State != "" {
			t.Errorf("%s: more than the cap", c.to)
		}
		events, err := journal.BySubject(t.Context(), r.Pool, r.ticket.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if last := events[len(events)-1]; last.Verb != MessageWithheld || !strings.HasPrefix(fmt.Sprint(last.Detail["reason"]), c.why) {
			t.Errorf("%s: the ticket tells %+v", c.to, last)
		}
		r.Exec("update workflow.outgoing set created_at = created_at - interval '25 hours'")
		if m := notify(strings.ReplaceAll(c.to, "%d", "9"), "Ticket 9 is here."); m.State != Queued {
			t.Errorf("%s: a day later it is still too much", c.to)
		}
	}
}
