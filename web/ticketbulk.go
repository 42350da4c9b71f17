package web

import (
	"net/http"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// maxBulk is the most tickets that are changed at once.
const maxBulk = 200

// asItIs stands for what a change of many tickets leaves as it is.
const asItIs = "="

// A bulkPage asks what to do with some tickets, and names how many they are.
type bulkPage struct {
	Frame
	Rows   []ticketRow
	Steps  []bulkStep
	Owners []option
	Teams  []option
	Back   string // address of the list they were chosen from
	Picked picked
}

// picked are tickets as a form sends them: number and version.
type picked struct {
	Tickets []string
	Back    string
}

// A bulkStep is a transition that some of the tickets can take.
type bulkStep struct {
	ID, Title string
	Comment   bool
	Picked    picked
}

// showBulk answers GET /tickets/bulk?t=number&t=number&back=.
func (s *Server) showBulk(v *visit) error {
	numbers := v.gin.Request.URL.Query()["t"]
	if len(numbers) == 0 || len(numbers) > maxBulk {
		return fault.New(fault.Invalid, "%s", v.T("bulk.choose", maxBulk))
	}
	tickets, err := s.config.Desk.List(v.ctx(), v.pool(), v.reader(), workflow.Filter{Numbers: numbers, Order: workflow.ByDue, Limit: maxBulk})
	if err != nil {
		return err
	}
	words, err := s.ticketWords(v)
	if err != nil {
		return err
	}
	page := bulkPage{Owners: words.agents(""), Back: local(v.query("back"))}
	page.Picked.Back = page.Back
	for _, team := range words.teams() {
		page.Teams = append(page.Teams, option{Value: team, Title: team})
	}
	for _, t := range tickets {
		row, err := s.ticketRow(v, words, t)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, row)
		page.Picked.Tickets = append(page.Picked.Tickets, pick(t))
		if err := s.addBulkSteps(v, &page, t); err != nil {
			return err
		}
	}
	page.Frame = v.frame(v.N("bulk.title", len(page.Rows)), Crumb{v.T("nav.tickets"), page.Back})
	return v.show(http.StatusOK, "bulk.html", page)
}

func pick(t workflow.Ticket) string { return t.Number + " " + itoa(t.Version) }

// addBulkSteps counts the transitions that a ticket can take now.
func (s *Server) addBulkSteps(v *visit, page *bulkPage, t workflow.Ticket) error {
	process, err := s.config.Desk.Process(v.ctx(), v.pool(), t.Process, t.ProcessVersion)
	if err != nil {
		return err
	}
	for _, step := range process.Steps(t, v.user, s.config.Desk.FactsFor(t, v.user)) {
		if step.Refused != "" {
			continue
		}
		i := slices.IndexFunc(page.Steps, func(b bulkStep) bool { return b.ID == step.ID })
		if i < 0 {
			i = len(page.Steps)
			page.Steps = append(page.Steps, bulkStep{ID: step.ID, Title: step.Titles.In(v.Code, step.ID), Picked: picked{Back: page.Back}})
		}
		page.Steps[i].Picked.Tickets = append(page.Steps[i].Picked.Tickets, pick(t))
		page.Steps[i].Comment = page.Steps[i].Comment || step.Comment
	}
	return nil
}

// changeBulk answers POST /tickets/bulk: each ticket is changed by itself, so that one that cannot be leaves the others alone. Tickets
// come as number and version, so that nobody's change in between is lost.
func (s *Server) changeBulk(v *visit) error {
	_ = v.form("do") // reads the form
	chosen := v.gin.Request.PostForm["t"]
	if len(chosen) == 0 || len(chosen) > maxBulk {
		return fault.New(fault.Invalid, "%s", v.T("bulk.choose", maxBulk))
	}
	by := v.user
	by.Language = v.Code
	done := 0
	var left []string
	for _, c := range chosen {
		number, version, _ := strings.Cut(c, " ")
		err := v.inTx(func(tx pgx.Tx) error { return s.changeOne(v, tx, by, number, atoi(version)) })
		switch {
		case err == nil:
			done++
		case Status(err) >= http.StatusInternalServerError:
			return err
		default:
			left = append(left, number+": "+v.sentence(err))
		}
	}
	if done > 0 {
		v.flash("success", v.N("bulk.done", done))
	}
	if n := len(left); n > 0 {
		v.flash("danger", v.N("bulk.left", n)+" "+strings.Join(left[:min(n, 3)], " "))
	}
	return v.redirect(local(v.form("back")))
}

func (s *Server) changeOne(v *visit, tx pgx.Tx, by workflow.User, number string, version int) error {
	t, err := s.config.Desk.ByNumber(v.ctx(), tx, by.Reader(), number)
	if err != nil {
		return err
	}
	switch v.form("do") {
	case "assign":
		owner, team := v.form("owner"), v.form("team")
		if owner == asItIs {
			owner = t.Owner
		}
		if team == asItIs {
			team = t.Team
		}
		_, err = s.config.Desk.Assign(v.ctx(), tx, by, t.ID, owner, team, version)
	case "move":
		_, err = s.config.Desk.Move(v.ctx(), tx, by, t.ID, v.form("transition"), version, v.form("comment"))
	default:
		err = fault.New(fault.Invalid, "%s", v.T("bulk.choose", maxBulk))
	}
	return err
}
