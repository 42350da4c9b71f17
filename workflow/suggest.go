package workflow

import (
	"context"
	"strings"

	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"
)

// A Suggestion is what would become of a document if it were filed now.
type Suggestion struct {
	Ticket Ticket // the one that it would join; zero when there is none
	How    string // why that one
	Ask    bool   // it names the ticket, but comes from somebody else: a person would be asked
	Opens  string // the process that would open a new ticket; empty when none would
}

// Suggest says by the rules of Accept where a record that is not filed yet would go. It changes nothing, and what is filed
// meanwhile may change the answer.
func (d *Desk) Suggest(ctx context.Context, q postgres.Querier, r taxonomy.Record) (Suggestion, error) {
	if number := strings.ToUpper(strings.TrimSpace(r.Values.Get(taxonomy.TicketNumber))); taxonomy.ValidNumber(number) {
		t, err := d.ByNumber(ctx, q, taxonomy.Root, number)
		if err == nil {
			return Suggestion{Ticket: t, How: say.Text("it names the ticket's number"), Ask: !sameParty(t, r)}, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return Suggestion{}, err
		}
	}
	c, err := d.plan.Catalogue(ctx, q)
	if err != nil {
		return Suggestion{}, err
	}
	class, ok := c.Class(r.Class)
	if !ok || class.Process == "" {
		return Suggestion{}, nil
	}
	t, how, found, err := d.openTicketOf(ctx, q, r, class.Process)
	if err != nil || !found {
		return Suggestion{Opens: class.Process}, err
	}
	full, err := d.ByNumber(ctx, q, taxonomy.Root, t.Number)
	return Suggestion{Ticket: full, How: how}, err
}
