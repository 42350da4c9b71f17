package workflow

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A mailbox is a house with a channel, whose messages are threaded before they are filed, as capture does it.
type mailbox struct {
	*house
	channel taxonomy.Channel
	keys    thread.Keys
}

func openMailbox(t *testing.T) *mailbox {
	m := &mailbox{house: open(t)}
	var err error
	if m.keys, err = thread.NewKeys([]byte(strings.Repeat("k", 32))); err != nil {
		t.Fatal(err)
	}
	m.desk.Correspond(Post{Keys: m.keys, Installation: "this-house"})
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		m.channel, err = m.plan.SaveChannel(ctx, tx, "test", taxonomy.Channel{Address: "claims@harbour.example", Name: "Harbour claims", Language: "en"})
		return err
	})
	return m
}

// deliver takes a message in: it is threaded, and filed as class where the chain leaves it to what the message says.
func (m *mailbox) deliver(in Incoming, class taxonomy.ClassID) (Message, Ticket) {
	m.Helper()
	if in.Document == uuid.Nil {
		in.Document = repository.NewDocumentID()
	}
	in.At, in.Channel = now, m.channel.ID
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "insert into repository.document (id, created_by) values ($1, 'test') on conflict do nothing", in.Document); err != nil {
			return err
		}
		found, err := m.desk.Thread(ctx, tx, "system:workflow", in)
		if err != nil {
			return err
		}
		if found.Action != thread.New && found.Action != thread.NewLinked {
			class = taxonomy.Correspondence
		}
		hints := taxonomy.Hints{Name: in.SenderName, Emails: []string{in.Sender}}
		who, err := m.plan.Recognise(ctx, tx, "system:capture", hints, in.Document)
		if err != nil {
			return err
		}
		_, err = m.plan.File(ctx, tx, "system:capture", taxonomy.Filing{Document: in.Document, Class: class, Confidence: 0.9,
			Values: taxonomy.Values{}, Party: who.Party.ID, Language: "en", Received: now})
		return err
	})
	return m.look(in.Document)
}

func (m *mailbox) look(id repository.DocumentID) (Message, Ticket) {
	m.Helper()
	messages, err := m.desk.Messages(m.Context(), m.Pool, []repository.DocumentID{id})
	if err != nil {
		m.Fatal(err)
	}
	tickets, err := m.desk.ByDocuments(m.Context(), m.Pool, []repository.DocumentID{id})
	if err != nil {
		m.Fatal(err)
	}
	return messages[id], tickets[id]
}

