package web

import (
	"docket/workflow"
	"docket/workflow/thread"
)

// A conversed is a message of a conversation as stories and lists show it.
type conversed struct {
	workflow.Message
	Newest  string // what it says, without what it quotes
	Decider string // who said where it belongs, by title; empty where a rule did
}

// Enclosed is what came with the message.
func (c conversed) Enclosed() []workflow.Received { return c.Received[min(1, len(c.Received)):] }

// Unproved says whether a message came by mail from somebody of whom it is not proved that they sent it.
func (c conversed) Unproved() bool { return !c.Outgoing && (c.Warn || !c.Aligned) }

// Counts says whether the message is part of the conversation, and not merely filed beside it.
func (c conversed) Counts() bool { return c.Action != thread.Attach }

// Automatic says whether a machine wrote it.
func (c conversed) Automatic() bool { return !c.Outgoing && c.Kind != "" }

// Told says whether it is one of us who answered a notification: what it says is a note, or went to the customer.
func (c conversed) Told() bool { return c.Action == thread.Told }

// From is who sent it, as people call them.
func (c conversed) From() string {
	if c.SenderName != "" {
		return c.SenderName
	}
	return c.Sender
}
