package workflow

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

func (o *postOffice) bounced(b Bounce) (m Outgoing, found bool) {
	o.Helper()
	o.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		m, found, err = o.out.Bounced(ctx, tx, b)
		return err
	})
	return m, found
}

// messageID is the Message-ID of what was sent.
func (o *postOffice) messageID(m Outgoing) string {
	return "<" + o.postman.Keys.Token(m.Ticket, m.ID, m.Recipients[0]) + "@house.example>"
}

func (o *postOffice) now() Ticket {
	o.Helper()
	t, err := o.desk.Ticket(o.Context(), o.Pool, taxonomy.Root, o.ticket.ID)
	if err != nil {
		o.Fatal(err)
	}
	return t
}

// An answer that came back has satisfied nothing: the ticket is ours again, its owner writes by post, and the address is left alone
// (rules 21 to 23).
func TestAnAnswerThatCameBackIsNoAnswer(t *testing.T) {
	for _, c := range []struct {
		what, state string
		waiting     WaitingOn
		heard       bool
		want        string
	}{
		{"the customer was asked", "waiting-for-customer", WaitingOnThem, false, "assessment"},
		{"the ticket was closed", "declined", WaitingOnNothing, false, "assessment"},
		{"the ticket is ours anyway", "assessment", WaitingOnUs, false, "assessment"},
		{"they have written since", "waiting-for-customer", WaitingOnThem, true, "waiting-for-customer"},
	} {
		t.Run(c.what, func(t *testing.T) {
			o := openPostOffice(t)
			m, err := o.sent(o.reply())
			if err != nil {
				t.Fatal(err)
			}
			o.Exec("update workflow.ticket set state = $1, waiting_on = $2, owner = 'anna', closed_at = case when $2 = 'closed' then now() end", c.state, c.waiting)
			if c.heard {
				o.Exec("update workflow.message set at = $1 where direction = 'in'", o.clock.Add(time.Hour))
			}
			report := repository.NewDocumentID()
			b := Bounce{OriginalMessageID: o.messageID(m), Recipient: "Eva.Weiss@Example.org", Status: "5.1.1", Diagnostic: "smtp; 550 5.1.1\r\n No such user", Report: report}
			if got, found := o.bounced(b); !found || got.State != Bounced {
				t.Fatalf("%v %+v", found, got)
			}
			got := o.find(m.ID)
			if got.State != Bounced || !got.BouncedAt.Equal(o.clock) || got.Answer != "5.1.1 smtp; 550 5.1.1 No such user" || !strings.Contains(got.Trouble, "postal address") {
				t.Errorf("%+v", got)
			}
			if ticket := o.now(); ticket.State != c.want {
				t.Errorf("the ticket is in state %s", ticket.State)
			}
			tasks := o.tasks(TaskFilter{Kind: UsePost})
			if len(tasks) != 1 || tasks[0].Assignee != "anna" || tasks[0].Document != m.ID || tasks[0].Ticket != o.ticket.ID {
				t.Errorf("tasks %+v", tasks)
			}
			if s, err := o.out.Suppressed(t.Context(), o.Pool, []string{"eva.weiss@example.org"}); len(s) != 1 || err != nil {
				t.Errorf("suppressed %v %v", s, err)
			}
			events := len(o.verbs())
			if got := o.verbs(); !slices.Contains(got, MessageBounced) || !slices.Contains(got, AnswerBounced) {
				t.Errorf("the ticket tells %v", got)
			}
			o.bounced(b)
			if again := len(o.verbs()); again != events || len(o.tasks(TaskFilter{Kind: UsePost})) != 1 {
				t.Errorf("the same report twice tells twice")
			}
		})
	}
}

// What may still arrive is noted, and what is not ours or was passed on changes nothing.
func TestReportsThatChangeNothing(t *testing.T) {
	o := openPostOffice(t)
	m := o.reply()
	m.Copies = []string{"law@example.net"}
	m, err := o.sent(m)
	if err != nil {
		t.Fatal(err)
	}
	delayed := Bounce{OriginalMessageID: o.messageID(m), Recipient: "eva.weiss@example.org", Status: "4.4.1", Diagnostic: "No answer from host"}
	for range 2 {
		o.bounced(delayed)
	}
	if got := o.find(m.ID); got.State != Sent || got.Answer != "4.4.1 No answer from host" || got.Trouble == "" {
		t.Errorf("%+v", got)
	}
	for what, b := range map[string]Bounce{
		"not ours":              {OriginalMessageID: "<b@mail.example>", Recipient: "eva.weiss@example.org", Status: "5.1.1"},
		"passed on":             {OriginalMessageID: o.messageID(m), Recipient: "elsewhere@example.com", Status: "5.1.1"},
		"one of several, which": {OriginalMessageID: o.messageID(m), Status: "5.1.1"},
	} {
		if _, found := o.bounced(b); found != (what != "not ours") {
			t.Errorf("%s: found %v", what, found)
		}
	}
	if got := o.verbs(); !slices.Equal(got, []journal.Verb{MessageQueued, MessageSent, MessageDelayed}) || o.find(m.ID).State != Sent {
		t.Errorf("the ticket tells %v", got)
	}
	if s, err := o.out.Suppressions(t.Context(), o.Pool, taxonomy.Root, SuppressionFilter{}); len(s) > 0 || err != nil {
		t.Errorf("suppressed %v %v", s, err)
	}
}

// An acknowledgement that came back keeps mail from the address, and no deadline hung on it.
func TestAnAcknowledgementThatCameBack(t *testing.T) {
	o := openPostOffice(t)
	m := o.acknowledge(o.ticket, o.facts())
	if err := o.work(m.ID, 1); err != nil {
		t.Fatal(err)
	}
	o.Exec("update workflow.ticket set state = 'declined', waiting_on = 'closed', closed_at = now()")
	o.bounced(Bounce{OriginalMessageID: o.messageID(m), Status: "5.2.2", Diagnostic: "Mailbox full for good"})
	if ticket := o.now(); ticket.State != "declined" || slices.Contains(o.verbs(), AnswerBounced) {
		t.Errorf("the ticket is in state %s and tells %v", ticket.State, o.verbs())
	}
	if next, err := o.queue(o.reply()); err != nil || next.State != Failed {
		t.Errorf("%+v %v", next, err)
	}
}
