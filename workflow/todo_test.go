package workflow

import (
	"context"
	"testing"

	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// TestTasksOfATicket holds that what a ticket asks for is listed for who works on it and for nobody else, and is answered there: a
// letter that names a stranger's ticket belongs to it, is a matter of its own, or neither.
func TestTasksOfATicket(t *testing.T) {
	h := open(t)
	_, ticket := h.send(letter{taxonomy.Complaint, "Eva Weiss", nil})
	var letters []Todo
	for range 3 {
		h.send(letter{taxonomy.Reply, "Mallory Evil", []string{"ticket_number", ticket.Number}})
	}
	list := func(by User, f TodoFilter) []Todo {
		t.Helper()
		all, err := h.desk.Todos(t.Context(), h.Pool, by.Reader(), f)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	letters = list(h.agent, TodoFilter{Ticket: ticket.ID})
	if len(letters) != 3 || letters[0].Number != ticket.Number || letters[0].Kind != DecideTicket {
		t.Fatalf("the ticket asks for %+v", letters)
	}
	if got := list(h.agent, TodoFilter{Owner: "anna"}); len(got) != 3 {
		t.Errorf("anna sees %d tasks of a ticket that nobody has, want 3", len(got))
	}
	h.Exec("update workflow.ticket set owner = 'piotr' where id = $1", ticket.ID)
	if got := list(h.agent, TodoFilter{Owner: "anna"}); len(got) != 0 {
		t.Errorf("anna sees tasks of piotr's ticket: %+v", got)
	}
	if got := list(User{Name: "nobody"}, TodoFilter{}); len(got) != 0 {
		t.Errorf("somebody without a role sees %+v", got)
	}
	answer := func(by User, i int, what string) (went Ticket, err error) {
		err = h.Try(func(ctx context.Context, tx pgx.Tx) (err error) {
			went, err = h.desk.AnswerTask(ctx, tx, by, ticket.ID, letters[i].ID, what)
			return err
		})
		return went, err
	}
	for _, wrong := range []struct {
		by   User
		what string
		kind fault.Kind
	}{{h.clerk, DoneAnswer, fault.Denied}, {h.agent, "", fault.Invalid}} {
		if _, err := answer(wrong.by, 0, wrong.what); !fault.Is(err, wrong.kind) {
			t.Errorf("%s answers %q: %v", wrong.by.Name, wrong.what, err)
		}
	}
	if went, err := answer(h.agent, 0, HereAnswer); err != nil || went.ID != ticket.ID || went.Documents != 2 {
		t.Errorf("a letter that belongs here went to %+v, %v", went, err)
	}
	if went, err := answer(h.agent, 1, AnotherAnswer); err != nil || went.ID == ticket.ID || went.Document != letters[1].Document {
		t.Errorf("a matter of its own went to %+v, %v", went, err)
	}
	if _, err := answer(h.agent, 2, DoneAnswer); err != nil {
		t.Error(err)
	}
	if _, err := answer(h.agent, 2, DoneAnswer); !fault.Is(err, fault.Conflict) {
		t.Errorf("a task was answered twice: %v", err)
	}
	if left := list(h.boss, TodoFilter{}); len(left) != 0 {
		t.Errorf("tasks are left: %+v", left)
	}
}
