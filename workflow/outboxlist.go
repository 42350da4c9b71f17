package workflow

import (
	"context"
	"fmt"
	"strings"

	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// An OutgoingFilter says which messages a list shows. The zero filter shows all that the reader may see.
type OutgoingFilter struct {
	State  OutgoingState
	Kind   OutgoingKind // empty: all but Notice
	Ticket TicketID
	After  uuid.UUID // where the page before ended, Nil for the first page
	Limit  int       // 0 means 50
}

// One that can no longer be called back is on its way, whether or not its job has begun: $1 is the time now.
const outgoingState = "case when o.state = 'held' and o.not_before <= $1 then 'queued' else o.state end"

const outgoingColumns = `o.id, o.kind, o.ticket, t.number, o.channel, c.address, coalesce(o.answers, '00000000-0000-0000-0000-000000000000'), o.parents,
	o.recipients, o.copies, o.subject, o.body, o.language, o.attachments, ` + outgoingState + `, o.not_before, o.attempts, o.answer, o.trouble,
	coalesce(o.sent_at, '0001-01-01 00:00:00+00'), coalesce(o.bounced_at, '0001-01-01 00:00:00+00'),
	coalesce(o.resend_of, '00000000-0000-0000-0000-000000000000'), o.by, o.created_at,
	exists (select from workflow.message m where m.document = o.id), coalesce(o.person, '00000000-0000-0000-0000-000000000000'), o.internal`

const outgoingTables = "workflow.outgoing o join workflow.ticket t on t.id = o.ticket join taxonomy.channel c on c.id = o.channel"

// selectOutgoing reads messages; the first value is the time now.
func (o *Outbox) selectOutgoing(ctx context.Context, q postgres.Querier, rest string, args ...any) ([]Outgoing, error) {
	rows, err := q.Query(ctx, "select "+outgoingColumns+" from "+outgoingTables+" "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Outgoing])
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	for i := range all {
		if m := &all[i]; !o.Ready && m.State == Queued && m.Trouble == "" {
			m.Trouble = say.Text("Sending is not set up: the message waits until an administrator has named a mail server that takes it.")
		}
	}
	return all, nil
}

// List gives messages whose ticket the reader may see, the newest first, page by page by key: After is the last one's ID.
func (o *Outbox) List(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, f OutgoingFilter) ([]Outgoing, error) {
	w := o.conditions(reader, f)
	if f.After != uuid.Nil {
		w.add("o.id < ?", f.After)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return o.selectOutgoing(ctx, q, fmt.Sprintf("where %s order by o.id desc limit %d", w, f.Limit), w.args...)
}

func (o *Outbox) conditions(reader taxonomy.Reader, f OutgoingFilter) *where {
	access, tokens := reader.Where("t.readers", 2)
	w := &where{parts: []string{access}, args: []any{o.Desk.now(), tokens}}
	switch f.State {
	case Held:
		w.add("o.state = 'held' and o.not_before > $1")
	case Queued:
		w.add("(o.state = 'queued' or o.state = 'held' and o.not_before <= $1)")
	default:
		w.equal("o.state", string(f.State))
		w.add("$1::timestamptz is not null") // every value has its place
	}
	if w.equal("o.kind", string(f.Kind)); f.Kind == "" {
		w.add("o.kind <> 'notice'")
	}
	if f.Ticket != uuid.Nil {
		w.add("o.ticket = ?", f.Ticket)
	}
	return w
}

// Find gives one message. One whose ticket the reader may not see does not exist for them.
func (o *Outbox) Find(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, id uuid.UUID) (Outgoing, error) {
	access, tokens := reader.Where("t.readers", 3)
	return o.one(ctx, q, "where o.id = $2 and "+access, o.Desk.now(), id, tokens)
}

// lock reads a message and keeps others from changing it until the transaction ends.
func (o *Outbox) lock(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Outgoing, error) {
	return o.one(ctx, tx, "where o.id = $2 for update of o", o.Desk.now(), id)
}

func (o *Outbox) one(ctx context.Context, q postgres.Querier, rest string, args ...any) (Outgoing, error) {
	all, err := o.selectOutgoing(ctx, q, rest, args...)
	if err == nil && len(all) == 0 {
		err = fault.New(fault.NotFound, "This message does not exist.")
	}
	if err != nil {
		return Outgoing{}, err
	}
	return all[0], nil
}

// OutgoingCounts are numbers of messages by state, of those whose ticket a reader may see.
type OutgoingCounts map[OutgoingState]int

// mostCounted is where counting of one state ends: nobody needs to know whether 100,000 or 200,000 were sent.
const mostCounted = 1000

// Counts counts what is on its way and what did not arrive, without notices: all states but Sent and Cancelled, of each up to 1,000.
func (o *Outbox) Counts(ctx context.Context, q postgres.Querier, reader taxonomy.Reader) (OutgoingCounts, error) {
	access, tokens := reader.Where("t.readers", 2)
	var parts []string
	for _, s := range []OutgoingState{Held, Queued, Failed, Bounced} {
		parts = append(parts, fmt.Sprintf(`(select %s as state from workflow.outgoing o join workflow.ticket t on t.id = o.ticket
			where o.state = '%s' and o.kind <> 'notice' and %s limit %d)`, outgoingState, s, access, mostCounted))
	}
	rows, err := q.Query(ctx, "select state, count(*)::int from ("+strings.Join(parts, " union all ")+") s group by state", o.Desk.now(), tokens)
	if err != nil {
		return nil, fmt.Errorf("count the outbox: %w", err)
	}
	counts := OutgoingCounts{}
	var state OutgoingState
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error { counts[state] = n; return nil })
	if err != nil {
		return nil, fmt.Errorf("count the outbox: %w", err)
	}
	return counts, nil
}
