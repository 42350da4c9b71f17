package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Suppression is an address that nothing is sent to until somebody changes it.
type Suppression struct {
	Address      string    // in small letters
	Reason       string    // a sentence, or the other server's
	Message      uuid.UUID // of ours that came back, Nil for none
	At           time.Time
	Subject      string // of that message; this and what follows is empty where the reader may not see its ticket
	TicketNumber string
	Stored       bool // the message is a document
}

// A SuppressionFilter says which addresses a list shows. The zero filter shows all.
type SuppressionFilter struct {
	Text  string // stands in the address
	After string // the last address of the page before, empty for the first page
	Limit int    // 0 means 50
}

// Suppressions gives suppressed addresses in their order, page by page by key, with the message that showed each.
func (o *Outbox) Suppressions(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, f SuppressionFilter) ([]Suppression, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	access, tokens := reader.Where("t.readers", 1)
	rows, err := q.Query(ctx, `select s.address, s.reason, coalesce(s.message, '00000000-0000-0000-0000-000000000000'), s.at, coalesce(o.subject, ''),
			coalesce(t.number, ''), t.id is not null and exists (select from workflow.message m where m.document = s.message)
		from workflow.suppressed s left join (workflow.outgoing o join workflow.ticket t on t.id = o.ticket and `+access+`) on o.id = s.message
		where strpos(s.address, $2) > 0 and s.address > $3 order by s.address limit $4`, tokens, strings.ToLower(strings.TrimSpace(f.Text)), f.After, f.Limit)
	if err != nil {
		return nil, fmt.Errorf("suppressed addresses: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Suppression])
}

// Suppressed gives those of some addresses that are suppressed, by address in small letters.
func (o *Outbox) Suppressed(ctx context.Context, q postgres.Querier, addresses []string) (map[string]Suppression, error) {
	lower := make([]string, len(addresses))
	for i, a := range addresses {
		lower[i] = strings.ToLower(strings.TrimSpace(a))
	}
	rows, err := q.Query(ctx, `select address, reason, coalesce(message, '00000000-0000-0000-0000-000000000000'), at
		from workflow.suppressed where address = any($1)`, lower)
	if err != nil {
		return nil, fmt.Errorf("suppressed addresses: %w", err)
	}
	all := map[string]Suppression{}
	var s Suppression
	_, err = pgx.ForEachRow(rows, []any{&s.Address, &s.Reason, &s.Message, &s.At}, func() error { all[s.Address] = s; return nil })
	if err != nil {
		return nil, fmt.Errorf("suppressed addresses: %w", err)
	}
	return all, nil
}

// suppressed says in a sentence that one of some addresses is suppressed, nothing when none is.
func (o *Outbox) suppressed(ctx context.Context, q postgres.Querier, addresses []string) (string, error) {
	found, err := o.Suppressed(ctx, q, addresses)
	if err != nil {
		return "", err
	}
	for _, a := range addresses {
		if _, is := found[strings.ToLower(a)]; is {
			return say.Text("Mail to %s has come back before, so nothing was sent. Use the postal address, or correct the address.", a), nil
		}
	}
	return "", nil
}

// suppress keeps anything from being sent to an address. It says whether that is new.
func (o *Outbox) suppress(ctx context.Context, tx pgx.Tx, by journal.Actor, address, reason string, message uuid.UUID) (bool, error) {
	address = strings.ToLower(address)
	tag, err := tx.Exec(ctx, `insert into workflow.suppressed (address, reason, message, at)
		values ($1, $2, nullif($3, '00000000-0000-0000-0000-000000000000'::uuid), $4) on conflict do nothing`, address, reason, message, o.Desk.now())
	if err != nil {
		return false, fmt.Errorf("suppress an address: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return false, nil
	}
	_, err = o.Desk.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: AddressSuppressed, Subject: journal.Subject{Kind: "address", ID: message},
		Detail: map[string]any{"address": address, "reason": reason}})
	return true, err
}

// maxRestoreReason is the longest reason that is given for writing to an address again, in bytes.
const maxRestoreReason = 1000

// Restore lets an address be written to again because a person says so, and why: an agent, or whose own address it is. One that is not
// suppressed is a fault of kind NotFound.
func (o *Outbox) Restore(ctx context.Context, tx pgx.Tx, by User, address, reason string) error {
	if !by.Has(Agent) && (by.Email == "" || !strings.EqualFold(by.Email, address)) {
		return fault.New(fault.Denied, "Your role does not allow you to answer customers.")
	}
	if reason = strings.Join(strings.Fields(reason), " "); reason == "" || len(reason) > maxRestoreReason {
		return fault.New(fault.Invalid, "Say in at most %d characters why mail may be sent there again. Nothing was changed.", maxRestoreReason)
	}
	address = strings.ToLower(strings.TrimSpace(address))
	var message uuid.UUID
	err := tx.QueryRow(ctx, `delete from workflow.suppressed where address = $1
		returning coalesce(message, '00000000-0000-0000-0000-000000000000')`, address).Scan(&message)
	if err := postgres.Missing(err, "Nothing keeps mail from %s.", address); err != nil {
		return err
	}
	_, err = o.Desk.journal.Append(ctx, tx, journal.Event{Actor: by.Actor(), Verb: AddressRestored, Subject: journal.Subject{Kind: "address", ID: message},
		Detail: map[string]any{"address": address, "reason": reason}})
	return err
}
