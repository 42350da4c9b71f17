package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// A newsroom is a post office whose people are told what happens. Anna has an address and Eva's ticket; Bert has an address, too.
type newsroom struct {
	*postOffice
	teller     *Teller
	anna, bert User
	last       int // of incoming messages
}

func openNewsroom(t *testing.T) *newsroom {
	n := &newsroom{postOffice: openPostOffice(t)}
	notifier := &Notifier{Outbox: n.out}
	n.teller = &Teller{Notifier: notifier, Pool: n.Pool, Store: n.postman.Store, Site: "https://docket.example", Newest: func(page, _ string) string { return page }}
	n.desk.Correspond(Post{Keys: n.postman.Keys, Installation: n.postman.Loop, Outbox: n.out})
	n.desk.journal.Subscribe(notifier.Follow)
	n.Exec("insert into workflow.participant (ticket, address, name, limited) values ($1, 'eva.weiss@example.org', 'Eva Weiß', false)", n.ticket.ID)
	n.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		if _, err = n.people.Add(ctx, tx, "boss", User{Name: "boss", Roles: []Role{Administrator}}, "a long password"); err != nil {
			return err
		}
		if n.anna, err = n.people.Add(ctx, tx, "boss", User{Name: "anna", Title: "Anna Adler", Roles: []Role{Agent}, Email: "anna@home.example", ToldOf: ToldKinds}, "a long password"); err != nil {
			return err
		}
		n.bert, err = n.people.Add(ctx, tx, "boss", User{Name: "bert", Title: "Bert Ober", Roles: []Role{Agent}, Email: "bert@home.example"}, "a long password")
		return err
	})
	n.agent = n.anna
	n.assign("anna", n.anna)
	return n
}

func (n *newsroom) assign(owner string, by User) {
	n.Helper()
	n.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := n.desk.Assign(ctx, tx, by, n.ticket.ID, owner, n.ticket.Team, 0)
		return err
	})
}

func (n *newsroom) note(by User, text string) {
	n.Helper()
	n.Tx(func(ctx context.Context, tx pgx.Tx) error { return n.desk.Note(ctx, tx, by, n.ticket.ID, text) })
}

// deliver takes a message in as capture does: it is threaded, and filed as a class that shows it to no more people than its ticket.
func (n *newsroom) deliver(in Incoming) (Message, Ticket) {
	n.Helper()
	n.last++
	in.Document, in.ID, in.At, in.Channel, in.Delivered = repository.NewDocumentID(), fmt.Sprintf("%d@in.example", n.last), n.clock, n.channel.ID, true
	content, err := n.postman.Store.PutContent(n.Context(), in.Document, 1, "message.eml", strings.NewReader("From: "+in.Sender+"\n\nWhere is my sofa?\n"+in.ID), 0)
	if err != nil {
		n.Fatal(err)
	}
	n.Tx(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := n.postman.Store.Add(ctx, tx, "test", in.Document, content); err != nil {
			return err
		}
		if err := n.postman.Store.SetTexts(ctx, tx, in.Document, 1, []repository.PageText{{Page: 1, Text: "Where is my sofa?", Confidence: 1}}); err != nil {
			return err
		}
		m, err := n.desk.Thread(ctx, tx, "system:workflow", in)
		if err != nil {
			return err
		}
		class := taxonomy.Correspondence
		if m.Notice != uuid.Nil {
			if class, err = n.desk.NoticeClass(ctx, tx, m); err != nil {
				return err
			}
		}
		_, err = n.plan.File(ctx, tx, "system:capture", taxonomy.Filing{Document: in.Document, Class: class, Confidence: 0.9, Values: taxonomy.Values{}, Language: "en", Received: n.clock})
		return err
	})
	messages, err := n.desk.Messages(n.Context(), n.Pool, []uuid.UUID{in.Document})
	if err != nil {
		n.Fatal(err)
	}
	tickets, err := n.desk.ByDocuments(n.Context(), n.Pool, []uuid.UUID{in.Document})
	if err != nil {
		n.Fatal(err)
	}
	return messages[in.Document], tickets[in.Document]
}

// fromEva is what the customer writes in her ticket.
func (n *newsroom) fromEva() Incoming {
	return Incoming{Sender: "eva.weiss@example.org", SenderName: "Eva Weiß", Aligned: true, Subject: "About " + n.ticket.Number}
}

