package workflow

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres/postgrestest"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// now is the time in all tests: a Monday morning.
var now = time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)

// A house is a desk with its database, the pack and the processes installed, and people.
type house struct {
	*postgrestest.DB
	plan               *taxonomy.Plan
	desk               *Desk
	people             *People
	agent, boss, clerk User
}

func open(t *testing.T) *house {
	j := journal.New()
	plan := taxonomy.NewPlan(j, nil)
	h := &house{DB: postgrestest.Open(t, repository.Migrations, taxonomy.Migrations, Migrations), plan: plan,
		desk: NewDesk(j, plan, Calendar{}, func() time.Time { return now }), people: NewPeople(j)}
	j.Subscribe(h.desk.Follow)
	h.Tx(InstallShipped)
	user := func(name string, role Role) User {
		return User{ID: uuid.Must(uuid.NewV7()), Name: name, Roles: []Role{role}, Language: "en", Active: true}
	}
	h.agent, h.boss, h.clerk = user("anna", Agent), user("boss", Administrator), user("mia", Mailroom)
	return h
}

// A letter is what a test sends in.
type letter struct {
	class  taxonomy.ClassID
	from   string // the sender's name; their e-mail is made of it
	values []string
}

// send files a letter as capture does and gives its document and, when it has one, its ticket.
func (h *house) send(l letter) (repository.DocumentID, Ticket) {
	h.Helper()
	id := repository.NewDocumentID()
	h.Tx(func(ctx context.Context, tx pgx.Tx) error { return h.file(ctx, tx, id, l) })
	all, err := h.desk.ByDocuments(h.Context(), h.Pool, []repository.DocumentID{id})
	if err != nil {
		h.Fatal(err)
	}
	return id, all[id]
}

func (h *house) file(ctx context.Context, tx pgx.Tx, id repository.DocumentID, l letter) error {
	if _, err := tx.Exec(ctx, "insert into repository.document (id, created_by) values ($1, 'test')", id); err != nil {
		return err
	}
	v := taxonomy.Values{}
	for i := 0; i < len(l.values); i += 2 {
		v[taxonomy.FieldID(l.values[i])] = taxonomy.Value{Value: l.values[i+1], Confidence: 0.9}
	}
	hints := taxonomy.Hints{}
	if l.from != "" {
		hints = taxonomy.Hints{Name: l.from, Emails: []string{strings.ReplaceAll(strings.ToLower(l.from), " ", ".") + "@example.org"}}
	}
	m, err := h.plan.Recognise(ctx, tx, "system:capture", hints, id)
	if err != nil {
		return err
	}
	_, err = h.plan.File(ctx, tx, "system:capture", taxonomy.Filing{Document: id, Class: l.class, Confidence: 0.95, Values: v,
		Party: m.Party.ID, Language: "en", Received: now})
	return err
}

func (h *house) tasks(f TaskFilter) []Task {
	h.Helper()
	all, err := h.desk.Tasks(h.Context(), h.Pool, f)
	if err != nil {
		h.Fatal(err)
	}
	return all
}

