package api

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
)

// A Ticket is one matter with its documents and what happened.
type Ticket struct {
	Number    string         `json:"number"`
	Title     string         `json:"title"`
	State     string         `json:"state"`
	WaitingOn string         `json:"waiting_on" doc:"who has to do something next: not-started, us, customer or closed"`
	Party     string         `json:"party" doc:"name of whom it is from or about"`
	Team      string         `json:"team"`
	Owner     string         `json:"owner" doc:"user name; empty when nobody has it"`
	Due       string         `json:"due" doc:"RFC 3339"`
	Opened    string         `json:"opened" doc:"RFC 3339"`
	Closed    string         `json:"closed,omitempty" doc:"RFC 3339; absent while it is open"`
	Class     string         `json:"class"`
	Process   string         `json:"process"`
	Priority  string         `json:"priority"`
	Version   int            `json:"version" doc:"counts changes; a change may name the one that was seen"`
	Steps     []TicketStep   `json:"steps,omitzero" doc:"the transitions that your roles allow now; not in lists"`
	Documents []TicketPaper  `json:"documents,omitzero" doc:"those that you may see; not in lists"`
	Timeline  []TimelineLine `json:"timeline,omitzero" doc:"what happened, the oldest first; not in lists"`
}

// A TicketStep is a transition that a ticket offers.
type TicketStep struct {
	Name    string `json:"name" doc:"what a transition is asked for by"`
	Title   string `json:"title"`
	Comment bool   `json:"comment" doc:"it needs a comment"`
	Refused string `json:"refused,omitempty" doc:"why it cannot be done now"`
}

// A TicketPaper is a document of a ticket.
type TicketPaper struct {
	Document string `json:"document"`
	Title    string `json:"title"`
}

// A TimelineLine is one thing that happened.
type TimelineLine struct {
	At     time.Time      `json:"at"`
	By     string         `json:"by"`
	Verb   string         `json:"verb"`
	Note   string         `json:"note,omitempty"`
	Detail map[string]any `json:"detail"`
}

func newTicket(t workflow.Ticket) Ticket {
	out := Ticket{Number: t.Number, Title: t.Title, State: t.State, WaitingOn: string(t.WaitingOn), Party: t.PartyName, Team: t.Team, Owner: t.Owner,
		Due: t.DueAt.Format(time.RFC3339), Opened: t.OpenedAt.Format(time.RFC3339), Class: string(t.Class), Process: t.Process,
		Priority: string(t.Priority), Version: t.Version}
	if !t.ClosedAt.IsZero() {
		out.Closed = t.ClosedAt.Format(time.RFC3339)
	}
	return out
}

type numberInput struct {
	Number string `path:"number" maxLength:"40"`
}

type ticketOutput struct{ Body Ticket }

// find gives a ticket that the person may see.
func (s *server) find(v *visit, number string) (workflow.Ticket, error) {
	t, err := s.Desk.ByNumber(v.ctx(), s.Pool, v.reader(), strings.ToUpper(number))
	return t, postgres.Unavailable(err)
}

// ticket answers GET /tickets/{number}.
func (s *server) ticket(v *visit, in *numberInput) (*ticketOutput, error) {
	t, err := s.find(v, in.Number)
	if err != nil {
		return nil, err
	}
	return s.ticketAnswer(v, t)
}

