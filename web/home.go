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
			tile{v.T("home.validation"), "/mailroom/validation", "list-check", w.Validation, "warn"},
			tile{v.T("home.exceptions"), "/mailroom", "alert-triangle", w.Exceptions, "bad"},
			tile{v.T("home.received"), "/mailroom", "inbox", received, "plain"})
	}
	return v.show(http.StatusOK, "home.html", page)
}
