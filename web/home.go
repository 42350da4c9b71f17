package web

import (
	"net/http"
	"time"

	"docket/capture"
	"docket/taxonomy"
	"docket/workflow"
)

// A homePage is where a person lands: what waits for their role.
type homePage struct {
	Frame
	Tiles  []tile
	Todos  []workflow.Todo // what the person's tickets, and those that nobody has, ask for
	Mine   []ticketRow     // the person's own tickets that are due first
	Free   []ticketRow     // tickets without an owner that are due first
	Broken []capture.Piece // what could not be read, the newest first
	Waits  []queueRow      // what waits longest for a decision
	Filed  []taxonomy.Record
}

// homeRows is how many lines each list of a start page shows.
const homeRows = 6

// addTickets lists what tickets ask the person for, their tickets that are due first, and those that they could take.
func (s *Server) addTickets(v *visit, page *homePage) (err error) {
	if page.Todos, err = s.config.Desk.Todos(v.ctx(), v.pool(), v.reader(), workflow.TodoFilter{Owner: v.user.Name, Limit: homeRows}); err != nil {
		return err
	}
	if page.Mine, err = s.dueFirst(v, v.user.Name, page.waiting.Tickets); err != nil {
		return err
	}
	page.Free, err = s.dueFirst(v, workflow.Nobody, page.waiting.Unowned)
	return err
}

// dueFirst lists open tickets of an owner, unless it is known that there are none.
func (s *Server) dueFirst(v *visit, owner string, known int) ([]ticketRow, error) {
	if known == 0 {
		return nil, nil
	}
	tickets, err := s.config.Desk.List(v.ctx(), v.pool(), v.reader(), workflow.Filter{Owner: owner, Open: true, Order: workflow.ByDue, Limit: homeRows})
	if err != nil {
		return nil, err
	}
	return s.ticketRows(v, tickets)
}

// addPost lists what could not be read and what waits longest.
func (s *Server) addPost(v *visit, page *homePage) (err error) {
	if page.waiting.Exceptions > 0 {
		page.Broken, err = capture.Pieces(v.ctx(), v.pool(), capture.Filter{States: []capture.State{capture.Exception}, Limit: homeRows})
		if err != nil {
			return err
		}
	}
	if page.waiting.Validation == 0 {
		return nil
	}
	pieces, err := capture.WaitingFor(v.ctx(), v.pool(), capture.WaitingFilter{Limit: homeRows})
	if err != nil {
		return err
	}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	page.Waits, err = s.queueRows(v, catalogue, pieces)
	return err
}

// addFiled lists what was filed last.
func (s *Server) addFiled(v *visit, page *homePage) (err error) {
	page.Filed, err = s.config.Plan.List(v.ctx(), v.pool(), v.reader(), taxonomy.Filter{Limit: homeRows})
	return err
}

// A tile is one number that says whether there is something to do.
type tile struct {
	Title, Path, Icon string
	Count             int
	Tone              string // of the number when it is not zero
}

// showHome answers GET /.
func (s *Server) showHome(v *visit) error {
	page := homePage{Frame: v.frame(v.T("home.title", v.user.Title))}
	w := page.waiting
	if v.user.Has(workflow.Mailroom) {
		today := time.Date(v.now.Year(), v.now.Month(), v.now.Day(), 0, 0, 0, 0, v.now.Location())
		received := 0
		counts, err := capture.Counts(v.ctx(), v.pool(), today, today.AddDate(0, 0, 1))
		if err != nil {
			return err
		}
		for _, c := range counts {
			received += c.Pieces
		}
		page.Tiles = append(page.Tiles,
			tile{v.N("home.validation", w.Validation), "/mailroom/validation", "list-check", w.Validation, "warn"},
			tile{v.N("home.exceptions", w.Exceptions), "/mailroom", "alert-triangle", w.Exceptions, "bad"},
			tile{v.N("home.received", received), "/mailroom", "inbox", received, "plain"})
		if err := s.addPost(v, &page); err != nil {
			return err
		}
	}
	if v.user.Has(workflow.Agent) {
		page.Tiles = append(page.Tiles,
			tile{v.N("home.mine", w.Tickets), "/tickets?view=mine", "ticket", w.Tickets, "plain"},
			tile{v.N("home.overdue", w.Overdue), "/tickets?view=overdue", "clock", w.Overdue, "bad"},
			tile{v.N("home.unowned", w.Unowned), "/tickets?view=unowned", "user", w.Unowned, "warn"})
		if err := s.addTickets(v, &page); err != nil {
			return err
		}
	}
	if v.user.Has(workflow.RecordsManager) {
		if err := s.addFiled(v, &page); err != nil {
			return err
		}
	}
	return v.show(http.StatusOK, "home.html", page)
}