// ticketAnswer adds to a ticket its documents, what happened and what can be done.
func (s *server) ticketAnswer(v *visit, t workflow.Ticket) (*ticketOutput, error) {
	out := &ticketOutput{newTicket(t)}
	out.Body.Timeline, out.Body.Steps = []TimelineLine{}, []TicketStep{}
	var err error
	if out.Body.Documents, err = s.papers(v, t.ID); err != nil {
		return nil, err
	}
	story, err := s.Desk.Timeline(v.ctx(), s.Pool, t.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range story {
		out.Body.Timeline = append(out.Body.Timeline, TimelineLine{e.At, string(e.By), string(e.Verb), e.Note, e.Detail})
	}
	p, err := s.Desk.Process(v.ctx(), s.Pool, t.Process, t.ProcessVersion)
	if err != nil {
		return nil, err
	}
	for _, step := range p.Steps(t, v.who, s.Desk.FactsFor(t, v.who)) {
		out.Body.Steps = append(out.Body.Steps, TicketStep{step.ID, step.Titles.In(v.who.Language, step.ID), step.Comment, step.Refused})
	}
	return out, nil
}

// papers are the documents of a ticket that the person may see.
func (s *server) papers(v *visit, id workflow.TicketID) ([]TicketPaper, error) {
	ids, err := s.Desk.Documents(v.ctx(), s.Pool, id)
	if err != nil {
		return nil, err
	}
	records, err := s.Plan.Records(v.ctx(), s.Pool, ids)
	if err != nil {
		return nil, err
	}
	papers := []TicketPaper{}
	for _, id := range ids {
		if r, filed := records[id]; filed && v.reader().May(r.Readers) {
			papers = append(papers, TicketPaper{id.String(), r.Title})
		}
	}
	return papers, nil
}

// ticketsOf are the numbers of a document's tickets.
func (s *server) ticketsOf(v *visit, id repository.DocumentID) ([]string, error) {
	found, err := s.Desk.ByDocuments(v.ctx(), s.Pool, []repository.DocumentID{id})
	numbers := []string{}
	if t, ok := found[id]; ok {
		numbers = append(numbers, t.Number)
	}
	return numbers, err
}

type ticketsInput struct {
	State     string    `query:"state" maxLength:"100"`
	WaitingOn string    `query:"waiting_on" enum:"not-started,us,customer,closed"`
	Process   string    `query:"process" maxLength:"100"`
	Class     string    `query:"class" maxLength:"100"`
	Team      string    `query:"team" maxLength:"100"`
	Owner     string    `query:"owner" maxLength:"100" doc:"a user name, or - for those that nobody has"`
	Party     uuid.UUID `query:"party"`
	Text      string    `query:"q" maxLength:"200" doc:"the beginning of the number, or of words of the party's name"`
	Open      bool      `query:"open" doc:"only those not closed"`
	Overdue   bool      `query:"overdue" doc:"only open ones past their due date"`
	Sort      string    `query:"sort" enum:"newest,due,wait" default:"newest"`
	Cursor    string    `query:"cursor" maxLength:"200" doc:"next of the page before"`
	Limit     int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type ticketsOutput struct {
	Body struct {
		Tickets []Ticket `json:"tickets"`
		Next    string   `json:"next,omitempty" doc:"pass as cursor for the next page; absent on the last"`
	}
}

// tickets answers GET /tickets.
func (s *server) tickets(v *visit, in *ticketsInput) (*ticketsOutput, error) {
	after, err := parseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := s.Desk.List(v.ctx(), s.Pool, v.reader(), workflow.Filter{State: in.State, WaitingOn: workflow.WaitingOn(in.WaitingOn), Process: in.Process,
		Class: taxonomy.ClassID(in.Class), Team: in.Team, Owner: in.Owner, Party: in.Party, Text: in.Text, Open: in.Open, Overdue: in.Overdue,
		Order: workflow.Order(in.Sort), After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	out := &ticketsOutput{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = cursorOf(found[in.Limit-1], workflow.Order(in.Sort))
	}
	out.Body.Tickets = make([]Ticket, len(found))
	for i, t := range found {
		out.Body.Tickets[i] = newTicket(t)
	}
	return out, nil
}

// cursorOf is where a page of tickets ended, as it travels.
func cursorOf(t workflow.Ticket, order workflow.Order) string {
	c := order.After(t)
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %s", c.At.UTC().Format(time.RFC3339Nano), c.ID))
}

func parseCursor(s string) (c workflow.Cursor, err error) {
	if s == "" {
		return c, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	due, id, ok := strings.Cut(string(text), " ")
	if err == nil && ok {
		if c.At, err = time.Parse(time.RFC3339Nano, due); err == nil {
			c.ID, err = uuid.Parse(id)
		}
	}
	if err != nil || !ok {
		return c, fault.New(fault.Invalid, "This cursor is not valid. Ask for the first page again.")
	}
	return c, nil
}