// write is what the house sent about a ticket to somebody, and the Message-ID with its token.
func (m *mailbox) write(ticket Ticket, to string) (messageID string) {
	m.Helper()
	id := repository.NewDocumentID()
	messageID = thread.MessageID(m.keys.Token(ticket.ID, id, to), "harbour.example")
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "insert into repository.document (id, created_by) values ($1, 'test')", id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into workflow.message (document, direction, message_id, subject, base_subject, sender, recipients, ticket, sent_for, at)
			values ($1, 'out', $2, $3, $4, 'claims@harbour.example', $5, $6, $6, $7)`, id, strings.Trim(messageID, "<>"),
			"["+ticket.Number+"] The late sofa", thread.BaseSubject("The late sofa"), []string{to}, ticket.ID, now)
		return err
	})
	return messageID
}

const eva = "eva@customer.example"

// complaint is how Eva's matter begins.
func (m *mailbox) complaint() Ticket {
	m.Helper()
	first, ticket := m.deliver(Incoming{ID: "1@customer.example", Subject: "The late sofa", Sender: eva, SenderName: "Eva Weiss", Delivered: true}, taxonomy.Complaint)
	if ticket.Number == "" || first.Action != thread.New || !first.Warn {
		m.Fatalf("her message: %+v, ticket %q", first, ticket.Number)
	}
	return ticket
}

func TestConversation(t *testing.T) {
	tests := []struct {
		name   string
		in     func(sent string, t Ticket) Incoming
		action thread.Action
		rule   int
		joins  bool   // the ticket of the conversation
		opens  bool   // another ticket
		task   bool   // a person is asked
		state  string // of the ticket of the conversation
	}{
		{"the customer answers what we sent", func(sent string, _ Ticket) Incoming {
			return Incoming{Sender: eva, Subject: "Re: The late sofa", InReplyTo: []string{sent}}
		}, thread.Join, 24, true, false, false, "assessment"},
		{"her colleague answers what we sent to her", func(sent string, _ Ticket) Incoming {
			return Incoming{Sender: "jo@customer.example", Aligned: true, Subject: "Re: The late sofa", InReplyTo: []string{sent}}
		}, thread.Join, 24, true, false, false, "assessment"},
		{"a token that we did not sign", func(sent string, t Ticket) Incoming {
			return Incoming{Sender: "mallory@evil.example", Aligned: true, Subject: "Re: [" + t.Number + "] The late sofa", InReplyTo: []string{forgedToken(sent)}}
		}, thread.Quarantine, 24, false, false, true, "waiting-for-customer"},
		{"a stranger writes the number into the subject", func(_ string, t Ticket) Incoming {
			return Incoming{Sender: "mallory@evil.example", Aligned: true, Subject: "About " + t.Number}
		}, thread.Quarantine, 27, false, false, true, "waiting-for-customer"},
		{"the customer writes the number into the subject", func(_ string, t Ticket) Incoming {
			return Incoming{Sender: eva, Aligned: true, Subject: "About " + t.Number}
		}, thread.Join, 27, true, false, false, "assessment"},
		{"somebody in her name whom nothing proves", func(_ string, t Ticket) Incoming {
			return Incoming{Sender: eva, Subject: "About " + t.Number}
		}, thread.Attach, 27, true, false, false, "waiting-for-customer"},
		{"her absence note", func(sent string, _ Ticket) Incoming {
			return Incoming{Sender: eva, Aligned: true, Kind: thread.Automatic, Silent: true, Subject: "Out of office", InReplyTo: []string{sent}}
		}, thread.Attach, 24, true, false, false, "waiting-for-customer"},
		{"she takes up the thread for another matter", func(sent string, _ Ticket) Incoming {
			return Incoming{Sender: eva, Aligned: true, Subject: "An invoice that I do not understand", InReplyTo: []string{sent}}
		}, thread.NewLinked, 29, false, true, false, "waiting-for-customer"},
		{"our own automatic mail comes back", func(sent string, _ Ticket) Incoming {
			return Incoming{Sender: "claims@harbour.example", Loops: []string{"this-house"}, Kind: thread.Automatic, Silent: true, Subject: "Received", InReplyTo: []string{sent}}
		}, thread.Drop, 12, false, false, false, "waiting-for-customer"},
		{"a number in the body alone", func(string, Ticket) Incoming {
			return Incoming{Sender: "jo@other.example", Aligned: true, Subject: "My own trouble"}
		}, thread.New, 0, false, true, false, "waiting-for-customer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := openMailbox(t)
			ticket := m.complaint()
			m.moveTo(ticket, "waiting-for-customer")
			in := tt.in(m.write(ticket, eva), ticket)
			in.ID, in.Delivered = "2@customer.example", true
			message, joined := m.deliver(in, taxonomy.Complaint)
			if message.Action != tt.action || message.Rule != tt.rule || message.Reason == "" || len(message.Trace) == 0 {
				t.Errorf("decided %s by rule %d: %q %v", message.Action, message.Rule, message.Reason, message.Trace)
			}
			if (joined.ID == ticket.ID) != tt.joins || (joined.ID != uuid.Nil && joined.ID != ticket.ID) != tt.opens {
				t.Errorf("it is in ticket %q, the conversation is %s", joined.Number, ticket.Number)
			}
			if asked := len(m.tasks(TaskFilter{Kind: DecideMail})) > 0; asked != tt.task {
				t.Errorf("a person is asked: %v", asked)
			}
			if now, err := m.desk.Ticket(t.Context(), m.Pool, taxonomy.Root, ticket.ID); err != nil || now.State != tt.state {
				t.Errorf("the ticket is %s, %v", now.State, err)
			}
			if again, _ := m.deliver(Incoming{Document: message.Document, ID: in.ID, Sender: "other@evil.example", Delivered: true}, taxonomy.Complaint); again.Action != message.Action || again.Sender != message.Sender {
				t.Errorf("asked again it is %+v", again)
			}
		})
	}
}

// forgedToken is a Message-ID that names the same message and has another signature.
func forgedToken(messageID string) string {
	token, _ := thread.TokenOf(messageID)
	for _, c := range "abcdefghijklmnopqrstuvwxyz234567" {
		forged := token[:len(token)-3] + string(c) + token[len(token)-2:]
		if _, ok := thread.TokenOf("<" + forged + "@harbour.example>"); ok && forged != token {
			return "<" + forged + "@harbour.example>"
		}
	}
	return messageID
}

// moveTo takes a ticket to a state as if people had worked on it.
func (m *mailbox) moveTo(t Ticket, state string) {
	m.Helper()
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update workflow.ticket set state = $2, waiting_on = case when $2 = 'withdrawn' then 'closed' else 'customer' end,
			closed_at = case when $2 = 'withdrawn' then $3::timestamptz end where id = $1`, t.ID, state, now.Add(-40*24*time.Hour))
		return err
	})
}

