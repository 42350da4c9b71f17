package thread

import (
	"time"

	"docket/repository/say"

	"github.com/google/uuid"
)

// An Action is what becomes of a message. Whatever it is, the message was stored before.
type Action string

// The actions.
const (
	New        Action = "new"        // a matter of its own
	NewLinked  Action = "new linked" // a matter of its own, linked to Ticket
	Join       Action = "join"       // an answer in Ticket
	ReopenIt   Action = "reopen"     // an answer in Ticket, which is open again
	Attach     Action = "attach"     // filed in Ticket without a change of its state: no answer, no clock, no reopening
	Quarantine Action = "quarantine" // a person decides; Ticket is what it may belong to, or the zero ID
	Drop       Action = "drop"       // nothing follows
	Told       Action = "told"       // one of us answered a notification: what it says is a note in Ticket, or goes to the customer
)

// A Decision is what becomes of a message, and why.
type Decision struct {
	Action   Action
	Ticket   uuid.UUID
	Answers  uuid.UUID // what we sent that it answers; the zero ID when that is not known
	Notice   uuid.UUID // the notification that it answers; the zero ID for none
	Team     string    // that has Ticket now
	Rule     int       // that found the matter, or made a new one of it; 0 when none did
	Sure     float64   // from 0 to 1; 0 in quarantine
	Reason   string    // a sentence for a person
	AddParty bool      // the sender becomes a party to Ticket with limited rights (rule 30)
	Warn     bool      // the sender is not proved: disclose nothing (rule 34)
	Trace    []Step
}

// A Step is what one rule said. Results are words of this package for administrators, without strangers' text.
type Step struct {
	Rule   int    `json:"rule"`
	Result string `json:"result"`
}

// finders look for the matter. The first match wins.
var finders = []struct {
	rule int
	find func(*deliberation) string
}{
	{12, (*deliberation).ownMail},
	{37, (*deliberation).notification},
	{24, (*deliberation).signedParents},
	{25, (*deliberation).knownParents},
	{26, (*deliberation).signedAddress},
	{24, (*deliberation).forgery},
	{25, (*deliberation).stranger},
	{27, (*deliberation).subjectNumber},
	{28, (*deliberation).bodyNumbers},
}

// judges temper what was found, in this order. One that does not apply says nothing.
var judges = []struct {
	rule  int
	judge func(*deliberation) string
}{
	{29, (*deliberation).otherSubject},
	{17, (*deliberation).machine},
	{34, (*deliberation).unproved},
	{31, (*deliberation).closed},
	{30, (*deliberation).somebodyElse},
	{32, (*deliberation).moved},
}

// A deliberation is one message on its way through the chain.
type deliberation struct {
	m       Message
	k       Known
	now     time.Time
	d       Decision
	settled bool      // somebody decided: the finders end
	found   bool      // a matter was found: the judges follow
	signed  bool      // by a token
	forged  bool      // a token names a message of ours, and was not made for it
	missing bool      // a token names a message that is not here, and so cannot be compared
	suspect uuid.UUID // the matter of a known message that the sender may not answer
	mail    Mail      // that the message answers
}

// Decide says to which matter a message belongs. Known holds what Message.Asks asked for; what is not in it is not here.
func Decide(m Message, k Known, now time.Time) Decision {
	if m.BaseSubject == "" {
		m.BaseSubject = BaseSubject(m.Subject)
	}
	c := &deliberation{m: m, k: k, now: now}
	for _, f := range finders {
		if result := f.find(c); result != "" {
			c.step(f.rule, result)
		}
		if c.settled {
			break
		}
	}
	if !c.settled {
		c.alone()
	}
	if c.found {
		for _, j := range judges {
			if result := j.judge(c); result != "" {
				c.step(j.rule, result)
			}
		}
	}
	return c.d
}

func (c *deliberation) step(rule int, result string) {
	c.d.Trace = append(c.d.Trace, Step{rule, result})
}

// settle ends the search without a matter to file in.
func (c *deliberation) settle(a Action, rule int, reason string) {
	c.d.Action, c.d.Rule, c.d.Reason, c.settled = a, rule, reason, true
}

// join ends the search with a matter.
func (c *deliberation) join(ticket uuid.UUID, rule int, sure float64, reason string) {
	c.settle(Join, rule, reason)
	c.d.Ticket, c.d.Sure, c.found = ticket, sure, true
}

// alone decides what no rule found a matter for: what a person or a form wrote is a new one, and what answers something that is not
// here is looked at by a person (rule 5).
func (c *deliberation) alone() {
	switch {
	case c.missing:
		c.step(24, "token of a message that is not here")
		c.settle(Quarantine, 24, say.Text("The message claims to answer one of ours that is not here."))
	case c.m.Kind.answers():
		c.step(5, "answers nothing that is here")
		c.settle(Quarantine, 5, say.Text("A program answered something that is not here."))
	default:
		c.settle(New, 0, say.Text("Nothing in the message names a ticket, so it is a new one."))
		c.d.Sure = 1
	}
}

// survivor is the matter that a ticket went into, itself when it was not merged. ok is false when it is not here any more.
func (c *deliberation) survivor(id uuid.UUID) (uuid.UUID, bool) {
	for range len(c.k.Tickets) {
		t, here := c.k.Tickets[id]
		if !here {
			return id, false
		}
		if t.MergedInto == uuid.Nil {
			return id, true
		}
		id = t.MergedInto
	}
	return id, false
}
