package workflow

import (
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

	"github.com/google/uuid"
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
	most := w.Notifier.perHour()
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

// told are the facts of a notification, with the messages that it tells of.
type told struct {
	letters.Notification
	messages []Message
	only     bool // it tells of messages alone
}

// answers is the message that an answer to a notification answers.
func (f told) answers(u User) (Message, bool) {
	if !f.only || len(f.messages) == 0 || !u.Has(Agent) {
		return Message{}, false
	}
	m := f.messages[len(f.messages)-1]
	return m, !m.Warn && m.Sender != ""
}

// facts looks up what is told of each thing that has happened.
func (w *Teller) facts(ctx context.Context, tx pgx.Tx, u User, t Ticket, all []happening) (told, error) {
	f := told{only: true}
	s, err := w.sources(ctx, tx, u, all)
	if err != nil {
		return f, err
	}
	for _, h := range all {
		said := letters.Told{Kind: string(h.Kind), At: h.At, Who: s.titles[string(h.By)]}
		switch h.Kind {
		case ToldNoted:
			said.Text, f.only = s.notes[h.Note], false
		case ToldBounced:
			m := s.sent[h.Message]
			said.Address, said.Text, f.only = strings.Join(m.To(), ", "), m.Answer, false
		case ToldAnswered:
			m, mail := s.messages[h.Document]
			said.Who, said.Text = s.names[h.Document], s.texts[h.Document]
			if mail {
				said.Who, said.Unproved = firstOf(m.SenderName, m.Sender), m.Warn
				f.messages = append(f.messages, m)
			}
			f.only = f.only && mail
		default:
			f.only = false
		}
		f.Notification.Told = append(f.Notification.Told, said)
	}
	return f, nil
}

func firstOf(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

// sources is what was looked up about things that have happened, each kind in one query.
type sources struct {
	titles   map[string]string // of people, by name
	notes    map[uuid.UUID]string
	sent     map[uuid.UUID]Outgoing
	messages map[repository.DocumentID]Message
	texts    map[repository.DocumentID]string // what is new in them; of those that the person may see
	names    map[repository.DocumentID]string // of whoever wrote a letter
}

func (w *Teller) sources(ctx context.Context, tx pgx.Tx, u User, all []happening) (s sources, err error) {
	desk := w.Notifier.Outbox.Desk
	var documents, notes, sent []uuid.UUID
	var people []string
	for _, h := range all {
		documents, notes, sent = appendID(documents, h.Document), appendID(notes, h.Note), appendID(sent, h.Message)
		people = append(people, string(h.By))
	}
	if s.titles, err = pairs[string](ctx, tx, "select name, title from workflow.person where name = any($1)", people); err != nil {
		return s, err
	}
	if s.notes, err = pairs[uuid.UUID](ctx, tx, "select id, text from workflow.note where id = any($1)", notes); err != nil {
		return s, err
	}
	list, err := w.Notifier.Outbox.selectOutgoing(ctx, tx, "where o.id = any($2)", desk.now(), nonNil(sent))
	if err != nil {
		return s, err
	}
	s.sent = map[uuid.UUID]Outgoing{}
	for _, m := range list {
		s.sent[m.ID] = m
	}
	if s.messages, err = desk.Messages(ctx, tx, nonNil(documents)); err != nil {
		return s, err
	}
	return s, w.read(ctx, tx, u, documents, &s)
}

// read looks at what documents say, as far as the person may see them.
func (w *Teller) read(ctx context.Context, tx pgx.Tx, u User, documents []repository.DocumentID, s *sources) error {
	s.texts, s.names = map[repository.DocumentID]string{}, map[repository.DocumentID]string{}
	seen, err := u.Reader().Visible(ctx, tx, nonNil(documents))
	if err != nil || len(seen) == 0 {
		return err
	}
	pages, err := w.Store.Texts(ctx, tx, documents)
	if err != nil {
		return err
	}
	records, err := w.Notifier.Outbox.Desk.plan.Records(ctx, tx, documents)
	if err != nil {
		return err
	}
	for id := range seen {
		s.names[id] = records[id].PartyName
		if m, mail := s.messages[id]; mail && w.Newest != nil && len(pages[id]) > 0 {
			s.texts[id] = w.Newest(pages[id][0].Text, m.Subject)
		} else if !mail {
			s.texts[id] = records[id].Title
		}
	}
	return nil
}

func appendID(all []uuid.UUID, id uuid.UUID) []uuid.UUID {
	if id != uuid.Nil && !slices.Contains(all, id) {
		all = append(all, id)
	}
	return all
}

// pairs are the rows of a query with one value, by what stands first in them.
func pairs[K comparable](ctx context.Context, q postgres.Querier, sql string, values []K) (map[K]string, error) {
	all := map[K]string{}
	rows, err := q.Query(ctx, sql, nonNil(values))
	if err != nil {
		return nil, fmt.Errorf("what to tell: %w", err)
	}
	var key K
	var value string
	if _, err := pgx.ForEachRow(rows, []any{&key, &value}, func() error { all[key] = value; return nil }); err != nil {
		return nil, fmt.Errorf("what to tell: %w", err)
	}
	return all, nil
}

// notice is the notification as its token names it.
func (m Outgoing) notice() thread.Notice {
	return thread.Notice{Message: m.ID, Ticket: m.Ticket, Person: m.Person, Internal: m.Internal}
}
