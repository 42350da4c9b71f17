package web

import (
	"net/http"
	"strings"
	"testing"

	"docket/workflow"

	"github.com/chromedp/chromedp"
	"github.com/jackc/pgx/v5"
)

// written is a house with a channel and a ticket that somebody wrote to by mail.
func written(t *testing.T) (*house, workflow.Ticket) {
	t.Helper()
	h, ticket := raised(t)
	h.channel(t, "service@docket.example")
	p := h.quarantine(t, "anna@bank.example", ticket.Number)
	h.inTx(t, func(tx pgx.Tx) error {
		_, err := h.config.Desk.DecideMessage(t.Context(), tx, person("ben", workflow.Agent), p.Document, workflow.Choice{Ticket: ticket.Number})
		return err
	})
	return h, ticket
}

// outgoing is the only message of the outbox.
func (h *house) outgoing(t *testing.T) workflow.Outgoing {
	t.Helper()
	all, err := h.config.Outbox.List(t.Context(), h.config.Pool, person("ada", workflow.Administrator).Reader(), workflow.OutgoingFilter{})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d messages: %v", len(all), err)
	}
	return all[0]
}

// TestAReplyIsWrittenSentAndCalledBack: the composer answers whoever wrote, quotes them, keeps drafts without ever writing over another
// window's, sends, and calls back.
func TestAReplyIsWrittenSentAndCalledBack(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	ben, path := h.as(t, "ben"), "/tickets/"+ticket.Number
	page := ben.get(path).body
	wantAll(t, "the composer", page, `value="anna@bank.example" checked`, "&gt; The machine &lt;i&gt;did&lt;/i&gt; come at last.", "Goes out from service@docket.example", "Disclose nothing")
	if r := ben.post(path+"/draft", "to", "anna@bank.example", "body", "Dear <b>Anna</b>", "draft", "0"); r.status != http.StatusSeeOther {
		t.Fatalf("keeping: %d %s", r.status, r.body)
	}
	if page := ben.get(path).body; !strings.Contains(page, "Dear &lt;b&gt;Anna&lt;/b&gt;</textarea>") || !strings.Contains(page, "Draft,") {
		t.Error("the draft is not there again")
	}
	if r := ben.post(path+"/draft", "body", "Written in another window", "draft", "0"); r.status != http.StatusConflict || !strings.Contains(r.body, "another window") || !strings.Contains(r.body, "Written in another window</textarea>") {
		t.Errorf("an old window: %d", r.status)
	}
	if r := ben.post(path+"/reply", "to", "service@docket.example", "body", "x"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "an address of our own") {
		t.Errorf("to ourselves: %d", r.status)
	}
	if r := ben.post(path+"/reply", "to", "anna@bank.example", "cc_other", "bert@law.example; carl@law.example", "body", "It comes on Friday."); r.status != http.StatusSeeOther {
		t.Fatalf("sending: %d %s", r.status, r.body)
	}
	m := h.outgoing(t)
	if m.State != workflow.Held || len(m.Copies) != 2 || m.Body != "It comes on Friday." {
		t.Errorf("queued: %+v", m)
	}
	if page := ben.get(path).body; !strings.Contains(page, "Undo") || !strings.Contains(page, "data-until") || strings.Contains(page, "Dear &lt;b&gt;") {
		t.Error("it cannot be undone, or the draft is still there")
	}
	if page := h.as(t, "ada").get(path).body; strings.Contains(page, "data-until") {
		t.Error("somebody else is offered the undoing")
	}
	if r := ben.post("/outbox/"+m.ID.String(), "do", "cancel", "next", "ticket"); r.header.Get("Location") != path+"#reply" {
		t.Errorf("calling back leads to %q: %s", r.header.Get("Location"), r.body)
	}
	if page := ben.get(path).body; !strings.Contains(page, "It comes on Friday.</textarea>") || !strings.Contains(page, `value="bert@law.example" checked`) {
		t.Error("what was called back is no draft again")
	}
	ben.post(path+"/draft", "do", "drop")
	if page := ben.get(path).body; strings.Contains(page, "It comes on Friday.") {
		t.Error("the draft was not dropped")
	}
	if r := h.as(t, "mia").post(path+"/reply", "to", "anna@bank.example", "body", "x"); r.status != http.StatusForbidden && r.status != http.StatusNotFound {
		t.Errorf("the mailroom answers: %d", r.status)
	}
}

