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

// countedTickets is up to how many tickets a list with filters is counted.
const countedTickets = 1000

// A ticketsPage lists tickets. The address holds the view, the order and every filter.
type ticketsPage struct {
	Frame
	Rows    []ticketRow
	Views   []choice
	Filters []ticketChoice
	Chips   []chip
	View    string
	Text    string
	Sort    workflow.Order
	Sorts   map[string]string // addresses of the list in each order
	Clear   string            // address of the view without filters
	First   string            // address of the first page, empty on it
	More    string
	Export  string
	Most    int
	Saved   savedBar
	Bulk    bool // the person may assign
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
	ClassShown bool // the title does not begin with it
	StateTitle string
	OwnerTitle string // empty for nobody
	Tone       string
	Overdue    bool
	Soon       bool // due soon
	Left, Late int  // days to the due date, or since it
	Days       int  // since something last happened
}

// ticketViews are the lists that people come for, in their order.
var ticketViews = []string{"mine", "unowned", "open", "soon", "overdue", "all"}

// showTickets answers GET /tickets?view=&waiting=&class=&state=&team=&owner=&party=&q=&sort=&after=.
func (s *Server) showTickets(v *visit) error {
	filter, view := v.ticketFilter()
	var err error
	if filter.After, err = readCursor(v.query("after")); err != nil {
		return err
	}
	filter.Limit = ticketRows + 1
	tickets, err := s.config.Desk.List(v.ctx(), v.pool(), v.reader(), filter)
	if err != nil {
		return err
	}
	page := ticketsPage{View: view, Text: filter.Text, Sort: filter.Order, Export: canonical(v.gin.Request.URL.Query()), Most: exportRows,
		Bulk: v.user.Has(workflow.Agent), Clear: "/tickets?view=" + view}
	if len(tickets) > ticketRows {
		tickets = tickets[:ticketRows]
		page.More = v.with("after", writeCursor(filter.Order.After(tickets[ticketRows-1])))
	}
	if filter.After.ID != uuid.Nil {
		page.First = v.with("after", "")
	}
	page.Sorts = map[string]string{}
	for _, order := range []workflow.Order{workflow.Newest, workflow.ByDue, workflow.ByWait} {
		page.Sorts[string(order)] = v.with("sort", string(order))
	}
	page.Frame = v.frame(v.T("tickets.title"))
	if err := s.addTicketSurroundings(v, &page, filter, tickets); err != nil {
		return err
	}
	return v.show(http.StatusOK, "tickets.html", page)
}

// addTicketSurroundings adds to the list what it is called, how many it has, and by what it can be narrowed.
func (s *Server) addTicketSurroundings(v *visit, page *ticketsPage, filter workflow.Filter, tickets []workflow.Ticket) error {
	words, err := s.ticketWords(v)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		row, err := s.ticketRow(v, words, t)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, row)
	}
	counts, err := s.ticketCounts(v, page.Frame)
	if err != nil {
		return err
	}
	numbers := map[string]int{"mine": counts.Mine, "unowned": counts.Unowned, "open": counts.Open, "soon": counts.DueSoon, "overdue": counts.Overdue}
	for _, view := range ticketViews {
		title := v.T("tickets.view." + view)
		if n, ok := numbers[view]; ok {
			title += " " + v.Number(n)
		}
		page.Views = append(page.Views, choice{title, v.withOnly("view", view), view == page.View})
	}
	page.Filters = v.ticketChoices(words)
	if page.Chips, err = s.ticketChips(v, page.Filters, len(tickets) > 0); err != nil {
		return err
	}
	n, ok := numbers[page.View]
	if page.First == "" && page.More == "" {
		n = len(tickets) // all of them
	} else if !ok || len(page.Chips) > 0 {
		if n, err = s.config.Desk.Count(v.ctx(), v.pool(), v.reader(), filter, countedTickets+1); err != nil {
			return err
		}
	}
	if page.Lead = v.N("tickets.lead", n); n > countedTickets && (!ok || len(page.Chips) > 0) {
		page.Lead = v.T("tickets.lead_many", countedTickets)
	}
	page.Saved, err = v.savedBar("tickets", page.Export)
	return err
}

