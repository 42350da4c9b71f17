package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docket/capture"

	"github.com/google/uuid"
)

// quarantine files a message from somebody that nobody knows, and has it wait for a person who says where it belongs. The ticket is the
// one that it may belong to, empty for none.
func (h *house) quarantine(t *testing.T, sender, ticket string) capture.Piece {
	t.Helper()
	raw := fmt.Sprintf("From: %s\r\nTo: service@docket.example\r\nSubject: Re: <b>Late</b> delivery\r\nMessage-ID: <%s>\r\n\r\nx", sender, uuid.New())
	p := h.receiveMail(t, raw, unproved)
	l := letters[0]
	l.text = "From: " + sender + "\nSubject: Re: <b>Late</b> delivery\nThe machine <i>did</i> come at last.\n\nOn Mon, 2 Mar 2026 at 09:15, Service <service@docket.example> wrote:\n> Has it come?"
	h.read(t, p, l, 0.97)
	h.exec(t, `insert into workflow.message (document, direction, message_id, subject, base_subject, sender, ticket, action, rule, reason, trace, received, at)
		values ($1::uuid, 'in', $1::uuid::text, 'Re: <b>Late</b> delivery', 'late delivery', $2, (select id from workflow.ticket where number = $3), 'quarantine', 25,
			'Somebody who is not a party and not proved answers a message that is in this ticket.',
			'[{"Rule":12,"Result":"not our own"},{"Rule":25,"Result":"known message of a stranger who is not proved"}]', '[{"name":"message.eml","size":900},{"name":"kitchen.png","size":7}]', now())`, p.Document, sender, ticket)
	h.file(t, p, l)
	return p
}

// TestQuarantineIsDecided walks the quarantine as those do who decide: the same ticket, another, a new one, spam.
func TestQuarantineIsDecided(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	ticket := h.ticket
	same, other, fresh, spam := h.quarantine(t, "a@law.example", ticket), h.quarantine(t, "b@law.example", ""), h.quarantine(t, "c@law.example", ""), h.quarantine(t, "d@law.example", "")
	ben := h.as(t, "ben")
	page := ben.get("/quarantine").body
	wantAll(t, "the list", page, "4 messages wait", "a@law.example", "Re: &lt;b&gt;Late&lt;/b&gt; delivery", "The machine &lt;i&gt;did&lt;/i&gt; come at last.", "Somebody who is not a party", "Sender not proved",
		"Rule 25:", "a stranger who is not proved", "It belongs to "+ticket, "Margaret Whitcombe", "kitchen.png", "Nothing points to a ticket.")
	if strings.Contains(page, "Has it come?") {
		t.Error("what a message quotes is not folded")
	}
	decide := func(p capture.Piece, pairs ...string) answer {
		t.Helper()
		return ben.post("/quarantine/"+p.Document.String(), pairs...)
	}
	if r := decide(other, "do", "ticket", "number", "CLM-0000-000000-0"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "There is no ticket") {
		t.Errorf("a ticket that is not there: %d", r.status)
	}
	if r := decide(other); r.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing chosen: %d", r.status)
	}
	for _, c := range []struct {
		p     capture.Piece
		pairs []string
	}{{same, []string{"do", "ticket", "number", ticket}}, {other, []string{"do", "ticket", "number", ticket}}, {fresh, []string{"do", "new"}}, {spam, []string{"do", "spam"}}} {
		if r := decide(c.p, c.pairs...); r.status != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", c.pairs, r.status, r.body)
		}
	}
	if r := decide(same, "do", "spam"); r.status != http.StatusConflict || !strings.Contains(r.body, "Somebody else has decided") {
		t.Errorf("decided twice: %d", r.status)
	}
	if page := ben.get("/quarantine").body; !strings.Contains(page, "Nothing waits here") {
		t.Error("something still waits")
	}
	story := ben.get("/tickets/" + ticket).body
	for _, p := range []capture.Piece{same, other} {
		if !strings.Contains(story, p.Document.String()) {
			t.Error("a message is not in the ticket that was chosen")
		}
	}
	if strings.Contains(story, spam.Document.String()) || strings.Contains(story, fresh.Document.String()) {
		t.Error("a message is where nobody put it")
	}
	if r := h.as(t, "rosa").get("/quarantine"); r.status != http.StatusForbidden {
		t.Errorf("a records manager decides: %d", r.status)
	}
	if r := h.as(t, "mia").get("/quarantine"); r.status != 200 {
		t.Errorf("the mailroom does not see the quarantine: %d", r.status)
	}
}

// The quarantine is read page by page, and shows only what the person may see.
func TestQuarantineByPages(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	for i := range quarantineRows + 2 {
		h.quarantine(t, fmt.Sprintf("s%d@law.example", i), "")
	}
	ben := h.as(t, "ben")
	first := ben.get("/quarantine").body
	if n := strings.Count(first, "held-message"); n != quarantineRows {
		t.Errorf("%d on the first page", n)
	}
	_, more, _ := strings.Cut(first, `class="pager"><a class="btn" href="`)
	more, _, _ = strings.Cut(more, `"`)
	if n := strings.Count(ben.get(more).body, "held-message"); n != 2 {
		t.Errorf("%d on the second page, %q", n, more)
	}
	h.exec(t, "update taxonomy.record set readers = '{role:records-manager}'")
	if page := ben.get("/quarantine").body; !strings.Contains(page, "Nothing waits here") {
		t.Error("somebody sees what he may not")
	}
}

// A ticket's story shows how each message came into it, what is new in it, and which way it went.
func TestTheStoryShowsMessages(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	p := h.quarantine(t, "anna@law.example", h.ticket)
	ben := h.as(t, "ben")
	ben.post("/quarantine/"+p.Document.String(), "do", "ticket", "number", h.ticket)
	story := ben.get("/tickets/" + h.ticket).body
	wantAll(t, "the story", story, "anna@law.example", "Sender not proved", "Re: &lt;b&gt;Late&lt;/b&gt; delivery", "The machine &lt;i&gt;did&lt;/i&gt; come at last.", "decided where it belongs")
	if strings.Contains(story, "Has it come?") {
		t.Error("what a message quotes is not folded")
	}
	h.exec(t, "update workflow.message set decided_by = '', rule = 24, warn = true, action = 'attach' where document = $1", p.Document)
	if story := ben.get("/tickets/" + h.ticket).body; !strings.Contains(story, "Joined by signed token") || !strings.Contains(story, "Disclose nothing") {
		t.Error("the story does not say how a message came, or that its sender is not proved")
	}
	h.exec(t, "update workflow.message set direction = 'out', recipients = '{eva@mail.example}' where document = $1", p.Document)
	if story := ben.get("/tickets/" + h.ticket + "?show=papers").body; !strings.Contains(story, "story-sent") || !strings.Contains(story, "eva@mail.example") || strings.Contains(story, "Joined by") {
		t.Error("what went out looks as if it had come")
	}
}
