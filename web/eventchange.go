package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"docket/capture"
	"docket/repository"
	"docket/repository/journal"
	"docket/taxonomy"
	"docket/workflow"
)

// toldDetails are the details of events that a history tells besides their sentences, in this order. Those of a correction are the
// fields of the record, too.
var toldDetails = map[journal.Verb][]string{
	repository.DamageFound:         {"damage"},
	repository.Annotated:           {"page", "stamp"},
	repository.AnnotationChanged:   {"page", "stamp"},
	repository.AnnotationWithdrawn: {"page", "stamp"},
	capture.DocumentRead:           {"class", "language"},
	capture.DocumentUnsure:         {"doubts"},
	capture.SourceDescribed:        {"note"},
	taxonomy.DocumentFiled:         {"class", "place"},
	taxonomy.DocumentCorrected:     {"class", "title", "place", "party", "language"},
	taxonomy.DocumentRetitled:      {"title"},
	taxonomy.DocumentUndeclared:    {"place"},
	taxonomy.PartyChanged:          {"name"},
	taxonomy.PartyAttached:         {"contacts"},
	taxonomy.DefinitionChanged:     {"changed"},
	workflow.TaskRaised:            {"kind"},
	workflow.MessageSent:           {"answer"},
	workflow.TicketAssigned:        {"owner", "team"},
	workflow.UserAdded:             {"roles", "teams"},
	"documents.exported":           {"documents", "query"},
	"mail.exported":                {"documents", "query"},
	"documents.imported":           {"house", "documents", "already", "problems"},
	workflow.UserChanged:           {"title", "roles", "teams", "language", "active", "email", "told_of"},
}

// changes says in words what an event's detail tells: what something became, and what it was before.
func (v *visit) changes(e journal.Event, words ticketWords) []string {
	details := e.Detail
	if e.Verb == workflow.UserChanged {
		details, _ = e.Detail["changes"].(map[string]any)
	}
	var all []string
	for _, name := range toldDetails[e.Verb] {
		title := v.T("change." + name)
		all = v.change(all, title, details[name], func(x any) string { return v.told(name, x, words) })
	}
	fields, _ := details["fields"].(map[string]any)
	for _, id := range slices.Sorted(maps.Keys(fields)) {
		field, _ := words.catalogue.Field(taxonomy.FieldID(id))
		all = v.change(all, field.Titles.In(v.Code, id), fields[id], func(x any) string {
			if x == nil {
				return ""
			}
			return v.Shown(words.catalogue, taxonomy.FieldID(id), fmt.Sprint(x))
		})
	}
	return all
}

// change adds the sentence of one detail, which is a value or its old and its new one.
func (v *visit) change(to []string, title string, x any, shown func(any) string) []string {
	if x == nil {
		return to
	}
	both, ok := x.(map[string]any)
	if !ok {
		if now := shown(x); now != "" {
			to = append(to, v.T("change.now", title, now))
		}
		return to
	}
	switch old, now := shown(both["old"]), shown(both["new"]); {
	case old == now:
		return to
	case now == "":
		return append(to, v.T("change.gone", title, old))
	case old == "":
		return append(to, v.T("change.now", title, now))
	default:
		return append(to, v.T("change.was", title, now, old))
	}
}

// told is a detail as people read it.
func (v *visit) told(name string, x any, words ticketWords) string {
	if list, ok := x.([]any); ok {
		var all []string
		for _, one := range list {
			all = append(all, v.told(name, one, words))
		}
		if name == "doubts" { // sentences
			return strings.Join(all, " ")
		}
		return strings.Join(all, ", ")
	}
	if n, ok := x.(float64); ok {
		return v.Number(int(n))
	}
	if x == nil {
		return ""
	}
	s := fmt.Sprint(x)
	switch {
	case s == "":
		return ""
	case name == "class":
		class, _ := words.catalogue.Class(taxonomy.ClassID(s))
		return class.Titles.In(v.Code, s)
	case name == "language":
		return languageTitle(s)
	case name == "stamp":
		stamp, _ := taxonomy.FindStamp(s)
		return stamp.Titles.In(v.Code, s)
	case name == "owner":
		return words.owner(s)
	case name == "roles":
		return v.word("role."+s, s)
	case name == "told_of":
		return v.word("told."+s, s)
	case name == "changed", name == "active", name == "kind":
		return v.word("change."+name+"."+s, s)
	case name == "doubts", name == "damage":
		return v.Phrase(s)
	}
	return s
}

// word is a message, or another text where the catalogue has none: histories of other houses may tell of what is not known here.
func (v *visit) word(key, other string) string {
	if words := v.T(key); words != key {
		return words
	}
	return other
}
