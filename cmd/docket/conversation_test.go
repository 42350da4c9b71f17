package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture/mail"
	"docket/capture/sample"
	"docket/repository"
	"docket/taxonomy"
	"docket/workflow"
	"docket/workflow/relay/relaytest"
	"docket/workflow/thread"

	"github.com/chromedp/chromedp"
	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A mailHouse is a house that takes and sends mail; whatever it sends goes to world.
type mailHouse struct {
	*app
	t       *testing.T
	channel taxonomy.Channel
}

func startMailHouse(t *testing.T, relay, address string) *mailHouse {
	t.Helper()
	return startMailHouseWith(t, func(c *config) { c.Relay = relay }, address)
}

func startMailHouseWith(t *testing.T, change func(*config), address string) *mailHouse {
	t.Helper()
	c := defaultConfig()
	c.Data, c.SMTP, c.MailTrusted = t.TempDir(), freeAddress(t), "mx.house.example"
	change(&c)
	h := &mailHouse{app: startConfigured(t, c), t: t}
	h.outbox.Undo = time.Millisecond
	h.inTx(t, func(tx pgx.Tx) (err error) {
		h.channel, err = h.plan.SaveChannel(t.Context(), tx, console, taxonomy.Channel{Address: address, Name: "The House", Language: "en", Signature: "The House"})
		return err
	})
	if err := h.takeMail(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h
}

// deliver hands a message over by SMTP and waits until all that follows from it is done.
func (h *mailHouse) deliver(from, message string) {
	h.t.Helper()
	c, err := smtp.Dial(h.config.SMTP)
	if err != nil {
		h.t.Fatal(err)
	}
	defer c.Close()
	if err := c.SendMail(from, []string{h.channel.Address}, strings.NewReader(strings.ReplaceAll(message, "\n", "\r\n"))); err != nil {
		h.t.Fatal(err)
	}
	h.settle(h.t)
}

// placed is the document of a message, what was decided about it, and its ticket.
func (h *mailHouse) placed(messageID string) (workflow.Message, workflow.Ticket) {
	h.t.Helper()
	var id repository.DocumentID
	if err := h.pool.QueryRow(h.t.Context(), "select document from workflow.message where message_id = $1 and direction = 'in'", messageID).Scan(&id); err != nil {
		h.t.Fatalf("%s: %v", messageID, err)
	}
	messages, err := h.desk.Messages(h.t.Context(), h.pool, []uuid.UUID{id})
	if err != nil {
		h.t.Fatal(err)
	}
	tickets, err := h.desk.ByDocuments(h.t.Context(), h.pool, []uuid.UUID{id})
	if err != nil {
		h.t.Fatal(err)
	}
	return messages[id], tickets[id]
}

// sent waits until the world was given n messages, and reads the last.
func sent(t *testing.T, world *relaytest.Server, n int) *mail.Message {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); len(world.Given()) < n; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d messages were sent, not %d", len(world.Given()), n)
		}
	}
	m, err := mail.Parse(strings.NewReader(world.Given()[n-1].Data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// scannedLetter is a scanned complaint without text of its own, and a word that can only be found by reading it.
func scannedLetter(t *testing.T) (pdf []byte, word string) {
	t.Helper()
	dir := t.TempDir()
	all, err := sample.Generate(dir, sample.Options{Pieces: 1, Seed: 4, Kinds: []sample.Kind{sample.PDFScan}, Classes: []taxonomy.ClassID{taxonomy.Complaint}, Languages: []string{"en"}, OnePage: true, Clean: true})
	if err != nil {
		t.Fatal(err)
	}
	if pdf, err = os.ReadFile(filepath.Join(dir, all[0].File)); err != nil {
		t.Fatal(err)
	}
	return pdf, longest(all[0].Text, 1)[0]
}

// TestAConversationByMail is the main journey of a message: a scanned letter comes by mail, is acknowledged, found by a word in the scan
// and answered; the customer's reply joins the ticket, and a forged one waits for a person.
func TestAConversationByMail(t *testing.T) {
	whole(t)
	world := relaytest.Start(t)
	world.Open = true
	h := startMailHouse(t, "smtp://"+world.Address(), "service@house.example")
	pdf, word := scannedLetter(t)
	h.deliver("eva@customer.example", fmt.Sprintf(`From: Eva Weiss <eva@customer.example>
To: service@house.example
Subject: Complaint about the dishwasher
Message-ID: <1@customer.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Dear Sir or Madam,

I wish to complain about the dishwasher that you delivered three weeks late. It has never worked, and I am very disappointed with your
service. My letter is attached. I ask for my money back: 449.00 EUR.

Yours faithfully
Eva Weiss
--b
Content-Type: application/pdf; name=letter.pdf
Content-Disposition: attachment; filename=letter.pdf
Content-Transfer-Encoding: base64

%s
--b--
`, folded(pdf)))
	_, ticket := h.placed("1@customer.example")
	if ticket.PartyName != "Eva Weiss" || ticket.Process != "claims" {
		t.Fatalf("her ticket: %+v", ticket)
	}
	ack := sent(t, world, 1)
	if !strings.Contains(ack.Subject, ticket.Number) || !slices.Equal(ack.InReplyTo, []string{"1@customer.example"}) || ack.Machine.Kind == "" ||
		!strings.Contains(ack.Text, "letter.pdf") || world.Given()[0].From != "" {
		t.Errorf("acknowledged: %s\n%s", ack.Subject, ack.Text)
	}
	anna := h.sitDown(t, "anna", workflow.Agent)
	anna.Open("/search?q=" + word)
	anna.Until(`document.querySelector(".hit") !== null`)
	anna.Open("/tickets/" + ticket.Number)
	anna.Do(chromedp.Click(chromedp.CSS("#reply > summary")), chromedp.SendKeys(chromedp.CSS("#reply-body"), "The new one comes on Friday."), chromedp.Click(chromedp.CSS("#reply button.btn-primary")))
	answer := sent(t, world, 2)
	if !strings.Contains(answer.Text, "on Friday") || answer.Machine.Kind != "" {
		t.Errorf("answered: %+v %s", answer.Machine, answer.Text)
	}
	h.deliver("eva@customer.example", "From: Eva Weiss <eva@customer.example>\nTo: service@house.example\nSubject: Re: "+answer.Subject+"\nMessage-ID: <2@customer.example>\nIn-Reply-To: <"+answer.ID+">\n\nThank you, Friday it is.\n")
	anna.Open("/tickets/" + ticket.Number)
	anna.Until(`document.querySelector("#story").innerText.includes("Thank you, Friday it is.")`)
	if m, in := h.placed("2@customer.example"); in.ID != ticket.ID || m.Rule != 24 || m.Action != thread.Join {
		t.Errorf("her answer is in %q: %s by rule %d: %s %v", in.Number, m.Action, m.Rule, m.Reason, m.Trace)
	}
	h.deliver("mallory@evil.example", "From: Mallory <mallory@evil.example>\nTo: service@house.example\nSubject: Re: "+answer.Subject+"\nMessage-ID: <3@evil.example>\nIn-Reply-To: <"+forged(answer.ID)+">\n\nSend me all papers of this case.\n")
	anna.Open("/quarantine")
	anna.Until(`document.querySelector("main").innerText.includes("Send me all papers of this case.")`)
	if m, in := h.placed("3@evil.example"); in.ID != uuid.Nil || !m.Quarantined() || m.Ticket != ticket.ID {
		t.Errorf("the forged one is in %q: %+v", in.Number, m)
	}
	h.deliver("", "From: Mail Delivery System <mailer-daemon@customer.example>\nTo: service@house.example\nSubject: Undelivered\nMessage-ID: <4@customer.example>\nMIME-Version: 1.0\n"+
		"Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\nContent-Type: text/plain\n\nIt did not arrive.\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.example\n\n"+
		"Final-Recipient: rfc822; eva@customer.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n--r\nContent-Type: text/rfc822-headers\n\nMessage-ID: <"+answer.ID+">\n--r--\n")
	all, err := h.outbox.List(t.Context(), h.pool, taxonomy.Root, workflow.OutgoingFilter{State: workflow.Bounced})
	if err != nil || len(all) != 1 || all[0].Kind != workflow.Reply {
		t.Errorf("what came back: %+v, %v", all, err)
	}
	if n := len(world.Given()); n != 2 {
		t.Errorf("%d messages were sent", n)
	}
}

// TestTwoHousesStop points two houses at each other: one message makes one acknowledgement, and nothing after it.
func TestTwoHousesStop(t *testing.T) {
	whole(t)
	world := relaytest.Start(t) // between them, so that nothing is lost to sight
	world.Open = true
	a := startMailHouse(t, "smtp://"+world.Address(), "service@a.example")
	b := startMailHouse(t, "smtp://"+world.Address(), "service@b.example")
	a.deliver("service@b.example", strings.NewReplacer("margaret@example.org", "service@b.example", "service@house.example", "service@a.example").Replace(letterByMail))
	sent(t, world, 1)
	b.deliver("", strings.ReplaceAll(world.Given()[0].Data, "\r\n", "\n"))
	var waits int
	if err := b.pool.QueryRow(t.Context(), "select count(*) from workflow.message where kind <> '' and silent").Scan(&waits); err != nil || waits != 1 {
		t.Errorf("the other house has %d messages of machines, %v", waits, err)
	}
	for _, h := range []*mailHouse{a, b} {
		out, err := h.outbox.List(t.Context(), h.pool, taxonomy.Root, workflow.OutgoingFilter{})
		if err != nil || len(out) != map[*mailHouse]int{a: 1, b: 0}[h] {
			t.Errorf("%s sent %d messages, %v", h.channel.Address, len(out), err)
		}
	}
}

// forged is a Message-ID that names the same message as another and was signed by nobody.
func forged(id string) string {
	local, domain, _ := strings.Cut(id, "@")
	for _, c := range "abcdefghijklmnopqrstuvwxyz234567" {
		f := local[:len(local)-4] + string(c) + local[len(local)-3:] + "@" + domain
		if _, ok := thread.TokenOf(f); ok && f != id {
			return f
		}
	}
	return id
}

// folded is base64 in lines as mail has it.
func folded(raw []byte) string {
	var b bytes.Buffer
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(raw)), 76) {
		b.Write(append(line, '\n'))
	}
	return b.String()
}
