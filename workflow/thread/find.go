package thread

import (
	"slices"
	"strings"

	"docket/repository/say"

	"github.com/google/uuid"
)

// ownMail is rule 12: what we sent is not an answer to it.
func (c *deliberation) ownMail() string {
	switch {
	case c.m.OwnLoop:
		c.settle(Drop, 12, say.Text("The message is our own and came back."))
		return "own loop header"
	case c.m.ID != "" && c.k.Mail[bare(c.m.ID)].Ours:
		c.settle(Drop, 12, say.Text("The message is our own and came back."))
		return "own Message-ID"
	}
	return "not our own"
}

// signedParents is rule 24: a token that we signed, in a Message-ID that we gave.
func (c *deliberation) signedParents() string {
	seen := 0
	for _, id := range c.m.Parents() {
		token, ok := TokenOf(id)
		if !ok || !c.own(id) {
			continue
		}
		seen++
		if c.open(token, 24, 1) {
			return "signed by us"
		}
		_, here := c.sent(token)
		c.missing = c.missing || !here
		c.forge(token)
	}
	if seen == 0 {
		return "no token"
	}
	return "no token that leads to a matter"
}

// own says whether a Message-ID or an address is of one of our domains.
func (c *deliberation) own(id string) bool {
	return slices.ContainsFunc(c.k.Domains, func(d string) bool { return strings.EqualFold(d, domain(id)) })
}

func (c *deliberation) sent(token string) (Mail, bool) {
	id, _ := messageOf(token)
	m, here := c.k.Sent[id]
	return m, here
}

// opens says whether a token was made for one of those to whom its message went.
func (c *deliberation) opens(token string) bool {
	m, here := c.sent(token)
	ticket := m.SentFor
	if ticket == uuid.Nil {
		ticket = m.Ticket
	}
	return here && slices.ContainsFunc(m.To, func(to string) bool { return c.k.Keys.Open(token, ticket, to) })
}

// open joins the matter of a token that opens.
func (c *deliberation) open(token string, rule int, sure float64) bool {
	if !c.opens(token) {
		return false
	}
	m, _ := c.sent(token)
	ticket, here := c.survivor(m.Ticket)
	if !here {
		return false
	}
	c.mail, c.signed = m, true
	c.join(ticket, rule, sure, say.Text("It answers a message that we sent."))
	c.d.Answers, _ = messageOf(token)
	return true
}

// knownParents is rule 25: a message that is here, from the right. Such IDs are not signed, so they lead to a matter only for those who
// are parties or proved.
func (c *deliberation) knownParents() string {
	if c.forged {
		return "not asked, because a token is not ours"
	}
	for _, id := range c.m.Parents() {
		m, here := c.k.Mail[id]
		if _, token := TokenOf(id); !here || token && c.own(id) {
			continue
		}
		ticket, here := c.survivor(m.Ticket)
		if !here {
			continue
		}
		if sure := c.mayAnswer(m, ticket); sure > 0 {
			c.mail = m
			c.join(ticket, 25, sure, say.Text("It answers a message that is in this ticket."))
			if m.Ours {
				c.d.Answers = m.Message
			}
			return "known message"
		}
		if c.suspect == uuid.Nil {
			c.suspect = ticket
		}
	}
	if c.suspect != uuid.Nil {
		return "known message, unknown and unproved sender"
	}
	return "no message that is here"
}

// mayAnswer says how sure it is that the sender may answer a message without a token, 0 when he may not. Programs of others report on
// what we sent.
func (c *deliberation) mayAnswer(m Mail, ticket uuid.UUID) float64 {
	switch {
	case c.party(ticket) && !c.m.Disowned || c.organisation(ticket):
		return 0.9
	case c.m.Kind.answers() && m.Ours:
		return 0.8
	case c.m.Aligned:
		return 0.7
	}
	return 0
}

// stranger is the other half of rule 25: who neither may answer what he answers nor has a token is looked at by a person.
func (c *deliberation) stranger() string {
	if c.suspect == uuid.Nil {
		return ""
	}
	c.settle(Quarantine, 25, say.Text("Somebody who is not a party and not proved answers a message that is in this ticket."))
	c.disown()
	c.d.Ticket = c.suspect
	return "looked at by a person"
}

// answers says whether messages of a kind are answers by programs.
func (k Kind) answers() bool { return k == Automatic || k == Bounce || k == Receipt }

// party says whether the sender's address is a party's.
func (c *deliberation) party(ticket uuid.UUID) bool {
	from := address(c.m.From)
	return from != "" && slices.ContainsFunc(c.k.Tickets[ticket].Parties, func(p string) bool { return address(p) == from })
}

// organisation says whether the sender is proved to be of an organisation that is a party.
func (c *deliberation) organisation(ticket uuid.UUID) bool {
	of := domain(c.m.From)
	return c.m.Aligned && of != "" && slices.ContainsFunc(c.k.Tickets[ticket].Domains, func(d string) bool { return strings.EqualFold(d, of) })
}

// signedAddress is rule 26: a token in the address written to, or in the body, for programs that give messages other IDs. One that
// names a message of ours and does not open is forged; others may be of another house that works as we do.
func (c *deliberation) signedAddress() string {
	for _, token := range c.m.tokens() {
		if c.open(token, 26, 0.98) {
			return "signed by us"
		}
		c.forge(token)
	}
	return "no token that leads to a matter"
}

// forge notes a token that names a message of ours and was not made for it. The matter of that message is what it may be about.
func (c *deliberation) forge(token string) {
	m, here := c.sent(token)
	if !here || c.opens(token) {
		return
	}
	c.forged = true
	if ticket, here := c.survivor(m.Ticket); here && c.suspect == uuid.Nil {
		c.suspect = ticket
	}
}

// forgery is the other half of rule 24: what has the form of our tokens and is not signed by us is trusted in nothing else either.
func (c *deliberation) forgery() string {
	if !c.forged {
		return ""
	}
	c.settle(Quarantine, 24, say.Text("The message claims to answer one of ours, but the claim is forged."))
	c.d.Ticket = c.suspect
	return "forged token"
}

// subjectNumber is rule 27: a number in the subject, which everybody can write, leads to its matter when the sender is a party or
// proved to be of a party's organisation.
func (c *deliberation) subjectNumber() string {
	var first uuid.UUID
	for _, n := range c.m.Numbers[:min(len(c.m.Numbers), maxNumbers)] {
		id, here := c.k.Numbers[n]
		if !here {
			continue
		}
		ticket, here := c.survivor(id)
		if !here {
			continue
		}
		if party := c.party(ticket) && !c.m.Disowned; party || c.organisation(ticket) {
			sure := 0.9
			if !party || !c.m.Aligned {
				sure = 0.7
			}
			c.join(ticket, 27, sure, say.Text("The subject names this ticket, and the sender belongs to it."))
			return "number of a matter of the sender"
		}
		if first == uuid.Nil {
			first = ticket
		}
	}
	if first == uuid.Nil {
		return "no number of ours"
	}
	c.settle(Quarantine, 27, say.Text("The subject names a ticket to which the sender does not belong."))
	c.disown()
	c.d.Ticket = first
	return "number of a matter of others"
}

// disown gives as the reason of quarantine that the domain of the sender speaks against the message.
func (c *deliberation) disown() {
	if c.m.Disowned {
		c.d.Reason = say.Text("The domain of the sender asks not to believe messages in its name without proof, and this one has none.")
	}
}

// bodyNumbers is rule 28.
func (c *deliberation) bodyNumbers() string { return "numbers in bodies match nothing" }