// TestOutbox: what did not arrive is counted, says why, and is sent again to another address.
func TestOutbox(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	ben := h.as(t, "ben")
	if page := ben.get("/outbox").body; !strings.Contains(page, "Nothing here") {
		t.Error("the empty outbox teaches nothing")
	}
	ben.post("/tickets/"+ticket.Number+"/reply", "to", "anna@bank.example", "body", "It comes on Friday.", "subject", "<i>Friday</i>")
	m := h.outgoing(t)
	h.exec(t, "update workflow.outgoing set state = 'bounced', bounced_at = now(), trouble = 'The mail server refused the message.', answer = '550 5.1.1 <b>no such user</b>'")
	page := ben.get("/outbox?state=bounced").body
	wantAll(t, "the outbox", page, "1 did not arrive", "&lt;i&gt;Friday&lt;/i&gt;", "anna@bank.example", "The mail server refused the message.", "550 5.1.1 &lt;b&gt;no such user", ticket.Number, "Send again")
	if page := ben.get("/outbox?state=sent").body; strings.Contains(page, "anna@bank.example") {
		t.Error("the filter does not narrow")
	}
	if r := ben.post("/outbox/"+m.ID.String(), "do", "resend", "to", "anna@new.example"); r.status != http.StatusSeeOther {
		t.Fatalf("sending again: %d %s", r.status, r.body)
	}
	if again := h.outgoing(t); again.ResendOf != m.ID || again.Recipients[0] != "anna@new.example" {
		t.Errorf("sent again: %+v", again)
	}
	if r := ben.post("/outbox/"+m.ID.String(), "do", "cancel"); r.status != http.StatusConflict || !strings.Contains(r.body, "too late") {
		t.Errorf("calling back what came back: %d", r.status)
	}
	for _, name := range []string{"mia", "rosa"} {
		if r := h.as(t, name).get("/outbox"); r.status != http.StatusForbidden {
			t.Errorf("%s sees the outbox: %d", name, r.status)
		}
	}
}

// TestAReplyByKeyboard walks an answer as an agent writes it: r, words, which are kept while typing, Ctrl+Enter, and undo.
func TestAReplyByKeyboard(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	b := newTab(t, h.url)
	b.signIn("ben")
	b.open("/tickets/" + ticket.Number)
	b.key("r")
	b.until(`document.activeElement.id === "reply-body"`)
	b.run(chromedp.SendKeys(chromedp.CSS("#reply-body"), "It comes on Friday."))
	b.until(`document.querySelector("[data-kept]").textContent !== ""`)
	b.open("/tickets/" + ticket.Number)
	b.until(`document.querySelector("#reply-body").value.includes("It comes on Friday.")`)
	b.axe("the composer")
	evaluate[bool](b, `fetch("/sign-out", {method: "POST"}).then(r => r.ok)`)
	b.run(chromedp.SendKeys(chromedp.CSS("#reply-body"), " At noon."))
	b.until(`document.querySelector("[data-kept]").classList.contains("tone-bad")`)
	b.forget("sign-in")
	b.forget("net::ERR_FAILED")
	b.signIn("ben")
	b.open("/tickets/" + ticket.Number)
	b.until(`document.querySelector("#reply-body").value.includes("At noon.")`)
	evaluate[bool](b, `document.querySelector("#reply-body").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true}))`)
	b.until(`document.querySelector("form.undo [data-left]")?.textContent !== undefined && document.querySelector("form.undo [data-left]").textContent !== ""`)
	b.axe("the undoing")
	b.run(chromedp.Click(chromedp.CSS("form.undo button")))
	b.until(`location.hash === "#reply" && document.querySelector("#reply-body").value.includes("At noon.")`)
	b.narrow("the composer", 1440)
	b.quiet("an answer")
	if m := h.outgoing(t); m.State != workflow.Cancelled || !strings.Contains(m.Body, "At noon.") || !strings.Contains(m.Body, "> The machine") {
		t.Errorf("%s %q", m.State, m.Body)
	}
}

// answers puts answers into the outbox: one that can be called back, and one that came back.
func (h *house) answers(t *testing.T) {
	t.Helper()
	ada := person("ada", workflow.Administrator)
	ticket, err := h.config.Desk.ByNumber(t.Context(), h.config.Pool, ada.Reader(), h.ticket)
	if err != nil {
		t.Fatal(err)
	}
	h.inTx(t, func(tx pgx.Tx) error {
		for range 2 {
			if _, err := h.config.Outbox.Queue(t.Context(), tx, ada, workflow.Outgoing{Ticket: ticket.ID, Recipients: []string{"anna@bank.example"}, Subject: "<b>Late</b> delivery", Body: "It comes."}); err != nil {
				return err
			}
		}
		_, err := h.config.Outbox.SaveDraft(t.Context(), tx, ada, workflow.Draft{Ticket: ticket.ID, Recipients: []string{strings.Repeat("a", 60) + "@bank.example"}, Body: "Dear Anna,"})
		return err
	})
	h.exec(t, `insert into workflow.suppressed (address, reason, message) select 'anna@bank.example', '550 5.1.1 no such user', id from workflow.outgoing limit 1`)
	h.exec(t, `insert into workflow.suppressed (address, reason) values (repeat('a', 60) || '@bank.example', '552 5.2.2 The mailbox is full and has been so for a long time')`)
	h.exec(t, "update workflow.outgoing set state = 'bounced', trouble = 'The mail server refused the message.', answer = '550 5.1.1 no such user' where id = (select min(id::text)::uuid from workflow.outgoing)")
}