func TestQuarantineIsDecided(t *testing.T) {
	tests := []struct {
		name   string
		choice func(Ticket) Choice
		joins  bool
		opens  bool
	}{
		{"it belongs to the ticket", func(t Ticket) Choice { return Choice{Ticket: t.Number} }, true, false},
		{"it is a matter of its own", func(Ticket) Choice { return Choice{New: true} }, false, true},
		{"it is nothing", func(Ticket) Choice { return Choice{Spam: true} }, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := openMailbox(t)
			ticket := m.complaint()
			held, _ := m.deliver(Incoming{ID: "2@evil.example", Sender: "mallory@evil.example", Subject: "About " + ticket.Number, Delivered: true}, taxonomy.Complaint)
			part := repository.NewDocumentID()
			m.Tx(func(ctx context.Context, tx pgx.Tx) error { return m.filePart(ctx, tx, part, held.Document) })
			if _, early := m.look(part); early.ID != uuid.Nil {
				t.Errorf("what came with it is in %s before anybody decided", early.Number)
			}
			waiting, err := m.desk.Quarantined(t.Context(), m.Pool, m.agent.Reader(), uuid.Nil, 0)
			if err != nil || len(waiting) != 1 || waiting[0].Document != held.Document || waiting[0].Ticket != ticket.ID {
				t.Fatalf("in quarantine: %+v, %v", waiting, err)
			}
			m.Tx(func(ctx context.Context, tx pgx.Tx) error {
				_, err := m.desk.DecideMessage(ctx, tx, m.agent, held.Document, tt.choice(ticket))
				return err
			})
			message, in := m.look(held.Document)
			if (in.ID == ticket.ID) != tt.joins || (in.ID != uuid.Nil && in.ID != ticket.ID) != tt.opens || message.DecidedBy != "anna" || message.Quarantined() {
				t.Errorf("it is in %q, decided %+v", in.Number, message)
			}
			if _, with := m.look(part); with.ID != in.ID {
				t.Errorf("what came with it is in %q", with.Number)
			}
			if len(m.tasks(TaskFilter{Kind: DecideMail})) != 0 {
				t.Error("somebody is still asked")
			}
			err = m.Try(func(ctx context.Context, tx pgx.Tx) error {
				_, err := m.desk.DecideMessage(ctx, tx, m.agent, held.Document, Choice{Spam: true})
				return err
			})
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("decided again: %v", err)
			}
		})
	}
}

func (m *mailbox) filePart(ctx context.Context, tx pgx.Tx, id, of repository.DocumentID) error {
	if _, err := tx.Exec(ctx, "insert into repository.document (id, created_by) values ($1, 'test')", id); err != nil {
		return err
	}
	_, err := m.plan.File(ctx, tx, "system:capture", taxonomy.Filing{Document: id, Class: taxonomy.Complaint, Confidence: 0.9,
		Values: taxonomy.Values{}, Language: "en", Received: now, PartOf: of})
	return err
}

