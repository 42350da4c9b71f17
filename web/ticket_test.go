package web

import (
	"net/http"
	"strings"
	"testing"

	"docket/repository"
	"docket/workflow"
)

// raised is a house with one filed complaint and its ticket.
func raised(t *testing.T) (*house, workflow.Ticket) {
	t.Helper()
	h := newHouse(t)
	p := h.receive(t, "a.pdf", "scanner", "a")
	h.read(t, p, letters[0], 0.97)
	h.file(t, p, letters[0])
	h.filed = p
	ticket, err := h.config.Desk.ByNumber(t.Context(), h.config.Pool, person("ada", workflow.Administrator).Reader(), h.ticket)
	if err != nil {
		t.Fatal(err)
	}
	return h, ticket
}

func TestATicketIsWorked(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	ben := h.as(t, "ben")
	path := "/tickets/" + ticket.Number
	if list := ben.get("/tickets").body; !strings.Contains(list, ticket.Number) || !strings.Contains(list, "Margaret Whitcombe") {
		t.Error("the list lacks the ticket")
	}
	page := ben.get(path).body
	wantAll(t, "the ticket's page", page, "Margaret Whitcombe", "late delivery", "Start work", "/documents/"+h.filed.Document.String(), "K-20418833")
	if r := ben.post(path+"/move", "version", itoa(ticket.Version), "transition", "start"); r.status != http.StatusSeeOther {
		t.Fatalf("start: %d %s", r.status, r.body)
	}
	if r := ben.post(path+"/move", "version", itoa(ticket.Version), "transition", "ask-customer"); r.status != http.StatusConflict {
		t.Errorf("moving what somebody has changed: %d", r.status)
	}
	version := itoa(ticket.Version + 1)
	if r := ben.post(path+"/assign", "version", version, "owner", "ben", "team", "complaints"); r.status != http.StatusSeeOther {
		t.Fatalf("assign: %d", r.status)
	}
	if r := ben.post(path+"/notes", "text", "<b>called</b> her"); r.status != http.StatusSeeOther {
		t.Fatalf("note: %d", r.status)
	}
	page = ben.get(path).body
	wantAll(t, "the ticket's page", page, "From “New” to “Being assessed”", "Given to Ben", "&lt;b&gt;called&lt;/b&gt; her", "The note is added.")
	if notes := ben.get(path + "?show=notes").body; !strings.Contains(notes, "&lt;b&gt;called") || strings.Contains(notes, `class="paper"`) || strings.Contains(notes, "Given to Ben") {
		t.Error("the story is not narrowed to its notes")
	}
	if mine := ben.get("/tickets?view=mine").body; !strings.Contains(mine, ticket.Number) {
		t.Error("the ticket is not among the owner's")
	}
	if r := h.as(t, "mia").post(path+"/assign", "version", version, "owner", "mia", "team", "complaints"); r.status != http.StatusForbidden {
		t.Errorf("a clerk assigns: %d", r.status)
	}
}

// TestAClosedTicketDoesNotExist compares what somebody without access gets with what they get for no ticket at all.
func TestAClosedTicketDoesNotExist(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	h.exec(t, "update workflow.ticket set readers = '{role:records-manager}' where id = $1", ticket.ID)
	ben := h.as(t, "ben")
	want, got := ben.get("/tickets/CLM-2026-999999-9"), ben.get("/tickets/"+ticket.Number)
	if got.status != http.StatusNotFound || !sameButReference(got, want, ticket.Number, "CLM-2026-999999-9") {
		t.Errorf("%d, unlike a ticket that does not exist (%d)", got.status, want.status)
	}
	for _, what := range []string{"move", "assign", "notes"} {
		if r := ben.post("/tickets/"+ticket.Number+"/"+what, "text", "x", "version", "1"); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", what, r.status)
		}
	}
	if strings.Contains(ben.get("/tickets?view=all").body, ticket.Number) {
		t.Error("the list shows it")
	}
}

