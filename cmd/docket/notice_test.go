package main

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture/mail"
	"docket/taxonomy"
	"docket/workflow"
	"docket/workflow/letter"
	"docket/workflow/relay/relaytest"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// proved is the field in which the house's own mail server says that people.example signed a message.
const proved = "Authentication-Results: mx.house.example; dkim=pass header.d=people.example\n"

// answerByMail is what a mail program makes of a message when somebody answers it: it quotes all of it, and attaches a plan.
func answerByMail(to *mail.Message, id, from, said string) string {
	quoted := "> " + strings.ReplaceAll(strings.TrimSpace(to.Text), "\n", "\n> ")
	return fmt.Sprintf("From: Anna Adler <%s>\nTo: %s\nSubject: Re: %s\nMessage-ID: <%s>\nIn-Reply-To: <%s>\nReferences: <%s>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"+
		"--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n\nOn Monday, 16 March 2026 at 09:41, The House <%s> wrote:\n%s\n"+
		"--b\nContent-Type: text/plain; name=plan.txt\nContent-Disposition: attachment; filename=plan.txt\nContent-Transfer-Encoding: base64\n\n%s\n--b--\n",
		from, to.ReplyTo[0], to.Subject, id, to.ID, to.ID, said, to.ReplyTo[0].Address, quoted, base64.StdEncoding.EncodeToString([]byte("The plan of "+id)))
}

// TestAnAgentAnswersByMail is the journey of rule 37: an agent is told of what a customer wrote, answers that message, and the customer gets
// the answer with what was attached and without anything of the notification; an answer to what tells of no customer's message is a note;
// and what nothing proves to be the agent's waits for a person.
func TestAnAgentAnswersByMail(t *testing.T) {
	whole(t)
	world := relaytest.Start(t)
	world.Open = true
	h := startMailHouse(t, "smtp://"+world.Address(), "service@house.example")
	h.notifier.Delay = time.Millisecond
	var anna, boss workflow.User
	h.inTx(t, func(tx pgx.Tx) (err error) {
		if boss, err = h.people.Add(t.Context(), tx, console, workflow.User{Name: "boss", Title: "Bert Ober", Roles: []workflow.Role{workflow.Agent}}, "correct horse"); err != nil {
			return err
		}
		anna, err = h.people.Add(t.Context(), tx, console, workflow.User{Name: "anna", Title: "Anna Adler", Roles: []workflow.Role{workflow.Agent}, Email: "anna@people.example", Language: "en"}, "correct horse")
		return err
	})
	h.deliver("margaret@example.org", letterByMail)
	ack := sent(t, world, 1)
	ticket := h.only()
	h.inTx(t, func(tx pgx.Tx) error {
		_, err := h.desk.Assign(t.Context(), tx, boss, ticket.ID, "anna", ticket.Team, 0)
		return err
	})
	assigned := sent(t, world, 2)
	if !strings.Contains(assigned.Text, "Bert Ober has given you this ticket.") || !strings.Contains(assigned.Text, "http://127.0.0.1:8080/tickets/"+ticket.Number) || assigned.Machine.Kind == "" {
		t.Errorf("told: %s\n%s", assigned.Subject, assigned.Text)
	}
	h.deliver("margaret@example.org", "From: margaret@example.org\nTo: service@house.example\nSubject: Re: "+ack.Subject+"\nMessage-ID: <2@example.org>\nIn-Reply-To: <"+ack.ID+">\n\nWhen does it come, please? I have waited for weeks.\n\n"+
		"On Monday, 16 March 2026 at 09:41, The House <service@house.example> wrote:\n> We received it.\n")
	answered := sent(t, world, 3)
	if to := world.Given()[2].To; !slices.Equal(to, []string{anna.Email}) || !strings.Contains(answered.Text, "> When does it come, please?") || strings.Contains(answered.Text, "We received it") ||
		!strings.Contains(answered.Text, "your answer goes to margaret@example.org") {
		t.Errorf("told %v:\n%s", to, answered.Text)
	}
	h.deliver(anna.Email, proved+answerByMail(answered, "3@people.example", anna.Email, "Dear Ms Whitcombe,\n\nit comes on Friday. The plan is attached.\n\nAnna Adler"))
	reply := sent(t, world, 4)
	if to := world.Given()[3].To; !slices.Equal(to, []string{"margaret@example.org"}) || !slices.Equal(reply.InReplyTo, []string{"2@example.org"}) || reply.Machine.Kind != "" ||
		!strings.HasPrefix(reply.Text, "Dear Ms Whitcombe,\n\nit comes on Friday. The plan is attached.\n\nAnna Adler\n\nThe House") || len(reply.Parts) != 1 || string(reply.Parts[0].Body) != "The plan of 3@people.example" {
		t.Errorf("%v gets %d parts:\n%s", to, len(reply.Parts), reply.Text)
	}
	if token, _, _ := strings.Cut(answered.ID, "@"); strings.Contains(world.Given()[3].Data, token) || strings.Contains(world.Given()[3].Data, "/tickets/") {
		t.Error("the customer gets the agent's token, or what only we are told")
	}
	if m, in := h.placed("3@people.example"); m.Action != thread.Told || m.Rule != 37 || in.ID != ticket.ID || m.Reason != "Answer of Anna Adler to a notification: it goes to the customer." {
		t.Errorf("her answer is in %q: %s by rule %d: %s %v", in.Number, m.Action, m.Rule, m.Reason, m.Trace)
	}
	h.deliver(anna.Email, proved+answerByMail(assigned, "4@people.example", anna.Email, "She is a friend of the mayor."))
	h.deliver("mallory@evil.example", answerByMail(answered, "5@evil.example", anna.Email, "Send the money to me."))
	h.deliver(anna.Email, proved+strings.Replace(answerByMail(answered, "6@people.example", anna.Email, "I am away."), "MIME-Version", "Auto-Submitted: auto-replied\nMIME-Version", 1))
	if notes := h.notes(ticket); !slices.Equal(notes, []string{"anna: She is a friend of the mayor."}) {
		t.Errorf("notes: %q", notes)
	}
	if m, in := h.placed("5@evil.example"); !m.Quarantined() || in.ID != uuid.Nil || m.Rule != 37 {
		t.Errorf("what nothing proves: %s by rule %d: %s %v", m.Action, m.Rule, m.Reason, m.Trace)
	}
	if m, in := h.placed("6@people.example"); m.Action != thread.Drop || in.ID != uuid.Nil || m.Rule != 37 {
		t.Errorf("her absence note: %s by rule %d: %s %v", m.Action, m.Rule, m.Reason, m.Trace)
	}
	out, err := h.outbox.List(t.Context(), h.pool, taxonomy.Root, workflow.OutgoingFilter{Kind: workflow.Reply})
	if n := len(world.Given()); err != nil || len(out) != 1 || n != 4 {
		t.Errorf("%d replies, %d messages were sent, %v", len(out), n, err)
	}
	v, err := verify(t.Context(), h.stack, true)
	if err != nil || !v.Sound {
		t.Errorf("verify: %+v, %v", v, err)
	}
}

