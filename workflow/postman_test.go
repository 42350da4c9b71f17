package workflow

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow/relay"
	"docket/workflow/relay/relaytest"
	"docket/workflow/thread"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A postOffice is a writing room whose letters are taken to a mail server.
type postOffice struct {
	*writingRoom
	world   *relaytest.Server
	postman *Postman
	clock   time.Time
}

func openPostOffice(t *testing.T) *postOffice {
	r := openWritingRoom(t)
	keys, err := thread.NewKeys(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	o := &postOffice{writingRoom: r, world: relaytest.Start(t), clock: now}
	r.desk.now = func() time.Time { return o.clock }
	o.postman = &Postman{Outbox: r.out, Pool: r.Pool, Store: repository.NewStore(blob.NewMemory(), r.desk.journal), Relay: o.world.Relay(), Keys: keys, Loop: "4f2a9c0d", TempDir: t.TempDir()}
	return o
}

// work works a message's job for the nth time.
func (o *postOffice) work(id uuid.UUID, attempt int) error {
	return o.postman.Work(o.Context(), &river.Job[SendArgs]{JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: sendAttempts}, Args: SendArgs{id}})
}

// sent queues a reply and works its job once its time has come.
func (o *postOffice) sent(m Outgoing) (Outgoing, error) {
	o.Helper()
	m, err := o.queue(m)
	if err != nil {
		o.Fatal(err)
	}
	o.clock = o.clock.Add(time.Minute)
	err = o.work(m.ID, 1)
	return o.find(m.ID), err
}

// content is what is stored of a message.
func (o *postOffice) content(id uuid.UUID) string {
	o.Helper()
	v, err := o.postman.Store.Version(o.Context(), o.Pool, id, 0)
	if err != nil {
		o.Fatal(err)
	}
	r, err := o.postman.Store.Open(o.Context(), v)
	if err != nil {
		o.Fatal(err)
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		o.Fatal(err)
	}
	return string(raw)
}

func refusal(code int, class, subject, detail int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: text}
}

