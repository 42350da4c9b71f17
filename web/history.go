package web

import (
	"encoding/json"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/journal"
)

// importedActor marks somebody of another house, whose name may be anybody's here.
const importedActor = "imported:"

// withHistory puts before the event of a document's import what had happened to it in the house it came from, as that house's
// journal told it. It is shown, not vouched for: the chain of this house proves only that it was told so on import.
func withHistory(events []journal.Event) []journal.Event {
	var all []journal.Event
	for _, e := range events {
		if e.Verb == repository.DocumentImported {
			all = append(all, withHistory(history(e))...)
		}
		all = append(all, e)
	}
	return all
}

// history reads what an import kept of the old house's journal. What is not as it should be is left out.
func history(e journal.Event) []journal.Event {
	raw, err := json.Marshal(e.Detail["history"])
	if err != nil {
		return nil
	}
	var told []struct {
		At     time.Time
		Actor  journal.Actor
		Verb   journal.Verb
		Detail map[string]any
	}
	if json.Unmarshal(raw, &told) != nil {
		return nil
	}
	var events []journal.Event
	for _, t := range told {
		if !strings.HasPrefix(string(t.Actor), "system:") && !strings.HasPrefix(string(t.Actor), importedActor) {
			t.Actor = importedActor + t.Actor
		}
		events = append(events, journal.Event{At: t.At, Actor: t.Actor, Verb: t.Verb, Subject: e.Subject, Detail: t.Detail})
	}
	return events
}
