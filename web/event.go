package web

import (
	"fmt"
	"strings"
	"time"

	"docket/repository/journal"
	"docket/taxonomy"
)

// An eventRow is a line of the journal as a person reads it.
type eventRow struct {
	At   time.Time
	By   string
	What string
	Note string // the reason or comment that somebody gave

	Changes []string // what changed, a sentence each

	Link, LinkTitle string // to what it is about
}

// events writes lines of the journal in words.
func (s *Server) events(v *visit, events []journal.Event) ([]eventRow, error) {
	catalogue, err := v.catalogue()
	if err != nil {
		return nil, err
	}
	people, err := v.people()
	if err != nil {
		return nil, err
	}
	words := ticketWords{catalogue: catalogue, people: people}
	events = withHistory(events)
	all := make([]eventRow, len(events))
	for i, e := range events {
		all[i] = eventRow{At: e.At, By: v.actorName(e.Actor), What: v.eventWords(e), Note: detail(e, "reason", "comment", "note")}
		all[i].By, all[i].Changes = v.whoDid(e.Actor, words), v.changes(e, words)
	}
	return all, nil
}

// eventWords says what an event was. Verbs are many and grow: a test finds one that has no message of its own, and it is shown as it is.
// What was defined has a message for each kind of definition.
func (v *visit) eventWords(e journal.Event) string {
	key := "event." + string(e.Verb)
	if e.Verb == taxonomy.DefinitionChanged {
		key += "." + detail(e, "kind")
	}
	if words := v.T(key, detail(e, "name", "title", "to", "number", "class", "path", "id"), detail(e, "version"), detail(e, "source")); words != key {
		return words
	}
	return v.verbWords(string(e.Verb))
}

// verbWords says a verb without its details: by its message, else as it is.
func (v *visit) verbWords(verb string) string {
	if words := v.T("event." + verb); words != "event."+verb {
		return words
	}
	return strings.NewReplacer(".", " ", "-", " ").Replace(verb)
}

// detail is the first of some details that an event has, as text.
func detail(e journal.Event, names ...string) string {
	for _, n := range names {
		if x, ok := e.Detail[n]; ok && x != nil && x != "" {
			return fmt.Sprint(x)
		}
	}
	return ""
}

// whoDid is who did something: a person by their title.
func (v *visit) whoDid(a journal.Actor, words ticketWords) string {
	if name := v.actorName(a); name != string(a) {
		return name
	}
	return words.owner(string(a))
}

// actorName is who did something, as people say it.
func (v *visit) actorName(a journal.Actor) string {
	if part, ok := strings.CutPrefix(string(a), "system:"); ok {
		return v.T("actor.system", part)
	}
	if name, ok := strings.CutPrefix(string(a), importedActor); ok {
		return v.T("actor.imported", name)
	}
	return string(a)
}
