package workflow

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	letters "docket/workflow/letter"
	"docket/workflow/thread"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// A Teller works the jobs of a [Notifier]: it looks at what has happened on a ticket, writes it down for the person in their language, and
// puts that into the outbox. Whether they may see the ticket is asked now, not when it happened, and again when it is sent.
type Teller struct {
	river.WorkerDefaults[TellArgs]
	Notifier *Notifier
	Pool     *pgxpool.Pool
	Store    *repository.Store
	Site     string                            // URL of the pages, without a slash at its end
	Newest   func(page, subject string) string // what is new in a message, of the text of its first page; nil: nothing is shown of it
}

// Work tells one person what has happened on one ticket, unless that was told by the job before.
func (w *Teller) Work(ctx context.Context, job *river.Job[TellArgs]) error {
	return postgres.InTx(ctx, w.Pool, func(tx pgx.Tx) error { return w.tell(ctx, tx, job.Args) })
}

func (w *Teller) tell(ctx context.Context, tx pgx.Tx, a TellArgs) error {
	// One after the other for a person: their messages of the last hour are counted.
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('workflow.tell ' || $1::text, 0))", a.Person.String()); err != nil {
		return fmt.Errorf("wait for other messages to the same person: %w", err)
	}
	all, err := takeNotices(ctx, tx, a)
	if err != nil || len(all) == 0 {
		return err
	}
	out := w.Notifier.Outbox
	u, err := (&People{}).User(ctx, tx, a.Person)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t, err := out.Desk.Ticket(ctx, tx, u.Reader(), a.Ticket)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(h happening) bool { return !u.Tells(h.Kind) || h.Kind != ToldBounced && t.Owner != u.Name })
	last, over, err := w.allowance(ctx, tx, u)
	if err != nil || over || len(all) == 0 {
		return err
	}
	if trouble, err := out.suppressed(ctx, tx, []string{u.Email}); err != nil || trouble != "" {
		return err
	}
	return w.write(ctx, tx, u, t, all, last)
}

// takeNotices takes what somebody is to be told of about a ticket, in the order in which it happened. It waits no longer.
func takeNotices(ctx context.Context, tx pgx.Tx, a TellArgs) ([]happening, error) {
	rows, err := tx.Query(ctx, `delete from workflow.notice where person = $1 and ticket = $2 returning id, kind, by,
		coalesce(document, '00000000-0000-0000-0000-000000000000'), coalesce(note, '00000000-0000-0000-0000-000000000000'),
		coalesce(message, '00000000-0000-0000-0000-000000000000'), at`, a.Person, a.Ticket)
	if err != nil {
		return nil, fmt.Errorf("what to tell: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[happening])
	if err != nil {
		return nil, fmt.Errorf("what to tell: %w", err)
	}
	slices.SortFunc(all, func(a, b happening) int { return strings.Compare(a.ID.String(), b.ID.String()) })
	return all, nil
}

// allowance says whether a person gets no more messages in this hour, or only one.
func (w *Teller) allowance(ctx context.Context, tx pgx.Tx, u User) (last, over bool, err error) {
	var sent int
	err = tx.QueryRow(ctx, "select count(*) from workflow.outgoing where person = $1 and created_at > $2", u.ID, w.Notifier.Outbox.Desk.now().Add(-time.Hour)).Scan(&sent)
	if err != nil {
		return false, false, fmt.Errorf("count what %s was told: %w", u.Name, err)
	}
	most := cmp.Or(w.Notifier.PerHour, DefaultPerHour)
	if sent >= most {
		w.Notifier.Outbox.log().Warn("somebody is not told by e-mail: too much within an hour", "user", u.Name, "messages", sent)
	}
	return sent == most-1, sent >= most, nil
}

// write puts the message into the outbox. An answer to it goes to the customer only where it tells of nothing but messages of which it is
// known who sent them; whatever else is mixed with these makes it internal.
func (w *Teller) write(ctx context.Context, tx pgx.Tx, u User, t Ticket, all []happening, last bool) error {
	out := w.Notifier.Outbox
	facts, err := w.facts(ctx, tx, u, t, all)
	if err != nil {
		return err
	}
	channels, err := taxonomy.LoadChannels(ctx, tx)
	if err != nil {
		return err
	}
	m := Outgoing{Kind: Notice, By: journal.System("workflow"), Ticket: t.ID, Recipients: []string{u.Email}, State: Queued, NotBefore: out.Desk.now(), Person: u.ID, Internal: true}
	var written taxonomy.ChannelID
	if answers, ok := facts.answers(u); ok {
		m.Internal, m.Answers, written = false, answers.Document, answers.Channel
		facts.To = answers.Sender
	}
	c, ok := channels.Choose(written)
	if !ok {
		return nil
	}
	m.Channel, m.Address = c.ID, c.Address
	catalogue, err := out.Desk.plan.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	facts.Number, facts.Title, facts.House, facts.Last = t.Number, t.Title, c.Name, last
	facts.Page, facts.Settings = w.Site+"/tickets/"+t.Number, w.Site+"/settings"
	if m.Subject, m.Body, m.Language, err = letters.Notify(facts.Notification, out.Desk.calendar.zone(), u.Language, catalogue.Language); err != nil {
		return err
	}
	_, err = out.put(ctx, tx, t, m)
	return err
}

// notice is the notification as its token names it.
func (m Outgoing) notice() thread.Notice {
	return thread.Notice{Message: m.ID, Ticket: m.Ticket, Person: m.Person, Internal: m.Internal}
}