// What is sent is what is stored, and what is stored is a document of the ticket that answers find (rules 33 and 46).
func TestWhatIsSentIsWhatIsStored(t *testing.T) {
	o := openPostOffice(t)
	attached := repository.NewDocumentID()
	c, err := o.postman.Store.PutContent(t.Context(), attached, 1, "plan.pdf", strings.NewReader("%PDF-1.7 the plan"), 0)
	if err != nil {
		t.Fatal(err)
	}
	m := o.reply()
	m.Attachments, m.Copies = []uuid.UUID{attached}, []string{"law@example.net"}
	o.Exec("update workflow.ticket set waiting_on = 'customer', state = 'waiting-for-customer'")
	o.addDocument(attached, c)
	m, err = o.sent(m)
	if err != nil {
		t.Fatal(err)
	}
	if m.State != Sent || m.Answer != "250 2.0.0 OK queued as 4F2A9C" || m.Attempts != 1 || !m.Stored || !m.SentAt.Equal(o.clock) || m.Trouble != "" {
		t.Errorf("%+v", m)
	}
	given := o.world.Given()
	if len(given) != 1 || given[0].From != "service@house.example" || !slices.Equal(given[0].To, []string{"eva.weiss@example.org", "law@example.net"}) {
		t.Fatalf("%+v", given)
	}
	if given[0].Data != o.content(m.ID) {
		t.Errorf("sent:\n%s\nstored:\n%s", given[0].Data, o.content(m.ID))
	}
	token := o.postman.Keys.Token(o.ticket.ID, m.ID, "eva.weiss@example.org")
	for _, want := range []string{"From: \"The House\" <service@house.example>\r\n", "Message-ID: <" + token + "@house.example>\r\n", "Subject: Re: The sofa [" + o.ticket.Number + "]\r\n",
		"References: <a@mail.example> <b@mail.example>\r\n", "Cc: <law@example.net>\r\n", "JVBERi0xLjcgdGhlIHBsYW4=", "The House\r\nHigh Street 1\r\n\r\n[#docket:" + token + "]\r\n", "filename=plan.pdf"} {
		if !strings.Contains(given[0].Data, want) {
			t.Errorf("%q is missing from\n%s", want, given[0].Data)
		}
	}
	for _, never := range []string{"Auto-Submitted", "Disposition-Notification-To", "Return-Receipt-To", "X-Docket-Loop"} {
		if strings.Contains(given[0].Data, never) {
			t.Errorf("a reply has %s", never)
		}
	}
	var id, base string
	var sentFor TicketID
	var to []string
	err = o.Pool.QueryRow(t.Context(), "select message_id, base_subject, sent_for, recipients from workflow.message where document = $1 and direction = 'out' and ticket = $2",
		m.ID, o.ticket.ID).Scan(&id, &base, &sentFor, &to)
	if err != nil || id != token+"@house.example" || base != "the sofa" || sentFor != o.ticket.ID || len(to) != 2 {
		t.Errorf("%q %q %v %v %v", id, base, sentFor, to, err)
	}
	record, err := o.plan.Record(t.Context(), o.Pool, m.ID)
	if err != nil || record.Class != taxonomy.Reply || record.Ticket != o.ticket.Number || record.Party != o.ticket.Party || record.FiledBy != "anna" {
		t.Errorf("%+v %v", record, err)
	}
	ticket, err := o.desk.Ticket(t.Context(), o.Pool, taxonomy.Root, o.ticket.ID)
	if err != nil || ticket.Documents != 2 || ticket.WaitingOn != WaitingOnThem {
		t.Errorf("our own letter counts as theirs: %+v %v", ticket, err)
	}
	texts, err := o.postman.Store.Texts(t.Context(), o.Pool, []uuid.UUID{m.ID})
	if err != nil || !strings.Contains(texts[m.ID][0].Text, "Friday") {
		t.Errorf("searchable: %v %v", texts, err)
	}
	if got := o.verbs(); !slices.Equal(got, []journal.Verb{MessageQueued, MessageSent}) {
		t.Errorf("the ticket tells %v", got)
	}
	if left, err := os.ReadDir(o.postman.TempDir); len(left) > 0 || err != nil {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := o.work(m.ID, 2); err != nil || len(o.world.Given()) != 1 {
		t.Errorf("a job that runs twice sends twice: %v", err)
	}
}

// An answer is never seen by more people than its ticket.
func TestAnAnswerIsAsConfidentialAsItsTicket(t *testing.T) {
	o := openPostOffice(t)
	o.Exec(`update taxonomy.definition set body = jsonb_set(body, '{readers}', '["role:agent"]') where kind = 'class' and id = 'complaint'`)
	o.Exec("update taxonomy.revision set number = number + 1")
	o.Exec("update workflow.ticket set readers = '{role:agent}'")
	m, err := o.sent(o.reply())
	if err != nil {
		t.Fatal(err)
	}
	r, err := o.plan.Record(t.Context(), o.Pool, m.ID)
	if err != nil || r.Class != taxonomy.Complaint || !slices.Equal(r.Readers, []string{"role:agent"}) {
		t.Errorf("filed as %s for %v, %v", r.Class, r.Readers, err)
	}
}

func (o *postOffice) addDocument(id uuid.UUID, c repository.Content) {
	o.Helper()
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := o.postman.Store.Add(ctx, tx, "anna", id, c); err != nil {
			return err
		}
		_, err := o.plan.File(ctx, tx, "anna", taxonomy.Filing{Document: id, Class: taxonomy.Correspondence, Received: now, Original: c.Name})
		return err
	})
}

// Before its time a reply is not sent, and called back it never is.
func TestAReplyIsNotSentBeforeItsTime(t *testing.T) {
	o := openPostOffice(t)
	m, err := o.queue(o.reply())
	if err != nil {
		t.Fatal(err)
	}
	if _, snoozed := errors.AsType[*river.JobSnoozeError](o.work(m.ID, 1)); !snoozed {
		t.Error("its job does not wait")
	}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := o.out.Cancel(ctx, tx, o.agent, m.ID)
		return err
	})
	o.clock = o.clock.Add(time.Hour)
	if err := o.work(m.ID, 2); err != nil || len(o.world.Given()) > 0 || o.find(m.ID).Stored {
		t.Errorf("%v %+v", err, o.world.Given())
	}
}

