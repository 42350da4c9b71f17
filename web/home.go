package web

import (
	"docket/workflow"
	"net/http"
	"time"

	"docket/capture"
)

// A homePage is where a person lands: what waits for their role.
type homePage struct {
	Frame
	Tiles []tile
	Mine  []ticketRow // the person's own tickets that are due first
}

// mineRows is how many of a person's tickets their start page shows.
const mineRows = 8

// addMine lists the person's tickets that are due first.
func (s *Server) addMine(v *visit, page *homePage) error {
	mine, err := s.config.Desk.List(v.ctx(), v.pool(), v.reader(), workflow.Filter{Owner: v.user.Name, Open: true, Order: workflow.ByDue, Limit: mineRows})
	if err != nil {
		return err
	}
	page.Mine, err = s.ticketRows(v, mine)
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
	}
	if v.user.Has(workflow.Agent) {
		page.Tiles = append(page.Tiles,
			tile{v.N("home.mine", w.Tickets), "/tickets?view=mine", "ticket", w.Tickets, "plain"},
			tile{v.N("home.overdue", w.Overdue), "/tickets?view=overdue", "clock", w.Overdue, "bad"},
			tile{v.N("home.unowned", w.Unowned), "/tickets?view=unowned", "user", w.Unowned, "warn"})
		if err := s.addMine(v, &page); err != nil {
			return err
		}
	}
	return v.show(http.StatusOK, "home.html", page)
}
