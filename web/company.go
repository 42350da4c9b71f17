package web

import (
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
)

// A company is who else looks at the document on the desk.
type company struct {
	Other sitting // zero when nobody does
	Here  bool    // somebody else came first
}

// company says who else is at the document. The page that is opened takes the seat; its parts only look, since those of two windows
// of one person would take it from each other without end.
func (s *Server) company(v *visit, id repository.DocumentID) company {
	if !v.partial() {
		s.sit(v, id)
	}
	other, here := s.sittings.other(id, v.user.Name, v.now)
	return company{other, here}
}

// sit notes that the person is at the document, and lets the other desks know when that is new.
func (s *Server) sit(v *visit, id repository.DocumentID) {
	if s.sittings.sit(id, v.user.Name, v.user.Title, s.config.Now()) {
		s.hub.tell(deskTopic)
	}
}

// A day is what the person at the desk has done today.
type day struct {
	Done int
	Pace int // an hour, pauses left out; 0 while there is nothing to measure
	Last taxonomy.Record
}

// day counts what the person has decided since midnight.
func (s *Server) day(v *visit) (d day, err error) {
	y, m, n := v.now.Date()
	done, err := capture.DecidedBy(v.ctx(), v.pool(), v.actor(), time.Date(y, m, n, 0, 0, 0, 0, v.now.Location()))
	if err != nil || len(done) == 0 {
		return d, err
	}
	d.Done, d.Pace = len(done), int(capture.Pace(done)+0.5)
	d.Last, err = s.config.Plan.Record(v.ctx(), v.pool(), done[0].Document)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return d, err
}

// A ticketHint is the ticket that a document would go to.
type ticketHint struct {
	workflow.Suggestion
	Hidden bool // there is one, but it is not for this person
}

// addTicket says where the document would go. A ticket that the person may not see is not named.
func (s *Server) addTicket(v *visit, page *validatePage, values taxonomy.Values) (err error) {
	if page.Amends() {
		page.Ticket.Ticket.Number = page.Record.Ticket
		return nil
	}
	party := page.Party.Shown()
	r := taxonomy.Record{Document: page.Document, Class: page.Class, Values: values, Party: party.ID, PartyName: party.Name}
	if page.Ticket.Suggestion, err = s.config.Desk.Suggest(v.ctx(), v.pool(), r); err != nil || page.Ticket.Ticket.ID == uuid.Nil {
		return err
	}
	_, err = s.config.Desk.ByNumber(v.ctx(), v.pool(), v.reader(), page.Ticket.Ticket.Number)
	if fault.Is(err, fault.NotFound) {
		page.Ticket = ticketHint{Hidden: true}
		return nil
	}
	return err
}