func TestAnswersToClosedTickets(t *testing.T) {
	for _, tt := range []struct {
		name     string
		closed   time.Duration // ago
		reopened bool
	}{{"soon", 24 * time.Hour, true}, {"late", 40 * 24 * time.Hour, false}} {
		t.Run(tt.name, func(t *testing.T) {
			m := openMailbox(t)
			ticket := m.complaint()
			sent := m.write(ticket, eva)
			m.moveTo(ticket, "withdrawn")
			m.Tx(func(ctx context.Context, tx pgx.Tx) error {
				_, err := tx.Exec(ctx, "update workflow.ticket set closed_at = $2 where id = $1", ticket.ID, now.Add(-tt.closed))
				return err
			})
			_, in := m.deliver(Incoming{ID: "2@customer.example", Sender: eva, Subject: "Re: The late sofa", InReplyTo: []string{sent}, Delivered: true}, taxonomy.Complaint)
			old, err := m.desk.Ticket(t.Context(), m.Pool, taxonomy.Root, ticket.ID)
			if err != nil || old.Open() != tt.reopened || (in.ID == ticket.ID) != tt.reopened {
				t.Errorf("the ticket is %s, the answer in %s, %v", old.State, in.Number, err)
			}
			story, err := m.desk.Timeline(t.Context(), m.Pool, in.ID)
			linked := slices.ContainsFunc(story, func(e Entry) bool { return e.Verb == TicketLinked })
			if err != nil || linked == tt.reopened {
				t.Errorf("linked: %v, %v", linked, err)
			}
		})
	}
}

// TestHandedInMessages: whoever hands a message in as a file vouches for it, and nobody is answered.
func TestHandedInMessages(t *testing.T) {
	m := openMailbox(t)
	ticket := m.complaint()
	message, in := m.deliver(Incoming{ID: "2@evil.example", Sender: "mallory@evil.example", Subject: "About " + ticket.Number}, taxonomy.Complaint)
	if message.Action != thread.New || in.ID == ticket.ID || in.ID == uuid.Nil || !message.Silent {
		t.Errorf("%+v in %s", message, in.Number)
	}
}

// TestFloods: whoever writes without end raises no tickets without end; all of it is stored, and others are not held up.
// An answer that comes before what it answers begins a ticket, which is linked with that of the other as soon as it is here, once.
func TestAnAnswerThatComesFirst(t *testing.T) {
	m := openMailbox(t)
	answer := Incoming{ID: "<a2@bank.example>", InReplyTo: []string{"<a1@bank.example>"}, Subject: "Re: The kitchen burns", Sender: "anna@bank.example"}
	_, second := m.deliver(answer, taxonomy.Complaint)
	_, stranger := m.deliver(Incoming{ID: "<c@mail.example>", Subject: "My bicycle", Sender: "carl@mail.example"}, taxonomy.Complaint)
	_, first := m.deliver(Incoming{ID: "<a1@bank.example>", Subject: "The kitchen burns", Sender: "bert@bank.example"}, taxonomy.Complaint)
	_, third := m.deliver(Incoming{ID: "<a3@bank.example>", References: []string{"<a1@bank.example>"}, Subject: "Re: The kitchen burns", Sender: "bert@bank.example"}, taxonomy.Complaint)
	if first.Number == second.Number || third.Number != first.Number {
		t.Fatalf("first %s, second %s, third %s", first.Number, second.Number, third.Number)
	}
	rows, err := m.Pool.Query(t.Context(), "select ticket::text || ' ' || other || ' ' || how from workflow.ticket_link")
	if err != nil {
		t.Fatal(err)
	}
	links, err := pgx.CollectRows(rows, pgx.RowTo[string])
	want := first.ID.String() + " " + second.ID.String() + " A message in it was answered before it was here."
	if err != nil || !slices.Equal(links, []string{want}) {
		t.Errorf("%v %q, want %q and nothing of %s", err, links, want, stranger.Number)
	}
	var told int
	if err := m.Pool.QueryRow(t.Context(), "select count(*) from repository.event where verb = 'ticket.linked'").Scan(&told); err != nil || told != 2 {
		t.Errorf("%d lines in their stories, %v", told, err)
	}
}

func TestFloods(t *testing.T) {
	m := openMailbox(t)
	m.Exec(`insert into repository.document (id, created_by) select ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'test' from generate_series(1, 30) i`)
	m.Exec(`insert into workflow.message (document, direction, message_id, sender, action, at)
		select ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'in', i || '@flood.example', 'pump@flood.example', 'new', $1 from generate_series(1, 30) i`, now.Add(-time.Minute))
	for sender, want := range map[string]thread.Action{"Pump@flood.example": thread.Quarantine, "calm@flood.example": thread.New} {
		got, ticket := m.deliver(Incoming{ID: "x-" + sender, Sender: sender, Subject: "More", Delivered: true}, taxonomy.Complaint)
		if got.Action != want || (ticket.ID == uuid.Nil) != (want == thread.Quarantine) {
			t.Errorf("%s: %s by rule %d, ticket %q", sender, got.Action, got.Rule, ticket.Number)
		}
	}
}
