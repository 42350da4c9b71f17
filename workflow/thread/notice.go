package thread

import (
	"slices"
	"time"

	"docket/repository/say"

	"github.com/google/uuid"
)

// A Notice is a message by which one of us was told of something, as it stands now.
type Notice struct {
	Message  uuid.UUID
	Ticket   uuid.UUID
	Person   uuid.UUID
	Internal bool   // an answer to it stays with us; else it is for the customer whose message it told of
	Name     string // what others call the person
	Address  string // the person's, today
	Active   bool   // they may sign in
	May      bool   // they may see the ticket, and answer in the way that the notice asks for
}

// NoticeLife is how long a notification can be answered.
const NoticeLife = 30 * 24 * time.Hour

// NoticeToken makes the token of a notification: as long as a reply token, and of another mark. It names the message; its MAC holds the
// ticket, the person and whether an answer is internal, so that none of the three can be changed by whoever has it.
func (k Keys) NoticeToken(n Notice) string {
	return encode(noticeMark, n.Message, n.mac(k.secrets[0]))
}

func (n Notice) mac(secret []byte) []byte {
	kind := "customer"
	if n.Internal {
		kind = "internal"
	}
	return macOf(secret, "docket notification token 1", string(n.Ticket[:]), string(n.Message[:]), string(n.Person[:]), kind)
}

// OpenNotice says whether a token was made here for a notification. All keys are tried, in constant time each.
func (k Keys) OpenNotice(token string, n Notice) bool {
	raw, ok := decode(noticeMark, token)
	return ok && uuid.UUID(raw[:16]) == n.Message && k.made(raw, n.mac)
}

// noticeOf is the ID of the notification that a token names. It proves nothing.
func noticeOf(token string) (message uuid.UUID, ok bool) {
	raw, ok := decode(noticeMark, token)
	if ok {
		message = uuid.UUID(raw[:16])
	}
	return message, ok
}

// madeAt is when an ID of the seventh version was made, which the MAC holds with the ID. ok is false for any other.
func madeAt(id uuid.UUID) (at time.Time, ok bool) {
	if id.Version() != 7 {
		return at, false
	}
	return time.Unix(id.Time().UnixTime()), true
}

// noticeTokens are the tokens of notifications in a message: of what it answers, then of the addresses and the body.
func (m Message) noticeTokens() (all []string) {
	for _, id := range m.Parents() {
		if t, ok := tokenOf(noticeMark, id); ok {
			all = append(all, t)
		}
	}
	for _, t := range m.tokens() {
		if _, ok := noticeOf(t); ok && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all[:min(len(all), maxMarkers)]
}

// notification is rule 37: one of us answers what told them of something. Whoever else does, and whoever may not any more, is looked at by
// a person, and no other rule is asked: what leads to a notification leads nowhere else.
func (c *deliberation) notification() string {
	tokens := c.m.noticeTokens()
	if len(tokens) == 0 {
		return "no notification"
	}
	for _, t := range tokens {
		id, _ := noticeOf(t)
		if n, here := c.k.Notices[id]; here && c.k.Keys.OpenNotice(t, n) {
			return c.told(n)
		}
	}
	for _, t := range tokens {
		id, _ := noticeOf(t)
		if n, here := c.k.Notices[id]; here {
			c.settle(Quarantine, 37, say.Text("The message claims to answer a notification of ours, but the claim is forged."))
			c.d.Ticket = n.Ticket
			return "forged token of a notification"
		}
	}
	c.settle(Quarantine, 37, say.Text("The message claims to answer one of ours that is not here."))
	return "token of a notification that is not here"
}

// told decides about an answer to a notification that we signed.
func (c *deliberation) told(n Notice) string {
	c.d.Ticket, c.d.Notice = n.Ticket, n.Message
	if c.m.Kind != Person {
		c.settle(Drop, 37, say.Text("A program answered a notification, so it is filed and nothing follows."))
		return "a program's answer to a notification"
	}
	if reason, result := c.mayNot(n); reason != "" {
		c.settle(Quarantine, 37, reason)
		return result
	}
	if n.Internal {
		c.settle(Told, 37, say.Text("Answer of %+s to a notification: it is a note.", n.Name))
	} else {
		c.settle(Told, 37, say.Text("Answer of %+s to a notification: it goes to the customer.", n.Name))
	}
	c.d.Sure = 1
	return "answer of one of us to a notification"
}

// mayNot says why an answer to a notification is none that we follow, and in words for the trace; nothing when it is one.
func (c *deliberation) mayNot(n Notice) (reason, result string) {
	made, ok := madeAt(n.Message)
	from := address(c.m.From)
	switch {
	case !ok || c.now.Sub(made) > NoticeLife:
		return say.Text("The message answers a notification of more than %d days ago.", int(NoticeLife.Hours()/24)), "the notification is too old"
	case from == "" || from != address(n.Address):
		return say.Text("The message answers a notification that was for %s, and comes from another address.", n.Name), "another sender"
	case !c.m.Aligned:
		return say.Text("The message answers a notification that was for %s, and nothing proves that they sent it.", n.Name), "sender not proved"
	case !n.Active:
		return say.Text("The message answers a notification that was for %+s, who may not sign in any more.", n.Name), "an inactive account"
	case !n.May:
		return say.Text("The message answers a notification that was for %+s, who may not work on the ticket any more.", n.Name), "no access to the ticket any more"
	}
	return "", ""
}
