package workflow

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

func (h *house) move(by User, t Ticket, transition, comment string) (Ticket, error) {
	var got Ticket
	err := h.Try(func(ctx context.Context, tx pgx.Tx) (err error) {
		got, err = h.desk.Move(ctx, tx, by, t.ID, transition, t.Version, comment)
		return err
	})
	return got, err
}

func (h *house) must(t Ticket, err error) Ticket {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
	return t
}

func TestMove(t *testing.T) {
	h := open(t)
	_, ticket := h.send(letter{taxonomy.Claim, "Eva Weiss", []string{"amount", "2500.00 EUR", "policy_number", "POL-2024-1234567"}})
	if _, err := h.move(h.clerk, ticket, "start", ""); !fault.Is(err, fault.Denied) {
		t.Errorf("the mailroom started a ticket: %v", err)
	}
	if _, err := h.move(h.agent, ticket, "approve", ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("a new ticket was approved: %v", err)
	}
	started := h.must(h.move(h.agent, ticket, "start", ""))
	if _, err := h.move(h.agent, ticket, "start", ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale move was accepted: %v", err)
	}
	_, err := h.move(h.agent, started, "accept", "")
	if !fault.Is(err, fault.Denied) || !strings.Contains(fault.Sentence(err), "Submit it for approval") {
		t.Errorf("2,500 EUR were accepted without approval: %v", err)
	}
	if _, err := h.move(h.agent, started, "decline", " "); !fault.Is(err, fault.Invalid) {
		t.Errorf("declined without saying why: %v", err)
	}
	waiting := h.must(h.move(h.agent, started, "ask-customer", "photos please"))
	if waiting.WaitingOn != WaitingOnThem {
		t.Errorf("asked, and waiting on %s", waiting.WaitingOn)
	}
	_, back := h.send(letter{taxonomy.Correspondence, "Eva Weiss", []string{"policy_number", "POL-2024-1234567"}})
	if back.ID != ticket.ID || back.State != "assessment" || back.WaitingOn != WaitingOnUs {
		t.Errorf("after the customer's letter: %s, %s", back.Number, back.State)
	}
	submitted := h.must(h.move(h.agent, back, "submit", ""))
	if _, err := h.move(h.agent, submitted, "approve", ""); !fault.Is(err, fault.Denied) {
		t.Errorf("an agent approved: %v", err)
	}
	closed := h.must(h.move(h.boss, submitted, "approve", ""))
	if closed.Open() || !closed.ClosedAt.Equal(now) {
		t.Errorf("approved, and %s since %v", closed.WaitingOn, closed.ClosedAt)
	}
	_, late := h.send(letter{taxonomy.Thanks, "Eva Weiss", []string{"ticket_number", ticket.Number}})
	if tasks := h.tasks(TaskFilter{Kind: ReviewClosed}); late.ID != ticket.ID || len(tasks) != 1 {
		t.Errorf("a letter to a closed ticket gives %s and tasks %+v", late.Number, tasks)
	}
	reopened := h.must(h.move(h.agent, late, "reopen", "new evidence"))
	if !reopened.Open() || !reopened.ClosedAt.IsZero() {
		t.Errorf("reopened, and closed at %v", reopened.ClosedAt)
	}
}

func TestTimelineTellsTheStory(t *testing.T) {
	h := open(t)
	_, ticket := h.send(letter{taxonomy.Question, "Eva Weiss", nil})
	h.Tx(func(ctx context.Context, tx pgx.Tx) error {
		if err := h.desk.Note(ctx, tx, h.agent, ticket.ID, "called her"); err != nil {
			return err
		}
		if _, err := h.people.Add(ctx, tx, "boss", User{Name: "Anna", Roles: []Role{Agent}}, "a long password"); err != nil {
			return err
		}
		_, err := h.desk.Assign(ctx, tx, h.agent, ticket.ID, "anna", "service", ticket.Version)
		return err
	})
	h.must(h.move(h.agent, Ticket{ID: ticket.ID}, "answer", ""))
	story, err := h.desk.Timeline(t.Context(), h.Pool, ticket.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range story {
		got = append(got, string(e.By)+" "+string(e.Verb)+" "+e.Note)
	}
	want := []string{"system:workflow ticket.opened ", "anna ticket.noted called her", "anna ticket.assigned ", "anna ticket.moved "}
	if diff := cmp.Diff(want, got); diff != "" || story[0].Document == uuid.Nil {
		t.Errorf("story (-want +got):\n%s", diff)
	}
	err = h.Try(func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.desk.Assign(ctx, tx, h.agent, ticket.ID, "nobody-here", "", 0)
		return err
	})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("assigned to somebody who does not exist: %v", err)
	}
}

func TestOneOfManyMovesWins(t *testing.T) {
	h := open(t)
	_, ticket := h.send(letter{class: taxonomy.Question})
	var wins atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := h.move(h.agent, ticket, "start", "")
			if err == nil {
				wins.Add(1)
			} else if !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d moves won", wins.Load())
	}
}