func TestComplaintBecomesTicket(t *testing.T) {
	h := open(t)
	id, ticket := h.send(letter{taxonomy.Complaint, "Eva Weiß", []string{"subject", "late-delivery", "product", "sofa", "letter_date", "2026-03-14"}})
	if !taxonomy.ValidNumber(ticket.Number) || !strings.HasPrefix(ticket.Number, "CLM-2026-000001-") {
		t.Errorf("number %q", ticket.Number)
	}
	want := Ticket{Process: "claims", ProcessVersion: 1, Class: taxonomy.Complaint, Title: "Complaint – late delivery – sofa", Document: id,
		PartyName: "Eva Weiß", Subject: "late-delivery", Product: "sofa", Language: "en", State: "new", WaitingOn: NotStarted,
		Team: "complaints", Priority: Normal, Readers: []string{"role:agent", "role:records-manager", "role:mailroom"},
		ReceivedAt: now, OpenedAt: now, DueAt: time.Date(2026, 4, 6, 23, 59, 59, 0, time.UTC), ActiveAt: now, Version: 1, Documents: 1}
	want.ID, want.Number, want.Party = ticket.ID, ticket.Number, ticket.Party
	if diff := cmp.Diff(want, ticket); diff != "" {
		t.Errorf("ticket (-want +got):\n%s", diff)
	}
	r, err := h.plan.Record(t.Context(), h.Pool, id)
	if err != nil || r.Title != "2026-03-14 Complaint – Eva Weiß – late delivery – "+ticket.Number {
		t.Errorf("the document is called %q, %v", r.Title, err)
	}
	if _, none := h.send(letter{taxonomy.Invoice, "Eva Weiß", []string{"invoice_number", "RE-2026-1"}}); none.ID != uuid.Nil {
		t.Errorf("an invoice opened ticket %s", none.Number)
	}
}

func TestJoining(t *testing.T) {
	h := open(t)
	_, first := h.send(letter{taxonomy.Complaint, "Eva Weiss", []string{"subject", "late-delivery", "product", "sofa", "contract_number", "CT-2026-004512"}})
	tests := []struct {
		name  string
		l     letter
		joins bool
	}{
		{"same matter again", letter{taxonomy.Complaint, "Eva Weiss", []string{"subject", "late-delivery", "product", "sofa"}}, true},
		{"same contract, no subject", letter{taxonomy.Correspondence, "Eva Weiss", []string{"contract_number", "ct 2026 004512"}}, true},
		{"same contract, another trouble", letter{taxonomy.Complaint, "Eva Weiss", []string{"subject", "billing-error", "contract_number", "CT-2026-004512"}}, false},
		{"same subject, another product", letter{taxonomy.Complaint, "Eva Weiss", []string{"subject", "late-delivery", "product", "laptop"}}, false},
		{"same matter, another sender", letter{taxonomy.Complaint, "Jan Nowak", []string{"subject", "late-delivery", "product", "sofa"}}, false},
		{"same subject in another process", letter{taxonomy.Question, "Eva Weiss", []string{"subject", "late-delivery", "product", "sofa"}}, false},
		{"names the number", letter{taxonomy.Reply, "Eva Weiss", []string{"ticket_number", first.Number}}, true},
		{"an invoice that names the number", letter{taxonomy.Invoice, "Eva Weiss", []string{"ticket_number", strings.ToLower(first.Number)}}, true},
		{"unknown sender", letter{taxonomy.Complaint, "", []string{"subject", "late-delivery", "product", "sofa"}}, false},
	}
	joined := 1
	for _, test := range tests {
		id, got := h.send(test.l)
		if (got.ID == first.ID) != test.joins {
			t.Errorf("%s: ticket %s, want joining %v", test.name, got.Number, test.joins)
		}
		if !test.joins {
			continue
		}
		joined++
		if r, _ := h.plan.Record(t.Context(), h.Pool, id); r.Ticket != first.Number {
			t.Errorf("%s: the document's ticket is %q", test.name, r.Ticket)
		}
	}
	if documents, err := h.desk.Documents(t.Context(), h.Pool, first.ID); err != nil || len(documents) != joined {
		t.Errorf("the ticket has %d documents, %v; want %d", len(documents), err, joined)
	}
}