// tell works the jobs that wait for the notifier, and then those that send; it gives what was sent by that.
func (n *newsroom) tell() (told []Outgoing) {
	n.Helper()
	waiting := n.jobs.told
	n.jobs.told = nil
	before := len(n.jobs.jobs)
	for _, args := range waiting {
		if err := n.teller.Work(n.Context(), &river.Job[TellArgs]{Args: args}); err != nil {
			n.Fatal(err)
		}
	}
	for _, job := range n.jobs.jobs[before:] {
		if err := n.work(job.Message, 1); err != nil {
			n.Fatal(err)
		}
		told = append(told, n.find(job.Message))
	}
	return told
}

// one is tell where one message is expected.
func (n *newsroom) one() Outgoing {
	n.Helper()
	told := n.tell()
	if len(told) != 1 {
		n.Fatalf("%d notifications were sent", len(told))
	}
	return told[0]
}

// answerTo is what a program makes of a notification when somebody answers it.
func (n *newsroom) answerTo(m Outgoing, from User, said string) Incoming {
	n.Helper()
	token := n.postman.Keys.NoticeToken(m.notice())
	plus, _ := thread.PlusAddress(m.Address, token)
	return Incoming{Sender: from.Email, SenderName: from.Title, Aligned: true, Subject: "Re: " + m.Subject, Said: said, Recipients: []string{plus},
		InReplyTo: []string{thread.MessageID(token, "house.example")}, Tokens: []string{token}}
}

// state is the ticket's, its notes and how many replies were written.
func (n *newsroom) state() (state string, notes []string, replies []Outgoing) {
	n.Helper()
	t, err := n.desk.Ticket(n.Context(), n.Pool, taxonomy.Root, n.ticket.ID)
	if err != nil {
		n.Fatal(err)
	}
	story, err := n.desk.Timeline(n.Context(), n.Pool, n.ticket.ID)
	if err != nil {
		n.Fatal(err)
	}
	for _, e := range story {
		if e.Note != "" {
			notes = append(notes, string(e.By)+": "+e.Note)
		}
	}
	replies, err = n.out.List(n.Context(), n.Pool, taxonomy.Root, OutgoingFilter{Kind: Reply})
	if err != nil {
		n.Fatal(err)
	}
	return t.State, notes, replies
}

// What happens on a ticket is told to its owner in one message, in the person's language, and nobody is told of what they did themselves.
func TestPeopleAreTold(t *testing.T) {
	n := openNewsroom(t)
	if told := n.tell(); len(told) > 0 {
		t.Errorf("Anna is told that she took the ticket: %s", told[0].Body)
	}
	n.amend("anna", Amendment{Language: "de"})
	n.note(n.anna, "I call her tomorrow.")
	if len(n.jobs.told) > 0 {
		t.Error("Anna is told of her own note")
	}
	n.note(n.bert, "She called me. [#docket:secret]")
	n.deliver(n.fromEva())
	n.deliver(Incoming{Sender: "eva.weiss@example.org", Aligned: true, Kind: thread.Automatic, Silent: true, Subject: "Out of office " + n.ticket.Number})
	if len(n.jobs.told) != 2 {
		t.Errorf("%d things have happened", len(n.jobs.told))
	}
	m := n.one()
	if m.Kind != Notice || m.State != Sent || m.Person != n.anna.ID || !m.Internal || m.Language != "de" || m.Answers != uuid.Nil {
		t.Errorf("%+v", m)
	}
	given := n.world.Given()[0]
	token := n.postman.Keys.NoticeToken(m.notice())
	if given.From != "" || !slices.Equal(given.To, []string{"anna@home.example"}) {
		t.Errorf("sent from %q to %v", given.From, given.To)
	}
	for _, want := range []string{"Auto-Submitted: auto-generated\r\n", "X-Docket-Loop: 4f2a9c0d\r\n", "[" + n.ticket.Number[:8], "Message-ID: <" + token + "@house.example>\r\n",
		"service+" + token + "@house.example"} {
		if !strings.Contains(given.Data, want) {
			t.Errorf("%q is missing from\n%s", want, given.Data)
		}
	}
	for _, want := range []string{"Notiz von Bert Ober", "> She called me. [secret]", "Eva Weiß hat uns am", "> Where is my sofa?", "https://docket.example/tickets/" + n.ticket.Number} {
		if !strings.Contains(m.Body, want) {
			t.Errorf("%q is missing from\n%s", want, m.Body)
		}
	}
	if given.Data != n.content(m.ID) {
		t.Error("what is stored is not what was sent")
	}
	n.assign("bert", n.anna)
	if m := n.one(); m.Recipients[0] != "bert@home.example" || !strings.Contains(m.Body, "Anna Adler has given you this ticket.") {
		t.Errorf("%v is told\n%s", m.Recipients, m.Body)
	}
	var left int
	if err := n.Pool.QueryRow(t.Context(), "select count(*) from workflow.notice").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d things wait, %v", left, err)
	}
}

