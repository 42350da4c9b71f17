package web

import (
	"net/http"
	"slices"

	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
)

// A ticketPage is one matter with everything about it.
type ticketPage struct {
	Frame
	Ticket    ticketRow
	Subject   string
	Product   string
	Process   string
	Steps     []stepView
	Party     taxonomy.Party
	Others    []ticketRow // tickets of the same party
	Documents []paper     // in the order in which they came
	Story     []storyItem
	Shown     string // which part of the story: "", "papers" or "notes"
	Parts     []choice
	Owners    []option
	Teams     []option
	Reply     composer
	Todos     []workflow.Todo // what it asks for
	Editable  bool            // the person may assign, take notes and answer tasks
}

// A stepView is a transition as a button.
type stepView struct {
	ID, Title, Refused string
	Comment            bool
}

// Takeable says whether the ticket waits for somebody to take it, and the person may.
func (p ticketPage) Takeable() bool { return p.Editable && p.Ticket.Open() && p.Ticket.Owner == "" }

// othersOfParty is how many other tickets of a party its card shows.
const othersOfParty = 6

// ticket is the ticket that the address names and the person may see.
func (v *visit) ticket() (workflow.Ticket, error) {
	t, err := v.server.config.Desk.ByNumber(v.ctx(), v.pool(), v.reader(), v.param("number"))
	if fault.Is(err, fault.NotFound) {
		return t, fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	return t, err
}

// showTicket answers GET /tickets/:number.
func (s *Server) showTicket(v *visit) error {
	t, err := v.ticket()
	if fault.Is(err, fault.NotFound) {
		return s.showTicketElsewhere(v, err)
	}
	if err != nil {
		return err
	}
	return s.sendTicket(v, t, http.StatusOK, composer{})
}

// sendTicket sends a ticket's page. With a problem or a note the composer shows what was typed in place of what is kept.
func (s *Server) sendTicket(v *visit, t workflow.Ticket, status int, typed composer) error {
	page := ticketPage{Editable: v.user.Has(workflow.Agent)}
	for _, load := range []func(*visit, workflow.Ticket, *ticketPage) error{s.addTicketHead, s.addTodos, s.addPartyCard, s.addPapers, s.addStory, s.addOwners, s.addReply} {
		if err := load(v, t, &page); err != nil {
			return err
		}
	}
	page.Frame = v.frame(t.Number, Crumb{v.T("nav.tickets"), "/tickets"})
	page.Lead = t.Title
	if typed.Problem != "" || typed.Note != "" {
		if err := s.retype(v, &page, typed); err != nil {
			return err
		}
	}
	return v.show(status, "ticket.html", page)
}

func (s *Server) addTicketHead(v *visit, t workflow.Ticket, page *ticketPage) error {
	rows, err := s.ticketRows(v, []workflow.Ticket{t})
	if err != nil {
		return err
	}
	page.Ticket = rows[0]
	words, err := s.ticketWords(v)
	if err != nil {
		return err
	}
	catalogue := words.catalogue
	page.Subject = v.Shown(catalogue, taxonomy.Subject, t.Subject)
	page.Product = v.Shown(catalogue, taxonomy.Product, t.Product)
	process, err := s.config.Desk.Process(v.ctx(), v.pool(), t.Process, t.ProcessVersion)
	if err != nil {
		return err
	}
	page.Process = process.Titles.In(v.Code, process.ID)
	user := v.user
	user.Language = v.Code // refusals are said in the language of the screen
	for _, step := range process.Steps(t, user, s.config.Desk.FactsFor(t, user)) {
		page.Steps = append(page.Steps, stepView{step.ID, step.Titles.In(v.Code, step.ID), step.Refused, step.Comment})
	}
	return nil
}

func (s *Server) addTodos(v *visit, t workflow.Ticket, page *ticketPage) (err error) {
	page.Todos, err = s.config.Desk.Todos(v.ctx(), v.pool(), v.reader(), workflow.TodoFilter{Ticket: t.ID})
	return err
}

func (s *Server) addPartyCard(v *visit, t workflow.Ticket, page *ticketPage) (err error) {
	if t.Party == uuid.Nil {
		return nil
	}
	if page.Party, err = taxonomy.PartyByID(v.ctx(), v.pool(), t.Party); err != nil {
		return err
	}
	others, err := s.config.Desk.List(v.ctx(), v.pool(), v.reader(), workflow.Filter{Party: t.Party, Order: workflow.Newest, Limit: othersOfParty + 1})
	if err != nil {
		return err
	}
	others = slices.DeleteFunc(others, func(o workflow.Ticket) bool { return o.ID == t.ID })
	page.Others, err = s.ticketRows(v, others)
	return err
}

// addOwners lists who a ticket can be given to.
func (s *Server) addOwners(v *visit, t workflow.Ticket, page *ticketPage) error {
	if !page.Editable {
		return nil
	}
	words, err := s.ticketWords(v)
	if err != nil {
		return err
	}
	page.Owners = words.agents(t.Owner)
	for _, team := range words.teams() {
		page.Teams = append(page.Teams, option{team, team, team == t.Team})
	}
	return nil
}
