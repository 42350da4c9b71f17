package web

import (
	"net/http"
	"slices"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// A toldPage is the history of what an administrator defines: who changed what, and what it was before.
type toldPage struct {
	Frame
	Rows []eventRow
}

// showClassHistory answers GET /admin/classes/:class/history.
func (s *Server) showClassHistory(v *visit) error {
	page, _, err := s.classPage(v)
	if err != nil {
		return err
	}
	title := page.Class.Titles.In(v.Code, string(page.Class.ID))
	return s.tellDefinition(v, "class", string(page.Class.ID), title, Crumb{v.T("classes.title"), "/admin/classes"}, Crumb{title, page.Path()})
}

// showFieldHistory answers GET /admin/fields/:field/history.
func (s *Server) showFieldHistory(v *visit) error {
	page, _, err := s.fieldPage(v)
	if err != nil {
		return err
	}
	title := page.Field.Titles.In(v.Code, string(page.Field.ID))
	return s.tellDefinition(v, "field", string(page.Field.ID), title, Crumb{v.T("fields.title"), "/admin/fields"}, Crumb{title, page.Path()})
}

// showTermHistory answers GET /admin/vocabulary/:field/:term/history.
func (s *Server) showTermHistory(v *visit) error {
	page, _, err := s.termPage(v)
	if err != nil {
		return err
	}
	vocabulary := Crumb{page.Field.Titles.In(v.Code, string(page.Field.ID)), "/admin/vocabulary/" + string(page.Field.ID)}
	title := page.Term.Titles.In(v.Code, page.Term.ID)
	return s.tellDefinition(v, "term", string(page.Field.ID)+"/"+page.Term.ID, title, Crumb{v.T("vocabulary.title"), "/admin/vocabulary"}, vocabulary, Crumb{title, page.Path()})
}

// tellDefinition shows all versions of a definition, each with what it changed.
func (s *Server) tellDefinition(v *visit, kind, id, title string, crumbs ...Crumb) error {
	states, err := taxonomy.History(v.ctx(), v.pool(), kind, id)
	if err != nil {
		return err
	}
	if len(states) == 0 {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	words, err := s.ticketWords(v)
	if err != nil {
		return err
	}
	page := toldPage{Frame: v.frame(v.T("history.title", title), crumbs...)}
	page.Lead = v.N("class.past", len(states))
	for i, state := range states {
		row := eventRow{At: state.At, By: v.actorName(state.By), What: v.T("class.version", state.Version)}
		if i+1 < len(states) {
			row.Changes = v.definitionChanges(words, kind, states[i+1].Body, state.Body)
		}
		page.Rows = append(page.Rows, row)
	}
	return v.show(http.StatusOK, "told.html", page)
}

// tellSubjects shows what the journal says of a person, or of a channel and its mailboxes, the latest first.
func (s *Server) tellSubjects(v *visit, subjects []uuid.UUID, title string, crumbs ...Crumb) error {
	events, err := journal.BySubjects(v.ctx(), v.pool(), subjects)
	if err != nil {
		return err
	}
	page := toldPage{Frame: v.frame(v.T("history.title", title), crumbs...)}
	page.Rows, err = s.events(v, events)
	if err != nil {
		return err
	}
	slices.Reverse(page.Rows)
	return v.show(http.StatusOK, "told.html", page)
}
