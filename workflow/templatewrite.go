package workflow

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/postgres"
	"docket/taxonomy"
	letters "docket/workflow/letter"

	"github.com/google/uuid"
)

// Written is what a template says of a ticket.
type Written struct {
	Subject, Text string
	Language      string // of the text
	Wanted        string // the customer's language, where there is no text in it; else empty
}

// WriteTemplate fills in what is known of a ticket, for a user who answers a message of it, or none. The text is in the language asked
// for, else in the customer's, the channel's, the house's, or the first there is. A mistake in the template is a fault of kind Invalid.
func (d *Desk) WriteTemplate(ctx context.Context, q postgres.Querier, by User, t Ticket, answers repository.DocumentID, template Template, language string) (Written, error) {
	var w Written
	answered, _, err := d.messageOf(ctx, q, t, answers)
	if err != nil {
		return w, err
	}
	channels, err := taxonomy.LoadChannels(ctx, q)
	if err != nil {
		return w, err
	}
	catalogue, err := d.plan.Catalogue(ctx, q)
	if err != nil {
		return w, err
	}
	known, err := writesFor(ctx, q, t, answered)
	if err != nil {
		return w, err
	}
	channel, _ := channels.Choose(answered.Channel)
	languages := slices.DeleteFunc([]string{language, t.Language, channel.Language, catalogue.Language}, func(l string) bool { return l == "" })
	text, in, _ := template.In(languages...)
	if w.Language = in; len(languages) > 0 && languages[0] != in {
		w.Wanted = languages[0]
	}
	parsed, err := letters.NewTemplate(in, text.Subject, text.Body)
	if err != nil {
		return w, err
	}
	w.Subject, w.Text, err = parsed.Render(replyFacts(t, answered, known, channel, by, d.now()), d.calendar.zone())
	return w, err
}

// messageOf gives a message of a ticket; nothing when it is none of it.
func (d *Desk) messageOf(ctx context.Context, q postgres.Querier, t Ticket, id repository.DocumentID) (m Message, ok bool, err error) {
	if id == uuid.Nil {
		return m, false, nil
	}
	if m, ok, err = d.message(ctx, q, id); err != nil || !ok || m.Ticket != t.ID {
		return Message{}, false, err
	}
	return m, true, nil
}

// writesFor says whether a message comes from an address of the ticket's party. No message at all is as if it did.
func writesFor(ctx context.Context, q postgres.Querier, t Ticket, m Message) (known bool, err error) {
	if m.Sender == "" {
		return true, nil
	}
	err = q.QueryRow(ctx, "select exists (select from taxonomy.contact where party = $1 and kind = 'email' and value = $2)", t.Party, m.Sender).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("whose address wrote for ticket %s: %w", t.Number, err)
	}
	return known, nil
}

// replyFacts are what is known for an answer: of the message that is answered, else of the ticket. Somebody else than the party is not
// called by its name. A day that has passed is no promise.
func replyFacts(t Ticket, m Message, party bool, c taxonomy.Channel, by User, now time.Time) letters.Facts {
	f := letters.Facts{Number: t.Number, Title: t.Title, House: c.Name, Agent: by.Title, Today: now, At: t.ReceivedAt, Received: m.Received}
	if f.Agent == "" {
		f.Agent = by.Name
	}
	if f.Name = addressable(m.SenderName); f.Name == "" && party {
		f.Name = t.PartyName
	}
	if !m.At.IsZero() {
		f.At = m.At
	}
	if !t.Overdue(now) {
		f.Due = t.DueAt
	}
	return f
}

// addressable is a sender's name, but for what is no name: an advertisement that we would be made to carry.
func addressable(name string) string {
	if strings.ContainsAny(name, "/@") {
		return ""
	}
	return name
}

// gap is what a template leaves for a person to write: [… what is missing].
var gap = regexp.MustCompile(`\[… [^\[\]\n]+\]`)

// Gap gives the first gap of a text that is still to be filled, empty when there is none. What is quoted counts for nothing.
func Gap(text string) string {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, ">") {
			if g := gap.FindString(line); g != "" {
				return g
			}
		}
	}
	return ""
}
