package workflow

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// noted takes jobs and remembers them.
type noted struct {
	jobs []SendArgs
	told []TellArgs
}

func (n *noted) InsertTx(_ context.Context, _ pgx.Tx, args river.JobArgs, _ *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	switch args := args.(type) {
	case SendArgs:
		n.jobs = append(n.jobs, args)
	case TellArgs:
		n.told = append(n.told, args)
	}
	return &rivertype.JobInsertResult{}, nil
}

// A writingRoom is a house with a channel, an outbox and a ticket that a message opened.
type writingRoom struct {
	*house
	out     *Outbox
	jobs    *noted
	channel taxonomy.Channel
	ticket  Ticket
	message uuid.UUID // that opened the ticket
}

func openWritingRoom(t *testing.T) *writingRoom {
	r := &writingRoom{house: open(t), jobs: &noted{}}
	r.out = &Outbox{Desk: r.desk, Jobs: r.jobs, Ready: true}
	r.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		r.channel, err = r.plan.SaveChannel(ctx, tx, "boss", taxonomy.Channel{Address: "service@house.example", Name: "The House", Signature: "The House\nHigh Street 1"})
		return err
	})
	r.message, r.ticket = r.send(letter{taxonomy.Complaint, "Eva Weiß", []string{"subject", "late-delivery"}})
	r.Exec(`insert into workflow.message (document, direction, message_id, parents, subject, base_subject, sender, recipients, channel, ticket, at)
		values ($1, 'in', 'b@mail.example', '{a@mail.example}', 'The sofa', 'the sofa', 'eva.weiss@example.org', '{service@house.example}', $2, $3, $4)`,
		r.message, r.channel.ID, r.ticket.ID, now)
	return r
}

func (r *writingRoom) reply() Outgoing {
	return Outgoing{Ticket: r.ticket.ID, Answers: r.message, Recipients: []string{"eva.weiss@example.org"}, Body: "It comes on Friday."}
}

func (r *writingRoom) queue(m Outgoing) (Outgoing, error) {
	err := r.Try(func(ctx context.Context, tx pgx.Tx) (err error) {
		m, err = r.out.Queue(ctx, tx, r.agent, m)
		return err
	})
	return m, err
}

func (r *writingRoom) find(id uuid.UUID) Outgoing {
	r.Helper()
	m, err := r.out.Find(r.Context(), r.Pool, r.agent.Reader(), id)
	if err != nil {
		r.Fatal(err)
	}
	return m
}

// verbs are what a ticket's story says of messages.
func (r *writingRoom) verbs() (all []journal.Verb) {
	r.Helper()
	events, err := journal.BySubject(r.Context(), r.Pool, r.ticket.ID, 0)
	if err != nil {
		r.Fatal(err)
	}
	for _, e := range events {
		if e.Detail["message"] != nil {
			all = append(all, e.Verb)
		}
	}
	return all
}

// A reply waits for as long as it can be called back, and takes what it does not say from the message that it answers.
func TestAReplyIsHeldAndCanBeCalledBack(t *testing.T) {
	r := openWritingRoom(t)
	m, err := r.queue(r.reply())
	if err != nil {
		t.Fatal(err)
	}
	got := r.find(m.ID)
	if got.State != Held || got.Subject != "Re: The sofa" || got.Address != "service@house.example" || got.Language != "en" || got.By != "anna" ||
		!got.NotBefore.Equal(now.Add(DefaultUndo)) || !slices.Equal(got.Parents, []string{"b@mail.example", "a@mail.example"}) || got.TicketNumber != r.ticket.Number {
		t.Errorf("%+v", got)
	}
	if len(r.jobs.jobs) != 1 || r.jobs.jobs[0].Message != m.ID {
		t.Errorf("jobs %v", r.jobs.jobs)
	}
	r.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := r.out.Cancel(ctx, tx, r.agent, m.ID)
		return err
	})
	if got := r.find(m.ID); got.State != Cancelled {
		t.Errorf("called back, it is %s", got.State)
	}
	if d, there, err := r.out.FindDraft(t.Context(), r.Pool, r.ticket.ID, "anna"); !there || d.Body != "It comes on Friday." || d.Answers != r.message || err != nil {
		t.Errorf("draft %+v %v %v", d, there, err)
	}
	err = r.Try(func(ctx context.Context, tx pgx.Tx) error {
		_, err := r.out.Cancel(ctx, tx, r.agent, m.ID)
		return err
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("called back twice: %v", err)
	}
	if ticket, err := r.desk.Ticket(t.Context(), r.Pool, taxonomy.Root, r.ticket.ID); err != nil || ticket.ActiveAt.Before(now) || ticket.Version != r.ticket.Version {
		t.Errorf("the ticket: %+v %v", ticket, err)
	}
	if got := r.verbs(); !slices.Equal(got, []journal.Verb{MessageQueued, MessageCancelled}) {
		t.Errorf("the ticket tells %v", got)
	}
}

