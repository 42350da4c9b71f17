package api_test

import (
	"fmt"
	"strings"
	"testing"

	"docket/capture"
	"docket/taxonomy"
	"docket/web/api"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// complain files a complaint and gives its ticket.
func (h *house) complain(text string) (ticket api.Ticket) {
	h.t.Helper()
	id := h.file(h.handIn("mailroom-mia", text, text), taxonomy.Complaint)
	record, err := h.plan.Record(h.t.Context(), h.pool, id)
	if err != nil {
		h.t.Fatal(err)
	}
	h.get("administrator-ada", "/tickets/"+record.Ticket).into(200, &ticket)
	return ticket
}

func TestATicketAndItsStory(t *testing.T) {
	h := openHouse(t)
	was := h.complain("a")
	if was.State == "" || was.WaitingOn != "not-started" || was.Process != "claims" || was.Class != "complaint" || was.Due <= was.Opened {
		t.Errorf("%+v", was)
	}
	if len(was.Documents) != 1 || was.Documents[0].Title == "" || len(was.Timeline) == 0 || was.Timeline[0].Verb != "ticket.opened" {
		t.Errorf("%+v", was)
	}
	path := "/tickets/" + was.Number
	h.inTx(func(tx pgx.Tx) error {
		party, err := h.plan.AddParty(t.Context(), tx, "mia", taxonomy.Party{Kind: taxonomy.Person, Name: "Anna Novak"}, taxonomy.Hints{}, uuid.Nil)
		if err == nil {
			_, err = tx.Exec(t.Context(), "update workflow.ticket set party = $1", party.ID)
		}
		return err
	})
	var now api.Ticket
	h.post("agent-ben", path+"/notes", map[string]string{"text": "Call back on Monday."}).into(200, &now)
	if last := now.Timeline[len(now.Timeline)-1]; last.Note != "Call back on Monday." || last.By != "agent-ben" {
		t.Errorf("%+v", last)
	}
	var step api.TicketStep
	h.get("agent-ben", path).into(200, &now)
	for _, s := range now.Steps {
		if s.Refused == "" && !s.Comment && step.Name == "" {
			step = s
		}
	}
	if step.Name == "" || step.Title == "" {
		t.Fatalf("no step: %+v", now.Steps)
	}
	h.post("agent-ben", path+"/transitions", map[string]any{"name": "no-such-step"}).problem(409)
	h.post("agent-ben", path+"/transitions", map[string]any{"name": step.Name, "version": now.Version + 7}).problem(409)
	h.post("agent-ben", path+"/transitions", map[string]any{"name": step.Name, "version": now.Version}).into(200, &now)
	if now.State == was.State {
		t.Errorf("still %s after %s", now.State, step.Name)
	}
	h.post("agent-ben", path+"/assign", map[string]string{"owner": "nobody-here", "team": ""}).problem(422)
	h.exec("insert into workflow.person (id, name, title, hash, roles) values ($1, 'anna', 'Anna', '', '{agent}')", uuid.New())
	h.post("agent-ben", path+"/assign", map[string]string{"owner": "anna", "team": "claims"}).into(200, &now)
	if now.Owner != "anna" || now.Team != "claims" || now.Party != "Anna Novak" {
		t.Errorf("%+v", now)
	}
}

func TestTicketsThatOneMayNotSee(t *testing.T) {
	h := openHouse(t)
	ticket := h.complain("a")
	h.exec("update workflow.ticket set readers = '{role:records-manager}'")
	if a := h.get("records-manager-rosa", "/tickets/"+ticket.Number); !strings.Contains(string(a.body), `"steps":[`) || !strings.Contains(string(a.body), `"documents":[`) {
		t.Errorf("a ticket has its lists even when they are empty: %s", a.body)
	}
	absent := h.get("agent-ben", "/tickets/CLM-2026-999999-9").problem(404)
	if diff := cmp.Diff(absent, h.get("agent-ben", "/tickets/"+ticket.Number).problem(404)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(absent, h.post("agent-ben", "/tickets/"+ticket.Number+"/notes", map[string]string{"text": "x"}).problem(404)); diff != "" {
		t.Error(diff)
	}
	if numbers, _ := h.tickets("agent-ben", ""); len(numbers) != 0 {
		t.Error(numbers)
	}
}

func (h *house) tickets(who, query string) (numbers []string, next string) {
	h.t.Helper()
	var got struct {
		Tickets []api.Ticket
		Next    string
	}
	h.get(who, "/tickets?"+query).into(200, &got)
	for _, t := range got.Tickets {
		numbers = append(numbers, t.Number)
	}
	return numbers, got.Next
}

func TestListsOfTickets(t *testing.T) {
	h := openHouse(t)
	for i := range 5 {
		h.complain(fmt.Sprint("letter ", i))
	}
	for _, sort := range []string{"newest", "due"} {
		seen := map[string]bool{}
		for next := ""; ; {
			numbers, more := h.tickets("agent-ben", "limit=2&sort="+sort+next)
			for _, n := range numbers {
				seen[n] = true
			}
			if more == "" {
				break
			}
			next = "&cursor=" + more
		}
		if len(seen) != 5 {
			t.Errorf("%s: %d tickets on all pages", sort, len(seen))
		}
	}
	if numbers, _ := h.tickets("agent-ben", "process=question"); len(numbers) != 0 {
		t.Error(numbers)
	}
	h.get("agent-ben", "/tickets?cursor=nonsense").problem(422)
	h.fixed("agent-ben", "/tickets?limit=1", "/tickets?limit=100", 1)
}

type waiting struct {
	Documents []api.Waiting
	Next      int64
}

func TestValidation(t *testing.T) {
	h := openHouse(t)
	var ids []string
	for i := range 4 {
		p := h.handIn("agent-ben", fmt.Sprintf("%d.txt", i), fmt.Sprint(i))
		ids = append(ids, h.read(p, taxonomy.Question, capture.Waiting, "It is not certain what this is.").String())
	}
	var got waiting
	h.get("mailroom-mia", "/validation?limit=3").into(200, &got)
	if len(got.Documents) != 3 || got.Documents[0].Document != ids[0] || got.Documents[0].Reading.Doubts[0] == "" || got.Next != 3 {
		t.Errorf("%+v", got)
	}
	h.fixed("mailroom-mia", "/validation?limit=1", "/validation?limit=100", 3)
	h.get("agent-ben", "/validation").problem(403)

	path := "/validation/" + ids[0]
	var one api.Waiting
	h.get("mailroom-mia", path).into(200, &one)
	decide := func(rev int, class string, fields map[string]string) answer {
		return h.post("mailroom-mia", path, map[string]any{"rev": rev, "class": class, "fields": fields})
	}
	decide(one.Reading.Rev, "nonsense", map[string]string{}).problem(422)
	decide(one.Reading.Rev, "invoice", map[string]string{"amount": "much"}).problem(422)
	decide(one.Reading.Rev, "invoice", map[string]string{"colour": "red"}).problem(422)
	decide(one.Reading.Rev, "invoice", map[string]string{"product": "spaceship"}).problem(422)
	decide(one.Reading.Rev+1, "invoice", map[string]string{}).problem(409)
	var d api.Document
	decide(one.Reading.Rev, "invoice", map[string]string{"sender_name": "Anna Novak", "amount": "€ 12,5", "letter_date": "14.3.2026"}).into(200, &d)
	if d.Record == nil || d.Record.Class != "invoice" || d.Record.DecidedBy != "mailroom-mia" || d.Record.Confidence != 1 || d.Record.LetterDate != "2026-03-14" {
		t.Fatalf("%+v", d.Record)
	}
	if f := d.Record.Fields; f["amount"].Value != "12.50 EUR" || f["amount"].How != "typed by mailroom-mia" || f["sender_name"].How != "label" ||
		f["sender_name"].Page != 1 || f["sender_name"].Confidence != 1 {
		t.Errorf("%+v", d.Record.Fields)
	}
	decide(one.Reading.Rev, "invoice", map[string]string{}).problem(409)
	h.get("mailroom-mia", path).problem(409)
	h.get("mailroom-mia", "/validation/"+uuid.NewString()).problem(404)
	h.get("mailroom-mia", "/validation").into(200, &got)
	if len(got.Documents) != 3 {
		t.Errorf("%d still wait, want 3", len(got.Documents))
	}
}
