package thread

import (
	"slices"

	"docket/repository/say"
)

// otherSubject is rule 29: whoever takes up an old message to write about something else begins a new matter. Programs change
// subjects as they like, and a subject that names the matter is about it.
func (c *deliberation) otherSubject() string {
	if c.d.Rule == 27 || c.m.Kind.answers() || sameSubject(c.m.BaseSubject, c.mail.BaseSubject) {
		return ""
	}
	names := func(n string) bool {
		id, here := c.k.Numbers[n]
		survivor, _ := c.survivor(id)
		return here && survivor == c.d.Ticket
	}
	if slices.ContainsFunc(c.m.Numbers[:min(len(c.m.Numbers), maxNumbers)], names) {
		return ""
	}
	c.d.Action, c.d.Rule, c.d.Sure = NewLinked, 29, 0.8
	c.d.Reason = say.Text("It answers an earlier message, but has another subject, so it is a new ticket.")
	return "another subject"
}

// machine is rule 17: what a program sent is filed and changes nothing.
func (c *deliberation) machine() string {
	if c.m.Kind == Person || c.d.Action != Join {
		return ""
	}
	c.d.Action = Attach
	c.d.Reason = say.Text("A program sent it, so it is filed and changes nothing.")
	return "sent by a program"
}

// unproved is rule 34: a sender whom nothing proves, neither a token that he was sent nor his domain, changes nothing. Whoever has the
// token of somebody else may write into the matter, but who he is stays open.
func (c *deliberation) unproved() string {
	sentTo := func(to string) bool { return address(to) == address(c.m.From) }
	if c.m.Aligned || c.signed && slices.ContainsFunc(c.mail.To, sentTo) {
		return ""
	}
	c.d.Warn = true
	if c.signed {
		return "sender not proved, but has the token of somebody"
	}
	if c.d.Action == Join {
		c.d.Action = Attach
		c.d.Reason = say.Text("The sender is not proved, so the message is filed and changes nothing.")
	}
	return "sender not proved"
}

// closed is rule 31: what an answer does to a closed matter is the process' to say.
func (c *deliberation) closed() string {
	t := c.k.Tickets[c.d.Ticket]
	if c.d.Action != Join || t.Closed.IsZero() {
		return ""
	}
	late := c.now.Sub(t.Closed) > t.Within
	if t.Replies == Reopen || t.Replies == ReopenWithin && !late {
		c.d.Action = ReopenIt
		c.d.Reason = say.Text("It answers a closed ticket, which is opened again.")
		return "closed: reopened"
	}
	c.d.Action = NewLinked
	c.d.Rule = 31
	c.d.Reason = say.Text("It answers a closed ticket that is not opened again, so it is a new one.")
	return "closed: linked"
}

// somebodyElse is rule 30: a colleague or a lawyer who answers becomes a party with limited rights. We ourselves do not, nor do programs.
func (c *deliberation) somebodyElse() string {
	if c.d.Action != Join && c.d.Action != ReopenIt || c.m.From == "" || c.party(c.d.Ticket) || c.m.Aligned && c.own(c.m.From) {
		return ""
	}
	c.d.AddParty = true
	return "sender becomes a party with limited rights"
}

// moved is rule 32: the matter is with the team that has it now.
func (c *deliberation) moved() string {
	c.d.Team = c.k.Tickets[c.d.Ticket].Team
	return "with the team that has it now"
}
