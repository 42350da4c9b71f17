package web

import (
	"cmp"
	"slices"

	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
)

// ticketWords are what people call the things of tickets, read once a page.
type ticketWords struct {
	catalogue *taxonomy.Catalogue
	processes []*workflow.Process
	people    []workflow.User
}

// ticketWords reads them the first time that a visit asks.
func (s *Server) ticketWords(v *visit) (w ticketWords, err error) {
	if v.words != nil {
		return *v.words, nil
	}
	defer func() {
		if err == nil {
			v.words = &w
		}
	}()
	if w, err = v.callings(); err != nil {
		return w, err
	}
	w.processes, err = s.config.Desk.Processes(v.ctx(), v.pool())
	return w, err
}

// callings are the words without those of processes: what people call classes, fields and each other.
func (v *visit) callings() (w ticketWords, err error) {
	if w.catalogue, err = v.catalogue(); err != nil {
		return w, err
	}
	w.people, err = v.people()
	return w, err
}

// owner is what others call a user.
func (w ticketWords) owner(name string) string {
	for _, u := range w.people {
		if u.Name == name {
			return u.Title
		}
	}
	return name
}

// teams are those that processes give tickets to.
func (w ticketWords) teams() []string {
	var teams []string
	for _, p := range w.processes {
		for _, r := range p.Routes {
			if !slices.Contains(teams, r.Team) {
				teams = append(teams, r.Team)
			}
		}
	}
	slices.Sort(teams)
	return teams
}

// agents are who tickets can be given to, and whoever has one already.
func (w ticketWords) agents(chosen string) []option {
	var all []option
	for _, u := range w.people {
		if u.Active && u.Has(workflow.Agent) || u.Name == chosen {
			all = append(all, option{u.Name, u.Title, u.Name == chosen})
		}
	}
	return all
}

// states are those of all processes, each once.
func (w ticketWords) states(l *Locale, chosen string) []option {
	var all []option
	for _, p := range w.processes {
		for _, st := range p.States {
			if !slices.ContainsFunc(all, func(o option) bool { return o.Value == st.ID }) {
				all = append(all, option{st.ID, st.Titles.In(l.Code, st.ID), st.ID == chosen})
			}
		}
	}
	sortOptions(l, all)
	return all
}

// A ticketChoice is a filter of the list: a select whose name is that of the address's parameter.
type ticketChoice struct {
	Name, Title string
	Options     []option
}

func (v *visit) ticketChoices(w ticketWords) []ticketChoice {
	var waiting, classes, teams []option
	for _, on := range []workflow.WaitingOn{workflow.NotStarted, workflow.WaitingOnUs, workflow.WaitingOnThem} {
		waiting = append(waiting, option{string(on), v.T("tickets.waiting." + string(on)), string(on) == v.query("waiting")})
	}
	for _, class := range w.catalogue.Classes {
		if class.Process != "" {
			classes = append(classes, option{string(class.ID), class.Titles.In(v.Code, string(class.ID)), string(class.ID) == v.query("class")})
		}
	}
	for _, t := range w.teams() {
		teams = append(teams, option{t, t, t == v.query("team")})
	}
	sortOptions(v.Locale, classes)
	sortOptions(v.Locale, teams)
	return []ticketChoice{{"waiting", v.T("tickets.waiting"), waiting}, {"class", v.T("document.class"), classes},
		{"state", v.T("list.state"), w.states(v.Locale, v.query("state"))}, {"owner", v.T("ticket.owner"), w.agents(v.query("owner"))},
		{"team", v.T("ticket.team"), teams}}
}

// ticketChips are the filters that are set, each with the address that drops it. any says whether the list has a ticket: whoever may
// see none of a party's is not told the party's name.
func (s *Server) ticketChips(v *visit, choices []ticketChoice, any bool) ([]chip, error) {
	var chips []chip
	add := func(name, title, value string) {
		if v.query(name) != "" {
			chips = append(chips, chip{title, cmp.Or(value, v.query(name)), v.with(name, "")})
		}
	}
	add("q", v.T("tickets.find"), "")
	for _, c := range choices {
		value := ""
		if i := slices.IndexFunc(c.Options, func(o option) bool { return o.Chosen }); i >= 0 {
			value = c.Options[i].Title
		}
		add(c.Name, c.Title, value)
	}
	if id, err := uuid.Parse(v.query("party")); err == nil {
		var wanted []taxonomy.PartyID
		if any {
			wanted = append(wanted, id)
		}
		names, err := taxonomy.PartyNames(v.ctx(), v.pool(), wanted)
		if err != nil {
			return nil, err
		}
		add("party", v.T("document.party"), names[id])
	}
	return chips, nil
}
