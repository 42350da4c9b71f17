package web

import (
	"net/http"
	"slices"

	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
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
	Documents []paper
	Timeline  []eventRow
	Owners    []option
	Teams     []option
	Editable  bool // the person may assign and take notes
}

// A stepView is a transition as a button.
type stepView struct {
	ID, Title, Refused string
	Comment            bool
}

// A paper is a document of a ticket that the person may see.
type paper struct {
	taxonomy.Record
	Pages int
}

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
	page := ticketPage{Editable: v.user.Has(workflow.Agent)}
	for _, load := range []func(*visit, workflow.Ticket, *ticketPage) error{s.addTicketHead, s.addPartyCard, s.addPapers, s.addTimeline, s.addOwners} {
		if err := load(v, t, &page); err != nil {
			return err
		}
	}
	page.Frame = v.frame(t.Number, Crumb{v.T("nav.tickets"), "/tickets"})
	page.Lead = t.Title
	return v.show(http.StatusOK, "ticket.html", page)
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
	page.Subject = shownValue(catalogue, taxonomy.Subject, t.Subject, v.Code)
	page.Product = shownValue(catalogue, taxonomy.Product, t.Product, v.Code)
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

func (s *Server) addPapers(v *visit, t workflow.Ticket, page *ticketPage) error {
	ids, err := s.config.Desk.Documents(v.ctx(), v.pool(), t.ID)
	if err != nil {
		return err
	}
	records, err := s.config.Plan.Records(v.ctx(), v.pool(), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if r, ok := records[id]; ok && v.reader().May(r.Readers) {
			page.Documents = append(page.Documents, paper{Record: r})
		}
	}
	return s.countPages(v, page.Documents)
}

// countPages says how many pages papers have, in one query.
func (s *Server) countPages(v *visit, papers []paper) error {
	ids := make([]repository.DocumentID, len(papers))
	for i, p := range papers {
		ids[i] = p.Document
	}
	rows, err := v.pool().Query(v.ctx(), `select t.document, count(*)::int from repository.page_text t
		join repository.document d on d.id = t.document and d.latest = t.version where t.document = any($1) group by t.document`, ids)
	if err != nil {
		return err
	}
	pages := map[repository.DocumentID]int{}
	var id repository.DocumentID
	var n int
	_, err = pgx.ForEachRow(rows, []any{&id, &n}, func() error { pages[id] = n; return nil })
	for i := range papers {
		papers[i].Pages = pages[papers[i].Document]
	}
	return err
}

func (s *Server) addTimeline(v *visit, t workflow.Ticket, page *ticketPage) error {
	entries, err := s.config.Desk.Timeline(v.ctx(), v.pool(), t.ID)
	if err != nil {
		return err
	}
	process, err := s.config.Desk.Process(v.ctx(), v.pool(), t.Process, t.ProcessVersion)
	if err != nil {
		return err
	}
	titles := map[uuid.UUID]string{}
	for _, d := range page.Documents {
		titles[d.Document] = d.Title
	}
	for _, e := range entries {
		page.Timeline = append(page.Timeline, v.entryRow(e, process, titles))
	}
	slices.Reverse(page.Timeline)
	return nil
}

// entryRow says a line of a ticket's story in words.
func (v *visit) entryRow(e workflow.Entry, p *workflow.Process, titles map[uuid.UUID]string) eventRow {
	row := eventRow{At: e.At, By: v.actorName(e.By), What: v.verbWords(string(e.Verb)), Note: e.Note}
	text := func(name string) string { s, _ := e.Detail[name].(string); return s }
	switch e.Verb {
	case workflow.TicketMoved:
		from, _ := p.State(text("from"))
		to, _ := p.State(text("to"))
		row.What, row.Note = v.T("ticket.moved", from.Titles.In(v.Code, text("from")), to.Titles.In(v.Code, text("to"))), text("comment")
	case workflow.TicketAssigned:
		row.What = v.assignedWords(e.Detail)
	case workflow.TicketJoined:
		row.Note = text("how")
	}
	if title := titles[e.Document]; title != "" {
		row.Link, row.LinkTitle = "/documents/"+e.Document.String(), title
	}
	return row
}

// assignedWords says who has a ticket now.
func (v *visit) assignedWords(detail map[string]any) string {
	changed := func(name string) (string, bool) {
		change, ok := detail[name].(map[string]any)
		if !ok {
			return "", false
		}
		s, _ := change["new"].(string)
		return s, s != change["old"]
	}
	owner, ownerChanged := changed("owner")
	team, teamChanged := changed("team")
	switch {
	case ownerChanged && owner != "":
		return v.T("ticket.given", owner)
	case ownerChanged:
		return v.T("ticket.taken")
	case teamChanged:
		return v.T("ticket.given_team", team)
	}
	return v.verbWords(string(workflow.TicketAssigned))
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