// TestATicketHidesItsClosedDocuments: whoever may see a ticket need not see all that belongs to it.
func TestATicketHidesItsClosedDocuments(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	h.exec(t, "update taxonomy.record set readers = '{role:records-manager}', title = 'Closed title' where document = $1", h.filed.Document)
	if body := h.as(t, "ben").get("/tickets/" + ticket.Number).body; strings.Contains(body, "Closed title") || strings.Contains(body, h.filed.Document.String()) {
		t.Error("the ticket's page shows a document that the person may not see")
	}
}

func TestUsersAreManaged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.as(t, "ada")
	if r := ada.post("/admin/users", "name", "Zoë Z", "title", "Zoë", "role", "agent", "password", "correct horse"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a name with a space: %d", r.status)
	}
	if r := ada.post("/admin/users", "name", "zoe", "title", "Zoë Zupan", "role", "agent", "role", "mailroom", "teams", "claims, service", "password", "correct horse"); r.status != http.StatusSeeOther {
		t.Fatalf("add: %d %s", r.status, r.body)
	}
	zoe, err := h.config.People.UserByName(t.Context(), h.config.Pool, "zoe")
	if err != nil || len(zoe.Roles) != 2 || len(zoe.Teams) != 2 {
		t.Fatalf("%v %+v", err, zoe)
	}
	b := h.browser(t)
	if r := b.post("/sign-in", "name", "zoe", "password", "correct horse"); r.status != http.StatusSeeOther {
		t.Errorf("the new user signs in: %d", r.status)
	}
	if r := ada.post("/admin/users/"+zoe.ID.String(), "title", "Zoë Zupan", "role", "agent"); r.status != http.StatusSeeOther {
		t.Fatalf("change: %d %s", r.status, r.body)
	}
	if r := b.get("/"); r.status != http.StatusSeeOther {
		t.Errorf("somebody who may not sign in any more is still in: %d", r.status)
	}
	if r := ada.post("/admin/users/"+zoe.ID.String(), "title", "Zoë Zupan", "role", "agent", "active", "on"); r.status != http.StatusSeeOther {
		t.Fatalf("change back: %d %s", r.status, r.body)
	}
	if r := b.get("/"); r.status != http.StatusSeeOther {
		t.Errorf("a session of before lives again: %d", r.status)
	}
	last := ada.post("/admin/users/"+person("ada").ID.String(), "title", "Ada", "role", "administrator")
	if last.status != http.StatusConflict || !strings.Contains(last.body, "at least one active administrator") {
		t.Errorf("the last administrator is gone: %d", last.status)
	}
	if r := h.as(t, "ben").post("/admin/users", "name", "eve"); r.status != http.StatusForbidden {
		t.Errorf("an agent adds a user: %d", r.status)
	}
}

// What a ticket asks for stands on its page and on the start page until somebody has seen to it; who may not work on tickets is refused.
func TestWhatATicketAsksForIsDone(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	task := h.ask(t, workflow.UsePost, repository.DocumentID{}, "The mailbox is full.")
	ben, mia := h.as(t, "ben"), h.as(t, "mia")
	path := "/tickets/" + ticket.Number
	for _, page := range []string{path, "/"} {
		wantAll(t, page, ben.get(page).body, "Write by post", "The mailbox is full.", ticket.Number)
	}
	answer := path + "/tasks/" + task.String()
	if r := mia.post(answer, "answer", "done"); r.status != http.StatusForbidden {
		t.Errorf("the mailroom answers: %d", r.status)
	}
	if r := ben.post(answer, "answer", "here"); r.status != http.StatusBadRequest && r.status != http.StatusUnprocessableEntity {
		t.Errorf("an answer that does not fit: %d", r.status)
	}
	if r := ben.post(path+"/tasks/nothing", "answer", "done"); r.status != http.StatusNotFound {
		t.Errorf("a task that does not exist: %d", r.status)
	}
	if r := ben.post(answer, "answer", "done"); r.status != http.StatusSeeOther {
		t.Fatalf("done: %d %s", r.status, r.body)
	}
	if r := ben.post(answer, "answer", "done"); r.status != http.StatusConflict {
		t.Errorf("done twice: %d", r.status)
	}
	if body := ben.get("/").body; strings.Contains(body, "Write by post") {
		t.Error("the start page still asks")
	}
}