func TestSteps(t *testing.T) {
	h := open(t)
	_, ticket := h.send(letter{taxonomy.Claim, "", []string{"amount", "1000.01 EUR"}})
	ticket = h.must(h.move(h.agent, ticket, "start", ""))
	p, err := h.desk.Process(t.Context(), h.Pool, ticket.Process, ticket.ProcessVersion)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range p.Steps(ticket, h.agent, h.desk.FactsFor(ticket, h.agent)) {
		got = append(got, s.ID+map[bool]string{true: " refused"}[s.Refused != ""])
	}
	want := []string{"ask-customer", "accept refused", "submit", "decline", "withdraw"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if none := p.Steps(ticket, h.clerk, h.desk.FactsFor(ticket, h.clerk)); len(none) != 0 {
		t.Errorf("the mailroom may %+v", none)
	}
}

func TestListAndCounts(t *testing.T) {
	h := open(t)
	for range 5 {
		h.send(letter{class: taxonomy.Question})
	}
	_, claim := h.send(letter{taxonomy.Claim, "Łucja Żak", nil})
	claim = h.must(h.move(h.agent, claim, "start", ""))
	var pages, due, wait []string
	for _, order := range []Order{Newest, ByDue, ByWait} {
		for f := (Filter{Limit: 2, Order: order}); ; {
			page, err := h.desk.List(t.Context(), h.Pool, h.agent.Reader(), f)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, ticket := range page {
				switch order {
				case Newest:
					pages = append(pages, ticket.Number)
				case ByDue:
					due = append(due, ticket.Number)
				default:
					wait = append(wait, ticket.Number)
				}
			}
			f.After = order.After(page[len(page)-1])
		}
	}
	q := func(n int) string { return Number("QST", 2026, n) }
	wantPages := []string{claim.Number, q(5), q(4), q(3), q(2), q(1)}
	wantDue := []string{q(1), q(2), q(3), q(4), q(5), claim.Number}
	if diff := cmp.Diff(wantPages, pages) + cmp.Diff(wantDue, due) + cmp.Diff(wantDue, wait); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	for name, f := range map[string]Filter{
		"by name":    {Text: "zak luc"},
		"by number":  {Text: "clm-2026"},
		"by state":   {State: "assessment"},
		"by waiting": {WaitingOn: WaitingOnUs},
		"by class":   {Class: taxonomy.Claim},
		"by team":    {Team: "claims"},
		"by party":   {Party: claim.Party},
	} {
		got, err := h.desk.List(t.Context(), h.Pool, h.agent.Reader(), f)
		if err != nil || len(got) != 1 || got[0].ID != claim.ID {
			t.Errorf("%s: %d tickets, %v", name, len(got), err)
		}
	}
	counts, err := h.desk.Counts(t.Context(), h.Pool, h.agent.Reader(), "anna")
	want := Counts{Open: 6, NotStarted: 5, OnUs: 1, Unowned: 6}
	if diff := cmp.Diff(want, counts); err != nil || diff != "" {
		t.Errorf("counts (-want +got), %v:\n%s", err, diff)
	}
	stranger := taxonomy.Reader{Tokens: []string{"role:nobody"}}
	hidden, err := h.desk.List(t.Context(), h.Pool, stranger, Filter{})
	if _, one := h.desk.Ticket(t.Context(), h.Pool, stranger, claim.ID); err != nil || len(hidden) != 0 || !fault.Is(one, fault.NotFound) {
		t.Errorf("a stranger sees %d tickets, %v, %v", len(hidden), err, one)
	}
}

func TestCorrectionsReachTheTicket(t *testing.T) {
	h := open(t)
	id, ticket := h.send(letter{taxonomy.Complaint, "Eva Weis", []string{"subject", "theft"}})
	_, other := h.send(letter{taxonomy.Question, "Eva Weiss", nil})
	h.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.plan.Correct(ctx, tx, "mia", id, taxonomy.Correction{Class: taxonomy.Claim, Party: &other.Party,
			Values: taxonomy.Values{taxonomy.Subject: {Value: "fire-damage"}}})
		return err
	})
	got, err := h.desk.Ticket(t.Context(), h.Pool, taxonomy.Root, ticket.ID)
	if err != nil || got.Class != taxonomy.Claim || got.Subject != "fire-damage" || got.PartyName != "Eva Weiss" || got.Number != ticket.Number {
		t.Errorf("the ticket is %+v, %v", got, err)
	}
	h.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return h.plan.Merge(ctx, tx, "mia", other.Party, ticket.Party)
	})
	got, err = h.desk.Ticket(t.Context(), h.Pool, taxonomy.Root, ticket.ID)
	if err != nil || got.Party != ticket.Party {
		t.Errorf("after the merge the ticket's party is %s, %v", got.PartyName, err)
	}
	if _, err := journal.BySubject(t.Context(), h.Pool, ticket.ID, 0); err != nil {
		t.Error(err)
	}
}
