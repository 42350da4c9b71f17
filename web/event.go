package web

import (
	"fmt"
	"strings"
	"time"

	"docket/repository/journal"
	"docket/repository/say"
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
	words, err := v.callings()
	if err != nil {
		return nil, err
	}
	events = withHistory(events)
	all := make([]eventRow, len(events))
	for i, e := range events {
		all[i] = eventRow{At: e.At, By: v.actorName(e.Actor), What: v.eventWords(e), Note: v.note(e), Changes: v.changes(e, words)}
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
	if words := v.T(key, detail(e, "name", "title", "to", "number", "class", "path", "id", "address", "username"), detail(e, "version"), detail(e, "source")); words != key {
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

// detail is the first of some details that an event has, as text; lists have commas. What consists of an old and a new value is told as a change.
func detail(e journal.Event, names ...string) string {
	for _, n := range names {
		switch x := e.Detail[n].(type) {
		case nil, map[string]any:
		case []any:
			var all []string
			for _, one := range x {
				all = append(all, fmt.Sprint(one))
			}
			return strings.Join(all, ", ")
		default:
			if x != "" {
				return fmt.Sprint(x)
			}
		}
	}
	return ""
}

// actorName is who did something, a person by their title. Should people not be known, they are called by their user names.
func (v *visit) actorName(a journal.Actor) string {
	people, err := v.people()
	if err != nil {
		v.server.config.Log.Error("what people are called", "request", v.request, "err", err)
	}
	for _, u := range people {
		if u.Name == string(a) {
			return u.Title
		}
	}
	return v.Locale.actorName(a)
}

// note is the comment or note that somebody wrote, or the reason that a person or the program gave.
func (v *visit) note(e journal.Event) string {
	if reason := detail(e, "reason"); reason != "" {
		return v.Phrase(reason)
	}
	return detail(e, "comment", "note")
}

// systemParts are the parts of the system that act, as people call them.
var systemParts = map[string]string{
	"capture": say.Text("the system (reading and filing)"), "hotfolder": say.Text("the system (hot folder)"), "unpack": say.Text("the system (unpacking)"),
	"workflow": say.Text("the system (tickets)"), "fixity": say.Text("the system (check of the stored files)"), "pack": say.Text("the system (starter pack)"),
	"screening": say.Text("the system (virus scanner)"),
}

// actorName is who did something, a person by the user name.
func (l *Locale) actorName(a journal.Actor) string {
	if part, ok := strings.CutPrefix(string(a), "system:"); ok {
		if words, ok := systemParts[part]; ok {
			return l.Phrase(words)
		}
		return l.T("actor.system", part)
	}
	if name, ok := strings.CutPrefix(string(a), importedActor); ok {
		return l.T("actor.imported", name)
	}
	return string(a)
}
