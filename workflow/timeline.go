package workflow

import (
	"context"
	"fmt"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// An Entry is one line of a ticket's story, as the journal tells it.
type Entry struct {
	At       time.Time
	By       journal.Actor
	Verb     journal.Verb
	Document repository.DocumentID // the one it is about, Nil for none
	Note     string                // the text of a note
	Detail   map[string]any        // as the journal has it; see the verbs
}

// Timeline gives the story of a ticket, oldest first, from the journal.
func (d *Desk) Timeline(ctx context.Context, q postgres.Querier, id TicketID) ([]Entry, error) {
	events, err := journal.BySubject(ctx, q, id, 0)
	if err != nil {
		return nil, fmt.Errorf("timeline of ticket %s: %w", id, err)
	}
	notes, err := notesOf(ctx, q, id)
	if err != nil {
		return nil, err
	}
	var all []Entry
	for _, e := range events {
		entry := Entry{At: e.At, By: e.Actor, Verb: e.Verb, Detail: e.Detail, Document: idIn(e.Detail, "document")}
		entry.Note = notes[idIn(e.Detail, "note")]
		all = append(all, entry)
	}
	return all, nil
}

func notesOf(ctx context.Context, q postgres.Querier, id TicketID) (map[uuid.UUID]string, error) {
	rows, err := q.Query(ctx, "select id, text from workflow.note where ticket = $1", id)
	if err != nil {
		return nil, fmt.Errorf("notes of ticket %s: %w", id, err)
	}
	notes := map[uuid.UUID]string{}
	var note uuid.UUID
	var text string
	_, err = pgx.ForEachRow(rows, []any{&note, &text}, func() error { notes[note] = text; return nil })
	return notes, err
}

// idIn reads an ID out of an event's detail, Nil when there is none.
func idIn(detail map[string]any, name string) uuid.UUID {
	s, _ := detail[name].(string)
	id, err := uuid.Parse(s)
	if err != nil {
		return uuid.Nil
	}
	return id
}
