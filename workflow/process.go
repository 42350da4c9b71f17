package workflow

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"docket/taxonomy"
	"docket/workflow/thread"
)

//go:embed processes/*.json
var processFiles embed.FS

// WaitingOn says who has to do something next.
type WaitingOn string

// Who has to do something next.
const (
	NotStarted       WaitingOn = "not-started" // nobody of us has looked at it
	WaitingOnUs      WaitingOn = "us"
	WaitingOnThem    WaitingOn = "customer"
	WaitingOnNothing WaitingOn = "closed"
)

// A Process is how tickets of a kind run: states, transitions between them, and rules for who gets a new one. It is data;
// every change makes a new version, and a ticket stays with the version it was opened under.
type Process struct {
	ID          string          `json:"id"`
	Version     int             `json:"version,omitempty"` // set when it is stored, 1 or more
	Prefix      string          `json:"prefix"`            // of ticket numbers: "CLM"
	Titles      taxonomy.Titles `json:"titles"`
	Target      Target          `json:"target"`
	States      []State         `json:"states"`
	Transitions []Transition    `json:"transitions"`
	Routes      []Route         `json:"routes"` // the first whose condition holds is taken
	Replies     Replies         `json:"replies,omitzero"`
}

// Replies says what an answer by e-mail to a closed ticket does (rule 31 of package thread).
type Replies struct {
	Closed thread.Replies `json:"closed,omitempty"` // empty: it opens a new ticket that is linked to the old one
	Days   int            `json:"days,omitempty"`   // of "reopen within": until when after the closing the ticket is opened again
}

// A Target is the time in which a ticket should be closed.
type Target struct {
	Days int `json:"days"` // business days; the day of receipt is not counted
}

// A State is where a ticket can be.
type State struct {
	ID        string          `json:"id"`
	Titles    taxonomy.Titles `json:"titles"`
	WaitingOn WaitingOn       `json:"waiting_on"` // "closed" makes it a final state
	Initial   bool            `json:"initial,omitempty"`
}

// A Transition leads from states to a state.
type Transition struct {
	ID      string          `json:"id"`
	From    []string        `json:"from"`
	To      string          `json:"to"`
	Titles  taxonomy.Titles `json:"titles"`            // what the button says
	Roles   []Role          `json:"roles"`             // who may; administrators always may
	Guard   string          `json:"guard,omitempty"`   // CEL: must hold; empty always holds
	Refusal taxonomy.Titles `json:"refusal,omitempty"` // what is said when the guard does not hold
	Comment bool            `json:"comment,omitempty"` // whoever does it must say why
	On      string          `json:"on,omitempty"`      // the events on which it also happens by itself, with spaces between
}

// Events on which a transition happens by itself.
const (
	OnJoined   = "joined"   // a document joins the open ticket
	OnAnswered = "answered" // an answer by e-mail comes for the closed ticket, and Replies says that it opens it again
	OnBounced  = "bounced"  // an answer of ours came back, and nothing has been heard since it was sent
)

// HappensOn says whether a transition happens by itself on an event.
func (t Transition) HappensOn(event string) bool { return slices.Contains(strings.Fields(t.On), event) }

// A Route says who gets a new ticket when its condition holds.
type Route struct {
	When     string   `json:"when,omitempty"` // CEL; empty always holds
	Team     string   `json:"team"`
	Owner    string   `json:"owner,omitempty"` // a person's name
	Priority Priority `json:"priority,omitempty"`
}

// A Priority orders work.
type Priority string

// The priorities. The empty one is Normal.
const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// State finds a state.
func (p *Process) State(id string) (State, bool) {
	if i := slices.IndexFunc(p.States, func(s State) bool { return s.ID == id }); i >= 0 {
		return p.States[i], true
	}
	return State{}, false
}

// Initial is the state in which tickets begin.
func (p *Process) Initial() State {
	i := slices.IndexFunc(p.States, func(s State) bool { return s.Initial })
	return p.States[i]
}

// Transition finds a transition.
func (p *Process) Transition(id string) (Transition, bool) {
	if i := slices.IndexFunc(p.Transitions, func(t Transition) bool { return t.ID == id }); i >= 0 {
		return p.Transitions[i], true
	}
	return Transition{}, false
}

// From are the transitions that lead away from a state.
func (p *Process) From(state string) []Transition {
	var all []Transition
	for _, t := range p.Transitions {
		if slices.Contains(t.From, state) {
			all = append(all, t)
		}
	}
	return all
}

// shippedProcesses reads and checks the processes that ship with the program, in the order of their IDs. Do not change the result.
var shippedProcesses = sync.OnceValues(func() ([]*Process, error) { return readProcesses(processFiles) })

// readProcesses reads processes/*.json of a file system and checks them.
func readProcesses(files fs.FS) ([]*Process, error) {
	names, err := fs.Glob(files, "processes/*.json")
	if err != nil {
		return nil, err
	}
	var all []*Process
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		p, err := parseProcess(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// parseProcess reads a process from JSON and checks it. Unknown keys are errors: they are misspelt ones.
func parseProcess(b []byte) (*Process, error) {
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	p := &Process{}
	if err := d.Decode(p); err != nil {
		return nil, err
	}
	return p, p.Check()
}
