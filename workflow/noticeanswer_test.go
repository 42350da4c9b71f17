package workflow

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/taxonomy"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Rule 37: an answer to a notification of what a customer wrote goes to the customer, as a reply that the agent can call back; no token of
// the agent's is in it, and the ticket waits for nobody else than before.
func TestAnAgentAnswersTheCustomerByMail(t *testing.T) {
	n := openNewsroom(t)
	asked, _ := n.deliver(n.fromEva())
	notice := n.one()
	if notice.Internal || notice.Answers != asked.Document || !strings.Contains(notice.Body, "your answer goes to eva.weiss@example.org") {
		t.Fatalf("%+v", notice)
	}
	before, _, _ := n.state()
	in := n.answerTo(notice, n.anna, "It comes on Friday.")
	part, received := n.stored("the plan")
	in.Parts, in.Received = []uuid.UUID{part}, []Received{received}
	m, ticket := n.deliver(in)
	if m.Action != thread.Told || m.Rule != 37 || m.Reason != "Answer of Anna Adler to a notification: it goes to the customer." || m.Notice != notice.ID || ticket.ID != n.ticket.ID {
		t.Errorf("decided %s by rule %d in %q: %s %v", m.Action, m.Rule, ticket.Number, m.Reason, m.Trace)
	}
	after, notes, replies := n.state()
	if after != before || len(notes) > 0 || len(replies) != 1 {
		t.Fatalf("the ticket is %s, with %d notes and %d replies", after, len(notes), len(replies))
	}
	r := replies[0]
	if r.State != Held || r.By != "anna" || r.Recipients[0] != "eva.weiss@example.org" || r.Answers != asked.Document || r.Body != "It comes on Friday." || len(r.Attachments) != 1 {
		t.Errorf("%+v", r)
	}
	if people := n.participants(); len(people) > 0 {
		t.Errorf("%v take part", people)
	}
	n.clock = n.clock.Add(time.Minute)
	if err := n.work(r.ID, 1); err != nil {
		t.Fatal(err)
	}
	given := n.world.Given()
	if last := given[len(given)-1]; last.To[0] != "eva.weiss@example.org" || strings.Contains(last.Data, n.postman.Keys.NoticeToken(notice.notice())) || strings.Contains(last.Data, "Auto-Submitted") || !strings.Contains(last.Data, "filename=plan.txt") {
		t.Errorf("the customer gets\n%s", last.Data)
	}
	if len(n.tell()) > 0 {
		t.Error("Anna is told of her own answer")
	}
}

// participants are who takes part in the ticket besides Eva.
func (n *newsroom) participants() (all []string) {
	n.Helper()
	if err := n.Pool.QueryRow(n.Context(), "select coalesce(array_agg(address), '{}') from workflow.participant where ticket = $1 and address <> 'eva.weiss@example.org'", n.ticket.ID).Scan(&all); err != nil {
		n.Fatal(err)
	}
	return all
}

// An answer to a notification of a note is a note, and so is one to whatever tells of a note among other things.
func TestANoteStaysInternal(t *testing.T) {
	n := openNewsroom(t)
	n.note(n.bert, "Be kind.")
	n.deliver(n.fromEva())
	notice := n.one()
	if !notice.Internal || strings.Contains(notice.Body, "goes to eva") {
		t.Fatalf("%+v", notice)
	}
	m, ticket := n.deliver(n.answerTo(notice, n.anna, "I am."))
	_, notes, replies := n.state()
	if m.Action != thread.Told || m.Reason != "Answer of Anna Adler to a notification: it is a note." || ticket.ID != n.ticket.ID || len(replies) > 0 ||
		len(notes) != 2 || notes[1] != "anna: I am." {
		t.Errorf("%s: %s, %d replies, notes %q", m.Action, m.Reason, len(replies), notes)
	}
}

// A message of which nothing proves who sent it is answered on the screen, which warns, and never by mail.
func TestNothingIsDisclosedToTheUnproved(t *testing.T) {
	n := openNewsroom(t)
	in := n.fromEva()
	in.Aligned = false
	n.deliver(in)
	if m := n.one(); !m.Internal || !strings.Contains(m.Body, "Nothing proves who sent this message.") {
		t.Errorf("%+v", m)
	}
}

