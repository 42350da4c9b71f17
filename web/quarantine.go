package web

import (
	"net/http"
	"strings"

	"docket/capture/mail"
	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// quarantineRows is how many messages a page of the quarantine shows.
const quarantineRows = 20

// deciders are the roles that decide where messages belong.
var deciders = []workflow.Role{workflow.Agent, workflow.Mailroom}

// A quarantinePage lists the messages of which no rule could say where they belong, each beside the ticket that it may belong to.
type quarantinePage struct {
	Frame
	Messages []heldMessage
	More     string // address of the next page; empty on the last
	Problem  string // why a decision was not taken
	Of       repository.DocumentID
}

// A heldMessage is a message that waits for a person.
type heldMessage struct {
	conversed
	Title  string
	Ticket ticketRow // that it may belong to; zero when there is none, or none that the person may see
	Party  string    // of that ticket
}

// Action is the address that a decision is sent to.
func (m heldMessage) Action() string { return "/quarantine/" + m.Document.String() }

// showQuarantine answers GET /quarantine?after=.
func (s *Server) showQuarantine(v *visit) error {
	return s.sendQuarantine(v, http.StatusOK, quarantinePage{})
}

func (s *Server) sendQuarantine(v *visit, status int, page quarantinePage) error {
	after, err := uuid.Parse(v.query("after"))
	if err != nil && v.query("after") != "" {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	list, err := s.config.Desk.Quarantined(v.ctx(), v.pool(), v.reader(), after, quarantineRows+1)
	if err != nil {
		return err
	}
	if len(list) > quarantineRows {
		list = list[:quarantineRows]
		page.More = "/quarantine?after=" + list[quarantineRows-1].Document.String()
	}
	if page.Messages, err = s.heldMessages(v, list); err != nil {
		return err
	}
	page.Frame = v.frame(v.T("quarantine.title"))
	page.Lead = v.N("quarantine.lead", page.waiting.Quarantine)
	return v.show(status, "quarantine.html", page)
}

// heldMessages adds to messages what they say and the tickets that they may belong to. The number of statements does not depend on
// how many there are.
func (s *Server) heldMessages(v *visit, list []workflow.Message) ([]heldMessage, error) {
	papers, ids := make([]paper, len(list)), []workflow.TicketID{}
	for i, m := range list {
		papers[i] = paper{Record: taxonomy.Record{Document: m.Document}}
		if m.Ticket != uuid.Nil {
			ids = append(ids, m.Ticket)
		}
	}
	if err := s.readPapers(v, papers); err != nil {
		return nil, err
	}
	tickets, err := s.config.Desk.List(v.ctx(), v.pool(), v.reader(), workflow.Filter{IDs: ids, Order: workflow.Newest, Limit: quarantineRows})
	if err != nil {
		return nil, err
	}
	rows, err := s.ticketRows(v, tickets)
	if err != nil {
		return nil, err
	}
	all := make([]heldMessage, len(list))
	for i, m := range list {
		all[i] = heldMessage{conversed: conversed{Message: m, Newest: mail.Newest(papers[i].text, m.Subject)}, Title: m.Subject}
		for _, t := range rows {
			if t.ID == m.Ticket {
				all[i].Ticket, all[i].Party = t, t.PartyName
			}
		}
	}
	return all, nil
}

// decideMessage answers POST /quarantine/:document: do=ticket with its number, do=new or do=spam.
func (s *Server) decideMessage(v *visit) error {
	id, err := v.documentID()
	if err != nil {
		return err
	}
	choice := workflow.Choice{New: v.form("do") == "new", Spam: v.form("do") == "spam"}
	if v.form("do") == "ticket" {
		choice.Ticket = strings.TrimSpace(limited(v.form("number"), 60))
	}
	var a workflow.Acceptance
	err = v.inTx(func(tx pgx.Tx) (err error) {
		a, err = s.config.Desk.DecideMessage(v.ctx(), tx, v.user, id, choice)
		return err
	})
	switch {
	case fault.Is(err, fault.NotFound) && choice.Ticket != "":
		return s.sendQuarantine(v, http.StatusUnprocessableEntity, quarantinePage{Problem: v.T("quarantine.no_ticket", choice.Ticket), Of: id})
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict):
		return s.sendQuarantine(v, Status(err), quarantinePage{Problem: v.Sentence(err), Of: id})
	case err != nil:
		return err
	}
	if choice.Spam {
		v.flash("success", v.T("quarantine.was_spam"))
		return v.redirect("/quarantine")
	}
	v.flash("success", v.T("quarantine.decided", a.Ticket.Number))
	return v.redirect("/quarantine")
}