// A notification is a line of its ticket's story, and neither its paper nor anybody's to find; outboxes do not list it.
func TestNotificationsAreQuiet(t *testing.T) {
	n := openNewsroom(t)
	before, err := n.desk.Ticket(t.Context(), n.Pool, taxonomy.Root, n.ticket.ID)
	if err != nil {
		t.Fatal(err)
	}
	n.note(n.bert, "Be kind.")
	m := n.one()
	after, err := n.desk.Ticket(t.Context(), n.Pool, taxonomy.Root, n.ticket.ID)
	if err != nil || after.Documents != before.Documents || after.State != before.State || !after.ActiveAt.Equal(before.ActiveAt) {
		t.Errorf("the ticket was %+v and is %+v, %v", before, after, err)
	}
	record, err := n.plan.Record(t.Context(), n.Pool, m.ID)
	if err != nil || !record.Closed() || record.Party != uuid.Nil {
		t.Errorf("filed as %+v, %v", record, err)
	}
	for _, u := range []User{n.anna, n.bert, n.clerk} {
		if seen, err := u.Reader().Visible(t.Context(), n.Pool, []uuid.UUID{m.ID}); err != nil || seen[m.ID] {
			t.Errorf("%s sees it, %v", u.Name, err)
		}
	}
	if list, err := n.out.List(t.Context(), n.Pool, n.anna.Reader(), OutgoingFilter{}); err != nil || len(list) != 0 {
		t.Errorf("the outbox lists %d, %v", len(list), err)
	}
	if list, err := n.out.List(t.Context(), n.Pool, n.anna.Reader(), OutgoingFilter{Kind: Notice}); err != nil || len(list) != 1 {
		t.Errorf("asked for, the outbox lists %d, %v", len(list), err)
	}
	err = n.Try(func(ctx context.Context, tx pgx.Tx) error {
		_, err := n.out.Cancel(ctx, tx, n.boss, m.ID)
		return err
	})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("called back: %v", err)
	}
	events, err := journal.BySubject(t.Context(), n.Pool, n.ticket.ID, 0)
	if last := events[len(events)-1]; err != nil || last.Verb != PersonTold || last.Detail["name"] != "Anna Adler" {
		t.Errorf("the story ends with %+v, %v", last, err)
	}
	if _, found := n.bounced(Bounce{OriginalMessageID: n.postman.Keys.NoticeToken(m.notice()) + "@house.example", Recipient: "anna@home.example", Status: "5.1.1"}); !found || len(n.tasks(TaskFilter{Kind: UsePost})) > 0 {
		t.Error("a notification that came back is to be written by post")
	}
	if n.note(n.bert, "Still?"); len(n.tell()) > 0 {
		t.Error("an address is written to from which mail came back")
	}
}

// What may be told is asked when it is told, and once more when it is sent.
func TestWhoIsNotTold(t *testing.T) {
	for name, change := range map[string]func(n *newsroom){
		"an inactive account":         func(n *newsroom) { n.amend("anna", Amendment{Active: new(false)}) },
		"whose address was taken out": func(n *newsroom) { n.amend("anna", Amendment{Email: new("")}) },
		"who wants none of it":        func(n *newsroom) { n.amend("anna", Amendment{ToldOf: &[]ToldKind{}}) },
		"who may not see the ticket":  func(n *newsroom) { n.Exec("update workflow.ticket set readers = '{team:board}'") },
		"whose ticket it is no more":  func(n *newsroom) { n.Exec("update workflow.ticket set owner = ''") },
		"where nothing can be sent":   func(n *newsroom) { n.Exec("update taxonomy.channel set retired_at = now()") },
	} {
		t.Run(name, func(t *testing.T) {
			n := openNewsroom(t)
			n.note(n.bert, "Be kind.")
			change(n)
			if told := n.tell(); len(told) > 0 || len(n.world.Given()) > 0 {
				t.Errorf("%s is told: %+v", name, told)
			}
		})
	}
	n := openNewsroom(t)
	n.note(n.bert, "Be kind.")
	n.postman.Relay = dead{}
	if err := n.teller.Work(t.Context(), &river.Job[TellArgs]{Args: n.jobs.told[0]}); err != nil {
		t.Fatal(err)
	}
	if len(n.jobs.jobs) != 1 {
		t.Fatalf("%d messages wait", len(n.jobs.jobs))
	}
	waiting := n.jobs.jobs[0].Message
	if err := n.work(waiting, 1); err == nil {
		t.Fatal("a dead relay sends")
	}
	n.Exec("update workflow.ticket set readers = '{team:board}'")
	var state OutgoingState
	err := errors.Join(n.work(waiting, 2), n.Pool.QueryRow(t.Context(), "select state from workflow.outgoing where id = $1", waiting).Scan(&state))
	if err != nil || state != Cancelled {
		t.Errorf("what waited to be sent to whom it may not be sent any more is %s, %v", state, err)
	}
}