// Whatever is lost between storing and sending, the next attempt sends the same bytes.
func TestAfterACrashTheSameBytesAreSent(t *testing.T) {
	o := openPostOffice(t)
	m, err := o.queue(o.reply())
	if err != nil {
		t.Fatal(err)
	}
	o.clock = o.clock.Add(time.Minute)
	whole := o.postman.Relay
	o.postman.Relay = dead{}
	if err := o.work(m.ID, 1); !errors.Is(err, errKilled) {
		t.Fatalf("%v", err)
	}
	stored := o.content(m.ID)
	if got := o.find(m.ID); got.State != Queued || !got.Stored {
		t.Errorf("%+v", got)
	}
	err = o.Try(func(ctx context.Context, tx pgx.Tx) error {
		_, err := o.out.Cancel(ctx, tx, o.agent, m.ID)
		return err
	})
	if err == nil {
		t.Error("what may have been sent can be called back")
	}
	o.clock = o.clock.Add(time.Hour)
	o.postman.Relay = whole
	lost := true
	o.world.Drop = func(relaytest.Message) bool { defer func() { lost = false }(); return lost }
	if err := o.work(m.ID, 2); err == nil {
		t.Error("a lost answer is taken for one")
	}
	if got := o.find(m.ID); got.State != Queued || got.Attempts != 1 || got.Trouble == "" {
		t.Errorf("%+v", got)
	}
	if err := o.work(m.ID, 3); err != nil {
		t.Fatal(err)
	}
	given := o.world.Given()
	if len(given) != 2 || given[0].Data != stored || given[1].Data != stored || o.find(m.ID).State != Sent || o.find(m.ID).Attempts != 2 {
		t.Errorf("%d sent, %+v", len(given), o.find(m.ID))
	}
}

var errKilled = errors.New("killed")

// dead is a relay before which the process dies.
type dead struct{}

func (dead) Send(context.Context, relay.Envelope, io.Reader) (relay.Receipt, error) {
	return relay.Receipt{}, errKilled
}

// What the relay says decides: 4xx is tried again for hours, 5xx fails at once with the server's words, and somebody writes by post.
func TestWhatTheRelaySays(t *testing.T) {
	o := openPostOffice(t)
	o.world.Data = func(relaytest.Message) error { return refusal(451, 4, 3, 2, "Full") }
	m, err := o.sent(o.reply())
	if err == nil || m.State != Queued || m.Answer != "451 4.3.2 Full" || m.Attempts != 1 {
		t.Errorf("%+v %v", m, err)
	}
	if err := o.work(m.ID, sendAttempts); err != nil {
		t.Errorf("given up with %v", err)
	}
	if m = o.find(m.ID); m.State != Failed || m.Trouble != "The mail server does not take the message at the moment." || m.Attempts != 2 {
		t.Errorf("given up: %+v", m)
	}
	o.world.Data = func(relaytest.Message) error { return refusal(554, 5, 7, 1, "Spam") }
	m, err = o.sent(o.reply())
	if err != nil || m.State != Failed || m.Answer != "554 5.7.1 Spam" || !m.Stored {
		t.Errorf("%+v %v", m, err)
	}
	tasks := o.tasks(TaskFilter{Kind: UsePost})
	if len(tasks) != 1 || tasks[0].Ticket != o.ticket.ID || tasks[0].Team != o.ticket.Team {
		t.Errorf("tasks %+v", tasks)
	}
	if got := o.verbs(); !slices.Equal(got, []journal.Verb{MessageQueued, MessageFailed, MessageQueued, MessageFailed}) {
		t.Errorf("the ticket tells %v", got)
	}
	var hours time.Duration
	for attempt := 1; attempt < sendAttempts; attempt++ {
		hours += time.Until(o.postman.NextRetry(&river.Job[SendArgs]{JobRow: &rivertype.JobRow{Attempt: attempt}}))
	}
	if hours < 6*time.Hour || hours > 12*time.Hour {
		t.Errorf("it is tried for %v", hours)
	}
}

