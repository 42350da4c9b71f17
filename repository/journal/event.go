package journal

import (
	"time"

	"github.com/google/uuid"
)

// An Actor is who does something: a person's user name, or a part of the system as "system:capture".
type Actor string

// System names a part of the system as an actor.
func System(part string) Actor { return Actor("system:" + part) }

// A Verb says what happened: "document.added", "ticket.opened". Its home is the package that appends it.
type Verb string

// A Subject is what an event is about: a kind and an ID.
type Subject struct {
	Kind string // "document", "ticket", "party", "user", ...
	ID   uuid.UUID
}

// An Event is one line of the journal.
type Event struct {
	ID      int64     // set by Append
	Tx      uint64    // set by Append: the transaction that appended it
	At      time.Time // set by Append
	Actor   Actor
	Verb    Verb
	Subject Subject
	Detail  map[string]any // what a reader needs to understand it; never a secret, never content
}
