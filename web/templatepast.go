package web

import (
	"slices"
	"time"

	"docket/repository/journal"
	"docket/taxonomy"
	"docket/workflow"
)

// A templateRevision is a change of a template, with what stood there before.
type templateRevision struct {
	At      time.Time
	By      string
	Version string
	Changes []templateChange
}

// A templateChange is one part of a template, before and after.
type templateChange struct{ Title, Old, New string }

// pastRevisions is how many changes a template's page shows.
const pastRevisions = 50

// templatePast are the changes of a template, the newest first.
func (s *Server) templatePast(v *visit, id string) ([]templateRevision, error) {
	events, err := journal.BySubject(v.ctx(), v.pool(), workflow.TemplateSubject(id).ID, pastRevisions)
	if err != nil {
		return nil, err
	}
	processes, err := s.processTitles(v)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(events, func(a, b journal.Event) int { return b.At.Compare(a.At) })
	var all []templateRevision
	for _, e := range events {
		all = append(all, templateRevision{e.At, v.actorName(e.Actor), detail(e, "version"), v.templateChanges(e, processes)})
	}
	return all, nil
}

// templateChanges are what a change changed, in the order of the form.
func (v *visit) templateChanges(e journal.Event, processes map[string]string) (all []templateChange) {
	changes, _ := e.Detail["changes"].(map[string]any)
	add := func(title, part string, shown func(any) string) {
		if both, ok := changes[part].(map[string]any); ok {
			all = append(all, templateChange{title, shown(both["old"]), shown(both["new"])})
		}
	}
	text := func(x any) string { s, _ := x.(string); return s }
	add(v.T("templates.in_use"), "retired", func(x any) string {
		if retired, _ := x.(bool); retired {
			return v.T("change.active.false")
		}
		return v.T("change.active.true")
	})
	add(v.T("templates.process"), "process", func(x any) string {
		if id := text(x); id != "" {
			return processes[id]
		}
		return v.T("templates.every_process")
	})
	for _, l := range taxonomy.Languages {
		in := " (" + languageTitle(l) + ")"
		add(v.T("templates.name")+in, "title."+l, text)
		add(v.T("reply.subject")+in, "subject."+l, text)
		add(v.T("reply.text")+in, "text."+l, text)
	}
	return all
}