// An address that a server does not know is not written to again before somebody says so.
func TestAnUnknownAddressIsSuppressed(t *testing.T) {
	o := openPostOffice(t)
	o.world.Rcpt = func(string) error { return refusal(550, 5, 1, 1, "No such user") }
	m, err := o.sent(o.reply())
	if err != nil || m.State != Failed || m.Answer != "550 5.1.1 No such user" {
		t.Errorf("%+v %v", m, err)
	}
	o.world.Rcpt = nil
	queued := len(o.jobs.jobs)
	next, err := o.queue(o.reply())
	if err != nil || next.State != Failed || !strings.Contains(next.Trouble, "postal address") || len(o.jobs.jobs) != queued {
		t.Errorf("%+v %v", next, err)
	}
	again := func() (m Outgoing) {
		o.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			m, err = o.out.Resend(ctx, tx, o.agent, next.ID, nil)
			return err
		})
		return m
	}
	if m := again(); m.State != Failed || m.ResendOf != next.ID {
		t.Errorf("%+v", m)
	}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return o.out.Restore(ctx, tx, o.agent, "Eva.Weiss@example.org", "The mailbox is  there again.")
	})
	m = again()
	o.clock = o.clock.Add(time.Minute)
	if err := o.work(m.ID, 1); err != nil || o.find(m.ID).State != Sent || len(o.world.Given()) != 1 {
		t.Errorf("%v %+v", err, o.find(m.ID))
	}
	if tasks := o.tasks(TaskFilter{Kind: UsePost}); len(tasks) != 1 {
		t.Errorf("%d tasks", len(tasks))
	}
	if err := o.Try(func(ctx context.Context, tx pgx.Tx) error {
		return o.out.Restore(ctx, tx, o.agent, "nobody@example.org", "why not")
	}); err == nil {
		t.Error("an address that nothing keeps mail from is restored")
	}
}

// What is attached is asked about once more before it is sent: it waits for the virus scanner, and what is held is not sent (rule 42).
func TestWhatIsHeldIsNotSent(t *testing.T) {
	o := openPostOffice(t)
	attached := repository.NewDocumentID()
	c, err := o.postman.Store.PutContent(t.Context(), attached, 1, "plan.pdf", strings.NewReader("%PDF-1.7 the plan"), 0)
	if err != nil {
		t.Fatal(err)
	}
	o.addDocument(attached, c)
	says := fault.New(fault.Unavailable, "It is still being checked.")
	o.postman.MayAttach = func(_ context.Context, _ postgres.Querier, ids []repository.DocumentID) error {
		if !slices.Equal(ids, []uuid.UUID{attached}) {
			t.Errorf("asked about %v", ids)
		}
		return says
	}
	m := o.reply()
	m.Attachments = []uuid.UUID{attached}
	m, err = o.sent(m)
	if _, snoozed := errors.AsType[*river.JobSnoozeError](err); !snoozed || m.State != Queued || m.Stored {
		t.Errorf("while it is checked: %v %+v", err, m)
	}
	says = fault.New(fault.Denied, "It contains something.")
	if err := o.work(m.ID, 1); err != nil {
		t.Error(err)
	}
	if m = o.find(m.ID); m.State != Failed || m.Stored || !strings.Contains(m.Trouble, "held by the virus scanner") || len(o.world.Given()) > 0 {
		t.Errorf("held: %+v, given %v", m, o.world.Given())
	}
	says = nil
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		m, err = o.out.Resend(ctx, tx, o.agent, m.ID, nil)
		return err
	})
	o.clock = o.clock.Add(time.Minute)
	if err := o.work(m.ID, 1); err != nil || o.find(m.ID).State != Sent {
		t.Errorf("let in: %v %+v", err, o.find(m.ID))
	}
}