// Whatever is wrong with an answer to a notification, a person looks at it, and nothing of it goes anywhere; a program's does nothing at all.
func TestAnswersThatAreNotFollowed(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(n *newsroom, notice Outgoing, in *Incoming)
		action thread.Action
		says   string
	}{
		{"the agent may not see the ticket any more", func(n *newsroom, _ Outgoing, _ *Incoming) {
			n.Exec("update workflow.ticket set readers = '{team:board}'")
		}, thread.Quarantine, "may not work on the ticket any more"},
		{"the agent answers no customers any more", func(n *newsroom, _ Outgoing, _ *Incoming) {
			n.amend("anna", Amendment{Roles: []Role{Mailroom}})
		}, thread.Quarantine, "may not work on the ticket any more"},
		{"the account is inactive", func(n *newsroom, _ Outgoing, _ *Incoming) { n.amend("anna", Amendment{Active: new(false)}) }, thread.Quarantine, "may not sign in"},
		{"another agent answers", func(n *newsroom, _ Outgoing, in *Incoming) { in.Sender = n.bert.Email }, thread.Quarantine, "another address"},
		{"the customer answers", func(_ *newsroom, _ Outgoing, in *Incoming) { in.Sender = "eva.weiss@example.org" }, thread.Quarantine, "another address"},
		{"nothing proves the sender", func(_ *newsroom, _ Outgoing, in *Incoming) { in.Aligned = false }, thread.Quarantine, "nothing proves"},
		{"the token is forged", func(n *newsroom, notice Outgoing, in *Incoming) {
			other := notice.notice()
			other.Person = n.bert.ID
			token := n.postman.Keys.NoticeToken(other)
			in.InReplyTo, in.Tokens = []string{thread.MessageID(token, "house.example")}, []string{token}
		}, thread.Quarantine, "forged"},
		{"there is nothing new in it", func(_ *newsroom, _ Outgoing, in *Incoming) { in.Said = " \n" }, thread.Quarantine, "nothing new"},
		{"it is longer than what is sent", func(_ *newsroom, _ Outgoing, in *Incoming) { in.Said = strings.Repeat("long ", maxLetter) }, thread.Quarantine, "too long"},
		{"an attachment has a newer version here", func(n *newsroom, _ Outgoing, in *Incoming) {
			part, received := n.stored("the plan", "the secret plan")
			in.Parts, in.Received = []uuid.UUID{part}, []Received{received}
		}, thread.Quarantine, "newer version"},
		{"an absence note", func(_ *newsroom, _ Outgoing, in *Incoming) { in.Kind, in.Silent = thread.Automatic, true }, thread.Drop, "A program"},
		{"a bounce", func(_ *newsroom, _ Outgoing, in *Incoming) { in.Kind, in.Sender, in.Silent = thread.Bounce, "", true }, thread.Drop, "A program"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := openNewsroom(t)
			n.deliver(n.fromEva())
			notice := n.one()
			before, _, _ := n.state()
			in := n.answerTo(notice, n.anna, "It comes on Friday.")
			tt.change(n, notice, &in)
			sent := len(n.jobs.jobs)
			m, ticket := n.deliver(in)
			if m.Action != tt.action || m.Rule != 37 || !strings.Contains(m.Reason, tt.says) || ticket.ID != uuid.Nil {
				t.Errorf("decided %s by rule %d in %q: %s %v", m.Action, m.Rule, ticket.Number, m.Reason, m.Trace)
			}
			after, notes, replies := n.state()
			if after != before || len(notes) > 0 || len(replies) > 0 || len(n.jobs.jobs) != sent || len(n.jobs.told) > 0 || len(n.participants()) > 0 {
				t.Errorf("it was %s and is %s, with %d notes and %d replies", before, after, len(notes), len(replies))
			}
			if asked := len(n.tasks(TaskFilter{Kind: DecideMail})) > 0; asked != (tt.action == thread.Quarantine) {
				t.Errorf("a person is asked: %v", asked)
			}
		})
	}
}

// stored is a document with some versions, which nobody has filed, and the digest of its first.
func (n *newsroom) stored(versions ...string) (id uuid.UUID, first Received) {
	n.Helper()
	id = repository.NewDocumentID()
	for i, text := range versions {
		content, err := n.postman.Store.PutContent(n.Context(), id, i+1, "plan.txt", strings.NewReader(text), 0)
		if err != nil {
			n.Fatal(err)
		}
		n.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			if i > 0 {
				_, err = n.postman.Store.Revise(ctx, tx, "bert", id, content, "")
				return err
			}
			_, err = n.postman.Store.Add(ctx, tx, "system:unpack", id, content)
			return err
		})
	}
	return id, Received{Name: "plan.txt", SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(versions[0])))}
}

// An answer to a notification may quote what only those may see who may see the ticket.
func TestAnswersToNotificationsAreConfidential(t *testing.T) {
	n := openNewsroom(t)
	n.Exec(`update taxonomy.definition set body = jsonb_set(body, '{readers}', '["role:agent"]') where kind = 'class' and id = 'complaint'`)
	n.Exec("update taxonomy.revision set number = number + 1")
	n.Exec("update workflow.ticket set readers = '{role:agent}'")
	n.note(n.bert, "Be kind.")
	notice := n.one()
	for _, from := range []User{n.anna, n.bert} { // followed, and in quarantine
		m, _ := n.deliver(n.answerTo(notice, from, "I am."))
		if r, err := n.plan.Record(t.Context(), n.Pool, m.Document); err != nil || len(r.Readers) != 1 || r.Class != taxonomy.Complaint {
			t.Errorf("%s: filed as %s for %v, %v", m.Action, r.Class, r.Readers, err)
		}
	}
}