func TestForeignNumberIsForAPersonToDecide(t *testing.T) {
	h := open(t)
	_, first := h.send(letter{taxonomy.Complaint, "Eva Weiss", nil})
	id, none := h.send(letter{taxonomy.Reply, "Mallory Evil", []string{"ticket_number", first.Number}})
	tasks := h.tasks(TaskFilter{Kind: DecideTicket})
	if none.ID != uuid.Nil || len(tasks) != 1 || tasks[0].Document != id || tasks[0].Ticket != first.ID {
		t.Fatalf("ticket %q, tasks %+v", none.Number, tasks)
	}
	wrong := []byte(first.Number)
	wrong[len(wrong)-1] = '0' + (wrong[len(wrong)-1]-'0'+1)%10
	if _, got := h.send(letter{taxonomy.Question, "Mallory Evil", []string{"ticket_number", string(wrong)}}); got.Process != "question" {
		t.Errorf("a number with a wrong check digit led to %+v", got)
	}
	unknown, _ := h.send(letter{taxonomy.Reply, "", []string{"ticket_number", first.Number}})
	h.Tx(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := h.desk.Join(ctx, tx, h.agent, first.ID, id); err != nil {
			return err
		}
		own, err := h.desk.Open(ctx, tx, h.agent, unknown, "")
		if own.Process != "general" || own.ID == first.ID {
			t.Errorf("the unknown sender's reply got %+v", own)
		}
		return err
	})
	if denied := h.Try(func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.desk.Open(ctx, tx, User{Name: "nobody"}, unknown, "")
		return err
	}); !fault.Is(denied, fault.Denied) {
		t.Errorf("somebody without a role opened a ticket: %v", denied)
	}
	if left := h.tasks(TaskFilter{}); len(left) != 0 {
		t.Errorf("tasks are left: %+v", left)
	}
	err := h.Try(func(ctx context.Context, tx pgx.Tx) error {
		return h.desk.DoneTask(ctx, tx, "mia", tasks[0].ID, "joined")
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a task was done twice: %v", err)
	}
}

func TestUnsureRaisesOneValidationTask(t *testing.T) {
	h := open(t)
	id := repository.NewDocumentID()
	h.Exec("insert into repository.document (id, created_by) values ($1, 'test')", id)
	for range 2 {
		h.Tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := h.desk.journal.Append(ctx, tx, journal.Event{Actor: "system:capture", Verb: documentUnsure, Subject: repository.Subject(id),
				Detail: map[string]any{"doubts": []string{"“Sender” was not found."}}})
			return err
		})
	}
	tasks := h.tasks(TaskFilter{Kind: Validate, Team: mailroom})
	if len(tasks) != 1 || tasks[0].Document != id || tasks[0].Reason != "“Sender” was not found." {
		t.Fatalf("tasks %+v", tasks)
	}
	h.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.plan.File(ctx, tx, "mia", taxonomy.Filing{Document: id, Class: taxonomy.Question, Received: now})
		return err
	})
	if left := h.tasks(TaskFilter{}); len(left) != 0 {
		t.Errorf("after filing, tasks are left: %+v", left)
	}
}

func TestConcurrentOpeningHasNoGaps(t *testing.T) {
	h := open(t)
	const n = 24
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			err := h.Try(func(ctx context.Context, tx pgx.Tx) error {
				if err := h.file(ctx, tx, repository.NewDocumentID(), letter{class: taxonomy.Claim}); err != nil {
					return err
				}
				if i%3 == 0 {
					return fault.New(fault.Invalid, "undone on purpose")
				}
				return nil
			})
			if err != nil && !fault.Is(err, fault.Invalid) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list, err := h.desk.List(t.Context(), h.Pool, taxonomy.Root, Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, ticket := range list {
		got = append(got, ticket.Number)
	}
	slices.Sort(got)
	for i := range n - n/3 {
		want = append(want, Number("CLM", 2026, i+1))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

func TestTwoLettersOnOneMatterAtOnceOpenOneTicket(t *testing.T) {
	h := open(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			err := h.Try(func(ctx context.Context, tx pgx.Tx) error {
				return h.file(ctx, tx, repository.NewDocumentID(), letter{taxonomy.Complaint, "Eva Weiss", []string{"subject", "theft"}})
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list, err := h.desk.List(t.Context(), h.Pool, taxonomy.Root, Filter{})
	if err != nil || len(list) != 1 || list[0].Documents != 6 {
		t.Errorf("tickets %+v, %v", list, err)
	}
}