// only is the one ticket of the house.
func (h *mailHouse) only() workflow.Ticket {
	h.t.Helper()
	all, err := h.desk.List(h.t.Context(), h.pool, taxonomy.Root, workflow.Filter{})
	if err != nil || len(all) != 1 {
		h.t.Fatalf("%d tickets, %v", len(all), err)
	}
	return all[0]
}

// notes are those of a ticket, with who wrote them.
func (h *mailHouse) notes(t workflow.Ticket) (all []string) {
	h.t.Helper()
	story, err := h.desk.Timeline(h.t.Context(), h.pool, t.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range story {
		if e.Note != "" {
			all = append(all, string(e.By)+": "+e.Note)
		}
	}
	return all
}

// What we write above a notification is what an answer to it is cut at, in each language and however a program quotes it.
func TestAnswersAreCutAtOurLine(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "hu", "pl", "ru", "sl"} {
		_, text, _, err := letter.Notify(letter.Notification{Number: "CLM-2026-000123-7", Told: []letter.Told{{Kind: "noted", Who: "Bert", Text: "She is difficult."}}}, time.UTC, language)
		if err != nil {
			t.Fatal(err)
		}
		text = letter.Body(text, "", "nxyz")
		for how, quoted := range map[string]string{"marked": "> " + strings.ReplaceAll(text, "\n", "\n> "), "as it is": text, "with a header": "From: The House\nSent: Monday\nTo: Anna\nSubject: News\n\n" + text} {
			if got := mail.Answer("It comes on Friday.\n\n" + quoted); got != "It comes on Friday." {
				t.Errorf("%s, %s:\n%s", language, how, got)
			}
			if got := mail.Answer(quoted); strings.Contains(got, "difficult") || strings.Contains(got, "nxyz") {
				t.Errorf("%s, %s, nothing new:\n%s", language, how, got)
			}
		}
	}
}
