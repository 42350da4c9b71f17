package workflow

import (
	"context"
	"testing"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Suppressed addresses are found by a part of them, page by page, with the message that showed them to whoever may see its ticket.
func TestSuppressedAddressesAreListed(t *testing.T) {
	r := openWritingRoom(t)
	m, err := r.queue(r.reply())
	if err != nil {
		t.Fatal(err)
	}
	r.Exec("insert into workflow.suppressed (address, reason, message, at) values ('eva@bank.example', '550 no such user', $1, $3), ('a_b@law.example', '', null, $3), ('axb@law.example', '', $2, $3)", m.ID, m.ID, now)
	r.Exec("update workflow.ticket set readers = '{role:agent}'")
	list := func(reader taxonomy.Reader, f SuppressionFilter) (all []Suppression) {
		t.Helper()
		all, err := r.out.Suppressions(t.Context(), r.Pool, reader, f)
		if err != nil {
			t.Fatal(err)
		}
		for i := range all {
			all[i].At = all[i].At.UTC()
		}
		return all
	}
	eva := Suppression{Address: "eva@bank.example", Reason: "550 no such user", Message: m.ID, At: now, Subject: "Re: The sofa", TicketNumber: r.ticket.Number}
	if diff := cmp.Diff([]Suppression{eva}, list(r.agent.Reader(), SuppressionFilter{Text: " EVA@"})); diff != "" {
		t.Error(diff)
	}
	eva.Subject, eva.TicketNumber = "", ""
	if diff := cmp.Diff([]Suppression{eva}, list(r.clerk.Reader(), SuppressionFilter{Text: "bank"})); diff != "" {
		t.Errorf("who may not see the ticket: %s", diff)
	}
	if all := list(r.agent.Reader(), SuppressionFilter{Text: "a_b"}); len(all) != 1 || all[0].Message != uuid.Nil {
		t.Errorf("an underscore stands for itself: %+v", all)
	}
	if all := list(r.agent.Reader(), SuppressionFilter{After: "a_b@law.example", Limit: 1}); len(all) != 1 || all[0].Address != "axb@law.example" {
		t.Errorf("the second page: %+v", all)
	}
}

// Whoever lets an address be written to again says why, and the journal keeps it.
func TestAnAddressIsRestoredForAReason(t *testing.T) {
	r := openWritingRoom(t)
	r.Exec("insert into workflow.suppressed (address, reason) values ('eva@bank.example', 'gone')")
	restore := func(by User, reason string) error {
		return r.Try(func(ctx context.Context, tx pgx.Tx) error {
			return r.out.Restore(ctx, tx, by, "Eva@bank.example", reason)
		})
	}
	if err := restore(r.agent, " \n"); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if err := restore(r.clerk, "why not"); !fault.Is(err, fault.Denied) {
		t.Errorf("by the mailroom: %v", err)
	}
	if err := restore(r.agent, "She rang: the mailbox is there again."); err != nil {
		t.Error(err)
	}
	events, err := journal.BySubject(t.Context(), r.Pool, uuid.Nil, 0)
	if err != nil || len(events) != 1 || events[0].Verb != AddressRestored || events[0].Detail["reason"] != "She rang: the mailbox is there again." {
		t.Errorf("%+v %v", events, err)
	}
}