// What cannot be sent is refused with a sentence.
func TestWhatCannotBeSentIsRefused(t *testing.T) {
	r := openWritingRoom(t)
	for _, c := range []struct {
		what   string
		change func(*Outgoing)
		kind   fault.Kind
	}{
		{"nobody to write to", func(m *Outgoing) { m.Recipients = []string{" "} }, fault.Invalid},
		{"a name beside the address", func(m *Outgoing) { m.Recipients = []string{"Eva <eva@example.org>"} }, fault.Invalid},
		{"an address of two lines", func(m *Outgoing) { m.Recipients = []string{"eva@example.org\r\nBcc: all@example.org"} }, fault.Invalid},
		{"a local part that servers read otherwise", func(m *Outgoing) { m.Copies = []string{`"a b"@example.org`} }, fault.Invalid},
		{"our own address", func(m *Outgoing) { m.Copies = []string{"service+x@house.example"} }, fault.Invalid},
		{"no text", func(m *Outgoing) { m.Body = " \n" }, fault.Invalid},
		{"a ticket that is not there", func(m *Outgoing) { m.Ticket = uuid.New() }, fault.NotFound},
		{"an attachment that is not there", func(m *Outgoing) { m.Attachments = []uuid.UUID{uuid.New()} }, fault.NotFound},
	} {
		m := r.reply()
		c.change(&m)
		if _, err := r.queue(m); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	if all, err := r.out.List(t.Context(), r.Pool, r.agent.Reader(), OutgoingFilter{}); len(all) != 0 || err != nil {
		t.Errorf("kept: %v %v", all, err)
	}
	if m, err := r.queue(Outgoing{Ticket: r.ticket.ID, Recipients: []string{" Eva@Bücher.example", "eva@xn--bcher-kva.example"}, Body: "x", Subject: "a\r\nb"}); err != nil ||
		len(m.Recipients) != 1 || m.Recipients[0] != "Eva@xn--bcher-kva.example" || m.Subject != "a b" {
		t.Errorf("%+v %v", m, err)
	}
}

// Lists are by state, the newest first, and show what the reader may see.
func TestTheOutboxIsListed(t *testing.T) {
	r := openWritingRoom(t)
	var ids []uuid.UUID
	for range 3 {
		m, err := r.queue(r.reply())
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.ID)
	}
	r.Exec("update workflow.outgoing set not_before = $2 where id = $1", ids[1], now)
	r.Exec("update workflow.outgoing set state = 'failed' where id = $1", ids[2])
	list := func(u User, f OutgoingFilter) (found []uuid.UUID) {
		t.Helper()
		all, err := r.out.List(t.Context(), r.Pool, u.Reader(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			found = append(found, m.ID)
		}
		return found
	}
	for _, c := range []struct {
		f    OutgoingFilter
		want []uuid.UUID
	}{
		{OutgoingFilter{}, []uuid.UUID{ids[2], ids[1], ids[0]}},
		{OutgoingFilter{State: Held}, ids[:1]},
		{OutgoingFilter{State: Queued, Kind: Reply}, ids[1:2]},
		{OutgoingFilter{State: Failed, Ticket: r.ticket.ID}, ids[2:]},
		{OutgoingFilter{Ticket: uuid.New()}, nil},
		{OutgoingFilter{After: ids[2], Limit: 1}, ids[1:2]},
	} {
		if got := list(r.agent, c.f); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.f, got, c.want)
		}
	}
	if n, err := r.out.Counts(t.Context(), r.Pool, r.agent.Reader()); n[Held] != 1 || n[Queued] != 1 || n[Failed] != 1 || err != nil {
		t.Errorf("counts %v %v", n, err)
	}
	r.Exec("update workflow.ticket set readers = '{role:records-manager}'")
	if got := list(r.agent, OutgoingFilter{}); got != nil {
		t.Errorf("the agent sees %v", got)
	}
	if _, err := r.out.Find(t.Context(), r.Pool, r.agent.Reader(), ids[0]); !fault.Is(err, fault.NotFound) {
		t.Errorf("found: %v", err)
	}
}

// A draft is one of each person and ticket; of two windows the second is told.
func TestADraftIsKept(t *testing.T) {
	r := openWritingRoom(t)
	save := func(d Draft) (Draft, error) {
		err := r.Try(func(ctx context.Context, tx pgx.Tx) (err error) {
			d, err = r.out.SaveDraft(ctx, tx, r.agent, d)
			return err
		})
		return d, err
	}
	first, err := save(Draft{Ticket: r.ticket.ID, Body: "It com"})
	second, again := save(Draft{Ticket: r.ticket.ID, Body: "It comes", Version: first.Version})
	if err := errors.Join(err, again); err != nil || second.Version != first.Version+1 {
		t.Fatalf("%+v %v", second, err)
	}
	if _, err := save(Draft{Ticket: r.ticket.ID, Body: "Otherwise", Version: first.Version}); !fault.Is(err, fault.Conflict) {
		t.Errorf("saved over another: %v", err)
	}
	d, there, err := r.out.FindDraft(t.Context(), r.Pool, r.ticket.ID, "anna")
	if !there || d.Body != "It comes" || d.ChangedAt.Before(now.Add(-time.Hour)) || err != nil {
		t.Errorf("%+v %v %v", d, there, err)
	}
	r.Tx(func(ctx context.Context, tx pgx.Tx) error { return r.out.DropDraft(ctx, tx, r.ticket.ID, "anna") })
	if _, there, err := r.out.FindDraft(t.Context(), r.Pool, r.ticket.ID, "anna"); there || err != nil {
		t.Errorf("still there: %v", err)
	}
}

// What waits and has no job is sent all the same; without a relay it says why it waits.
func TestWhatWaitsIsTakenUp(t *testing.T) {
	r := openWritingRoom(t)
	m, err := r.queue(r.reply())
	if err != nil {
		t.Fatal(err)
	}
	resumed := func() (n int) {
		r.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			n, err = r.out.Resume(ctx, tx)
			return err
		})
		return n
	}
	if n := resumed(); n != 1 || len(r.jobs.jobs) != 2 || r.jobs.jobs[1].Message != m.ID {
		t.Errorf("%d taken up: %v", n, r.jobs.jobs)
	}
	r.out.Ready = false
	r.Exec("update workflow.outgoing set state = 'queued'")
	if got := r.find(m.ID); got.Trouble == "" {
		t.Errorf("%+v", got)
	}
	r.Exec("update workflow.outgoing set state = 'sent'")
	if n := resumed(); n != 0 {
		t.Errorf("%d taken up that are sent", n)
	}
}