// ticketCounts are those of the navigation, where it has them.
func (s *Server) ticketCounts(v *visit, f Frame) (workflow.Counts, error) {
	if f.waiting.Desk != nil {
		return *f.waiting.Desk, nil
	}
	return s.config.Desk.Counts(v.ctx(), v.pool(), v.reader(), v.user.Name)
}

// ticketFilter is what the address asks for, and its view.
func (v *visit) ticketFilter() (workflow.Filter, string) {
	view := v.query("view")
	if !slices.Contains(ticketViews, view) {
		view = "open"
	}
	f := workflow.Filter{WaitingOn: workflow.WaitingOn(v.query("waiting")), State: v.query("state"), Team: v.query("team"), Owner: v.query("owner"),
		Text: v.query("q"), Open: view != "all", Order: workflow.ByDue}
	f.Class = taxonomy.ClassID(v.query("class"))
	if id, err := uuid.Parse(v.query("party")); err == nil {
		f.Party = id
	}
	switch view {
	case "mine":
		f.Owner = v.user.Name
	case "unowned":
		f.Owner = workflow.Nobody
	case "soon":
		f.DueSoon = true
	case "overdue":
		f.Overdue = true
	case "all":
		f.Order = workflow.Newest
	}
	if order := workflow.Order(v.query("sort")); slices.Contains([]workflow.Order{workflow.Newest, workflow.ByDue, workflow.ByWait}, order) {
		f.Order = order
	}
	return f, view
}

// writeCursor and readCursor carry a place in a list through an address.
func writeCursor(c workflow.Cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.At.UnixMicro(), 36) + "." + c.ID.String()))
}

func readCursor(s string) (workflow.Cursor, error) {
	if s == "" {
		return workflow.Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	at, id, _ := strings.Cut(string(raw), ".")
	micro, numErr := strconv.ParseInt(at, 36, 64)
	ticket, idErr := uuid.Parse(id)
	if err != nil || numErr != nil || idErr != nil {
		return workflow.Cursor{}, fault.New(fault.Invalid, "This is no page of the list. Start again from its first page.")
	}
	return workflow.Cursor{At: time.UnixMicro(micro).UTC(), ID: ticket}, nil
}

// ticketRows adds the titles of classes, states and owners.
func (s *Server) ticketRows(v *visit, tickets []workflow.Ticket) ([]ticketRow, error) {
	words, err := s.ticketWords(v)
	if err != nil {
		return nil, err
	}
	rows := make([]ticketRow, len(tickets))
	for i, t := range tickets {
		if rows[i], err = s.ticketRow(v, words, t); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// ticketRow is a ticket as lists show it. Processes are kept in memory by the desk.
func (s *Server) ticketRow(v *visit, words ticketWords, t workflow.Ticket) (ticketRow, error) {
	process, err := s.config.Desk.Process(v.ctx(), v.pool(), t.Process, t.ProcessVersion)
	if err != nil {
		return ticketRow{}, err
	}
	class, _ := words.catalogue.Class(t.Class)
	state, _ := process.State(t.State)
	title := class.Titles.In(v.Code, string(t.Class))
	return ticketRow{Ticket: t, ClassTitle: title, ClassShown: t.Title != "" && !strings.HasPrefix(t.Title, title), StateTitle: state.Titles.In(v.Code, t.State),
		OwnerTitle: words.owner(t.Owner), Tone: waitingTone(t.WaitingOn), Overdue: t.Overdue(v.now),
		Soon: t.Open() && !t.Overdue(v.now) && t.DueAt.Before(v.now.Add(workflow.Soon)),
		Left: max(0, daysBetween(v.now, t.DueAt)), Late: max(0, -daysBetween(v.now, t.DueAt)), Days: int(v.now.Sub(t.ActiveAt).Hours() / 24)}, nil
}

// daysBetween is how many midnights lie between two instants in the zone of the first, negative when the second comes first.
func daysBetween(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(from.Location()).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)).Hours() / 24)
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
