package web

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
)

// ticketRows is how many tickets the list shows at once.
const ticketRows = 50

// A ticketsPage lists tickets. The address holds the view and every filter.
type ticketsPage struct {
	Frame
	Rows    []ticketRow
	Views   []choice
	Waiting []option
	Classes []option
	Teams   []option
	View    string
	Text    string
	Set     bool // some filter is set
	Count   int  // how many the view has without filters, -1 when that is not counted
	More    string
}

// An option is an entry of a select.
type option struct {
	Value, Title string
	Chosen       bool
}

// A ticketRow is a ticket as lists show it.
type ticketRow struct {
	workflow.Ticket
	ClassTitle string
	StateTitle string
	Tone       string
	Overdue    bool
	Days       int // since something last happened
}

// ticketViews are the lists that people come for, in their order.
var ticketViews = []string{"mine", "unowned", "open", "overdue", "all"}

// showTickets answers GET /tickets?view=&waiting=&class=&team=&q=&after=.
func (s *Server) showTickets(v *visit) error {
	page := ticketsPage{View: v.query("view"), Text: v.query("q")}
	if !slices.Contains(ticketViews, page.View) {
		page.View = "open"
	}
	filter, err := page.filter(v)
	if err != nil {
		return err
	}
	tickets, err := s.config.Desk.List(v.ctx(), v.pool(), v.reader(), filter)
	if err != nil {
		return err
	}
	if len(tickets) > ticketRows {
		tickets = tickets[:ticketRows]
		page.More = v.with("after", writeCursor(workflow.After(tickets[ticketRows-1])))
	}
	if page.Rows, err = s.ticketRows(v, tickets); err != nil {
		return err
	}
	if err := s.addTicketChoices(v, &page); err != nil {
		return err
	}
	page.Frame = v.frame(v.T("tickets.title"))
	if page.Count >= 0 && !page.Set {
		page.Lead = v.N("tickets.lead", page.Count)
	}
	return v.show(http.StatusOK, "tickets.html", page)
}

// filter is what the address asks for.
func (p *ticketsPage) filter(v *visit) (workflow.Filter, error) {
	f := workflow.Filter{WaitingOn: workflow.WaitingOn(v.query("waiting")), Class: taxonomy.ClassID(v.query("class")), Team: v.query("team"),
		Text: p.Text, Open: true, Order: workflow.ByDue, Limit: ticketRows + 1}
	p.Set = f.WaitingOn != "" || f.Class != "" || f.Team != "" || f.Text != ""
	switch p.View {
	case "mine":
		f.Owner = v.user.Name
	case "unowned":
		f.Owner = workflow.Nobody
	case "overdue":
		f.Overdue = true
	case "all":
		f.Open, f.Order = false, workflow.Newest
	}
	var err error
	f.After, err = readCursor(v.query("after"))
	return f, err
}

// writeCursor and readCursor carry a place in a list through an address.
func writeCursor(c workflow.Cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.Due.UnixMicro(), 36) + "." + c.ID.String()))
}

func readCursor(s string) (workflow.Cursor, error) {
	if s == "" {
		return workflow.Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	due, id, _ := strings.Cut(string(raw), ".")
	micro, numErr := strconv.ParseInt(due, 36, 64)
	ticket, idErr := uuid.Parse(id)
	if err != nil || numErr != nil || idErr != nil {
		return workflow.Cursor{}, fault.New(fault.Invalid, "This is no page of the list. Start again from its first page.")
	}
	return workflow.Cursor{Due: time.UnixMicro(micro).UTC(), ID: ticket}, nil
}

// ticketRows adds the titles of classes and states. Processes are kept in memory by the desk.
func (s *Server) ticketRows(v *visit, tickets []workflow.Ticket) ([]ticketRow, error) {
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return nil, err
	}
	rows := make([]ticketRow, len(tickets))
	for i, t := range tickets {
		process, err := s.config.Desk.Process(v.ctx(), v.pool(), t.Process, t.ProcessVersion)
		if err != nil {
			return nil, err
		}
		class, _ := catalogue.Class(t.Class)
		state, _ := process.State(t.State)
		rows[i] = ticketRow{Ticket: t, ClassTitle: class.Titles.In(v.Code, string(t.Class)), StateTitle: state.Titles.In(v.Code, t.State),
			Tone: waitingTone(t.WaitingOn), Overdue: t.Overdue(v.now), Days: int(v.now.Sub(t.ActiveAt).Hours() / 24)}
	}
	return rows, nil
}

// waitingTone is the colour of a ticket's state: warm when it is our turn.
func waitingTone(w workflow.WaitingOn) string {
	switch w {
	case workflow.NotStarted:
		return "warn"
	case workflow.WaitingOnUs:
		return "busy"
	case workflow.WaitingOnNothing:
		return "good"
	}
	return "plain"
}

// addTicketChoices fills in the views with their counts and the filters.
func (s *Server) addTicketChoices(v *visit, page *ticketsPage) error {
	counts, err := s.config.Desk.Counts(v.ctx(), v.pool(), v.reader(), v.user.Name)
	if err != nil {
		return err
	}
	numbers := map[string]int{"mine": counts.Mine, "unowned": counts.Unowned, "open": counts.Open, "overdue": counts.Overdue}
	page.Count = -1
	if n, ok := numbers[page.View]; ok {
		page.Count = n
	}
	for _, view := range ticketViews {
		title := v.T("tickets.view." + view)
		if n, ok := numbers[view]; ok {
			title += " " + v.Number(n)
		}
		page.Views = append(page.Views, choice{title, v.withOnly("view", view), view == page.View})
	}
	for _, w := range []workflow.WaitingOn{workflow.NotStarted, workflow.WaitingOnUs, workflow.WaitingOnThem} {
		page.Waiting = append(page.Waiting, option{string(w), v.T("tickets.waiting." + string(w)), string(w) == v.query("waiting")})
	}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	for _, c := range catalogue.Classes {
		if c.Process != "" {
			page.Classes = append(page.Classes, option{string(c.ID), c.Titles.In(v.Code, string(c.ID)), string(c.ID) == v.query("class")})
		}
	}
	teams, err := s.teams(v)
	if err != nil {
		return err
	}
	for _, t := range teams {
		page.Teams = append(page.Teams, option{t, t, t == v.query("team")})
	}
	return nil
}

// teams are those that processes give tickets to.
func (s *Server) teams(v *visit) ([]string, error) {
	processes, err := s.config.Desk.Processes(v.ctx(), v.pool())
	var teams []string
	for _, p := range processes {
		for _, r := range p.Routes {
			if !slices.Contains(teams, r.Team) {
				teams = append(teams, r.Team)
			}
		}
	}
	slices.Sort(teams)
	return teams, err
}