// However much happens, a person gets so many messages in an hour and no more; the last says so.
func TestNotificationsAreCapped(t *testing.T) {
	n := openNewsroom(t)
	n.teller.Notifier.PerHour = 2
	var told []Outgoing
	for range 4 {
		n.note(n.bert, "Be kind.")
		n.clock = n.clock.Add(time.Minute)
		told = append(told, n.tell()...)
	}
	if len(told) != 2 || strings.Contains(told[0].Body, "told of much") || !strings.Contains(told[1].Body, "told of much") {
		t.Fatalf("%d were sent", len(told))
	}
	n.clock = n.clock.Add(time.Hour)
	n.note(n.bert, "Be kind.")
	if len(n.tell()) != 1 {
		t.Error("an hour later nothing is sent")
	}
	n.out.Caps = Caps{Address: 1, Ticket: 1, Text: 1}
	if ack := n.acknowledge(n.ticket, n.facts()); ack.State != Queued {
		t.Errorf("what people are told takes the customer's acknowledgement away: %+v", ack)
	}
}

// A message that did not arrive is told to whoever wrote it.
func TestAuthorsAreToldOfBounces(t *testing.T) {
	n := openNewsroom(t)
	reply, err := n.sent(n.postOffice.reply())
	if err != nil {
		t.Fatal(err)
	}
	n.bounced(Bounce{OriginalMessageID: n.messageID(reply), Recipient: "eva.weiss@example.org", Status: "5.1.1", Diagnostic: "No such user"})
	if m := n.one(); m.Recipients[0] != "anna@home.example" || !strings.Contains(m.Body, "Your message to eva.weiss@example.org did not arrive.") ||
		!strings.Contains(m.Body, "> 5.1.1 No such user") || !m.Internal {
		t.Errorf("%v is told\n%s", m.Recipients, m.Body)
	}
}

// Where people are told is an address of a person, and its changes are in the journal.
func TestAddressesOfPeople(t *testing.T) {
	n := openNewsroom(t)
	for _, bad := range []string{"nobody", "Anna <anna@home.example>", "service@house.example", "Service+x@house.example", "no-reply@home.example", "a@b\r\nBcc: c@d.example"} {
		err := n.Try(func(ctx context.Context, tx pgx.Tx) error {
			_, err := n.people.Amend(ctx, tx, "anna", "anna", Amendment{Email: &bad})
			return err
		})
		if !fault.Is(err, fault.Invalid) || !strings.HasSuffix(fault.Sentence(err), "Nothing was changed.") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if u := n.amend("anna", Amendment{Email: new(" Anna@Büro.example ")}); u.Email != "Anna@xn--bro-hoa.example" {
		t.Errorf("her address is %q", u.Email)
	}
	if u := n.amend("bert", Amendment{ToldOf: &[]ToldKind{ToldNoted}}); !slices.Equal(u.ToldOf, []ToldKind{ToldNoted}) || u.Email != "bert@home.example" {
		t.Errorf("Bert: %+v", u)
	}
	events, err := journal.BySubject(t.Context(), n.Pool, n.anna.ID, 0)
	if last := events[len(events)-1]; err != nil || last.Verb != UserChanged || !strings.Contains(fmt.Sprint(last.Detail["changes"]), "email") {
		t.Errorf("the journal has %+v, %v", last, err)
	}
}
