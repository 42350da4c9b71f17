package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"docket/repository/journal"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// TestPeopleSayWhatTheyAreToldOf: everybody says where and of what they are told by e-mail, administrators say where for others, and an
// address to which nothing is sent because mail came back from it says so.
func TestPeopleSayWhatTheyAreToldOf(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.channel(t, "service@docket.example")
	mia := h.as(t, "mia")
	look := func() workflow.User {
		t.Helper()
		u, err := h.config.People.UserByName(t.Context(), h.config.Pool, "mia")
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	page := mia.get("/settings").body
	if !strings.Contains(page, `value="assigned" checked`) || !strings.Contains(page, `value="answered" checked`) || strings.Contains(page, `value="noted" checked`) || !strings.Contains(page, `href="/settings"`) {
		t.Error("the page does not begin with what is usual")
	}
	for _, bad := range []string{"nobody", "service@docket.example", "no-reply@home.example"} {
		if r := mia.post("/settings", "email", bad, "told", "noted"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="`+bad+`"`) || !strings.Contains(r.body, "Nothing was changed.") {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
	if r := mia.post("/settings", "email", "mia@home.example", "told", "everything"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("what there is not: %d", r.status)
	}
	if r := mia.post("/settings", "email", "mia@home.example", "told", "noted", "told", "bounced"); r.status != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", r.status, r.body)
	}
	if u := look(); u.Email != "mia@home.example" || !slices.Equal(u.ToldOf, []workflow.ToldKind{workflow.ToldNoted, workflow.ToldBounced}) {
		t.Errorf("%+v", u)
	}
	if page := mia.get("/settings").body; !strings.Contains(page, `value="noted" checked`) || strings.Contains(page, `value="assigned" checked`) {
		t.Error("what was chosen is not there again")
	}
	h.inTx(t, func(tx pgx.Tx) error {
		_, err := tx.Exec(context.WithoutCancel(t.Context()), "insert into workflow.suppressed (address, reason) values ('mia@home.example', '5.1.1 <i>No</i> such user'), ('eva@example.org', 'x')")
		return err
	})
	if page := mia.get("/settings").body; !strings.Contains(page, "5.1.1 &lt;i&gt;No&lt;/i&gt; such user") {
		t.Error("the page does not say that nothing is sent to the address")
	}
	if r := mia.post("/settings", "do", "restore"); r.status != http.StatusSeeOther || strings.Contains(mia.get("/settings").body, "such user") {
		t.Errorf("restoring her own address: %d", r.status)
	}
	ada := h.as(t, "ada")
	if r := ada.post("/admin/users/"+look().ID.String(), "title", "Mia Berg", "role", "mailroom", "active", "on", "email", "berg@home.example"); r.status != http.StatusSeeOther {
		t.Errorf("by an administrator: %d %s", r.status, r.body)
	}
	if u := look(); u.Email != "berg@home.example" || len(u.ToldOf) != 2 {
		t.Errorf("%+v", u)
	}
	events, err := journal.BySubject(t.Context(), h.config.Pool, look().ID, 0)
	if err != nil || len(events) != 2 || events[1].Verb != workflow.UserChanged {
		t.Errorf("%d events, %v", len(events), err)
	}
}

// TestAnAnswerToANotificationIsALineOfTheStory: what one of us answered by mail is a note or went out, so the message itself is only a line
// that leads to it, and nobody answers it as if a customer had written it.
func TestAnAnswerToANotificationIsALineOfTheStory(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	h.inTx(t, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.WithoutCancel(t.Context()), `update workflow.message set action = 'told', rule = 37, decided_by = '', aligned = true, warn = false,
			reason = 'Answer of Ben to a notification: it is a note.' where direction = 'in'`); err != nil {
			return err
		}
		_, err := h.config.Journal.Append(t.Context(), tx, journal.Event{Actor: "system:workflow", Verb: workflow.PersonTold, Subject: journal.Subject{Kind: "ticket", ID: ticket.ID},
			Detail: map[string]any{"name": "Ben"}})
		return err
	})
	page := h.as(t, "ben").get("/tickets/" + ticket.Number).body
	wantAll(t, "the story", page, "An answer to a notification</a> · Answer of Ben to a notification: it is a note.", "Ben was told by e-mail")
	if strings.Contains(page, "The machine") || strings.Contains(page, `value="anna@bank.example" checked`) {
		t.Error("the message is shown, or answered, as a customer's")
	}
	if page := h.as(t, "ben").get("/tickets/" + ticket.Number + "?show=papers").body; strings.Contains(page, "An answer to a notification") {
		t.Error("it is among the papers")
	}
}
