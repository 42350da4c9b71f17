package web

import (
	"net/http"
	"strings"
	"testing"

	"docket/repository/journal"
	"docket/workflow"
)

// TestSuppressedAddresses: they are listed with the reason and the message, found by a part of them, and written to again for a reason.
func TestSuppressedAddresses(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	ben := h.as(t, "ben")
	if page := ben.get("/outbox/suppressed").body; !strings.Contains(page, "No address is suppressed") {
		t.Error("the empty list teaches nothing")
	}
	ben.post("/tickets/"+ticket.Number+"/reply", "to", "anna@bank.example", "body", "It comes on Friday.", "subject", "<i>Friday</i>")
	m := h.outgoing(t)
	h.exec(t, "insert into workflow.suppressed (address, reason, message) values ('anna@bank.example', '550 5.1.1 <b>no such user</b>', $1), ('carl@law.example', 'x', null)", m.ID)
	page := ben.get("/outbox/suppressed?q=BANK").body
	wantAll(t, "the list", page, "anna@bank.example", "550 5.1.1 &lt;b&gt;no such user", "&lt;i&gt;Friday&lt;/i&gt;", ticket.Number)
	if strings.Contains(page, "carl@law.example") {
		t.Error("the search does not narrow")
	}
	if page := ben.get("/outbox").body; !strings.Contains(page, `href="/outbox/suppressed"`) {
		t.Error("the outbox does not lead there")
	}
	if r := ben.post("/outbox/suppressed", "address", "anna@bank.example", "reason", " "); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "why mail may be sent there again") {
		t.Errorf("without a reason: %d", r.status)
	}
	if r := ben.post("/outbox/suppressed", "address", "anna@bank.example", "reason", "She rang.", "q", "bank"); r.header.Get("Location") != "/outbox/suppressed?q=bank" {
		t.Errorf("%d %s", r.status, r.body)
	}
	if page := ben.get("/outbox/suppressed").body; strings.Contains(page, "550 5.1.1") || !strings.Contains(page, "Mail is sent to anna@bank.example again") {
		t.Error("it is still suppressed, or nobody says that it is not")
	}
	if r := ben.post("/outbox/suppressed", "address", "anna@bank.example", "reason", "Again."); r.status != http.StatusNotFound {
		t.Errorf("twice: %d", r.status)
	}
	events, err := journal.BySubject(t.Context(), h.config.Pool, m.ID, 0)
	if err != nil || len(events) == 0 || events[len(events)-1].Verb != workflow.AddressRestored || events[len(events)-1].Detail["reason"] != "She rang." {
		t.Errorf("the journal: %+v %v", events, err)
	}
	for _, name := range []string{"mia", "rosa"} {
		if r := h.as(t, name).get("/outbox/suppressed"); r.status != http.StatusForbidden {
			t.Errorf("%s sees the addresses: %d", name, r.status)
		}
	}
}
