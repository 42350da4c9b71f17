package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// maxLetter is the longest text that is sent, in bytes.
const maxLetter = 200_000

// Queue puts a user's reply into the outbox. It can be called back until NotBefore. What is missing is filled in from the message that it
// answers and from the ticket. What cannot be sent is a fault of kind Invalid with a sentence, and nothing is kept; a reply to an address
// that is suppressed is kept as Failed, and a task asks for a letter by post.
func (o *Outbox) Queue(ctx context.Context, tx pgx.Tx, by User, m Outgoing) (Outgoing, error) {
	return o.queue(ctx, tx, by, m)
}

// queue is Queue, with documents that the user brings along, which are theirs to send whether or not they are filed.
func (o *Outbox) queue(ctx context.Context, tx pgx.Tx, by User, m Outgoing, brought ...repository.DocumentID) (Outgoing, error) {
	if !by.Has(Agent) {
		return m, fault.New(fault.Denied, "Your role does not allow you to answer customers.")
	}
	t, err := o.Desk.Ticket(ctx, tx, by.Reader(), m.Ticket)
	if err != nil {
		return m, err
	}
	m.Kind, m.By, m.State, m.NotBefore = Reply, by.Actor(), Held, o.Desk.now().Add(cmp.Or(o.Undo, DefaultUndo))
	if err := o.complete(ctx, tx, t, &m); err != nil {
		return m, err
	}
	if err := o.check(ctx, tx, by.Reader(), &m, brought...); err != nil {
		return m, err
	}
	if m.Trouble, err = o.suppressed(ctx, tx, m.To()); err != nil {
		return m, err
	}
	if m.Trouble != "" {
		m.State = Failed
	}
	return o.put(ctx, tx, t, m)
}

// To are all who get a message.
func (m Outgoing) To() []string { return slices.Concat(m.Recipients, m.Copies) }

// put writes the row, tells its ticket's story, and has it sent when its time comes.
func (o *Outbox) put(ctx context.Context, tx pgx.Tx, t Ticket, m Outgoing) (Outgoing, error) {
	m.ID, m.CreatedAt, m.TicketNumber = uuid.Must(uuid.NewV7()), o.Desk.now(), t.Number
	_, err := tx.Exec(ctx, `insert into workflow.outgoing (id, kind, ticket, channel, answers, parents, recipients, copies, subject, body, language,
			attachments, digest, state, not_before, trouble, resend_of, by, created_at, person, internal)
		values ($1, $2, $3, $4, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
			nullif($17, '00000000-0000-0000-0000-000000000000'::uuid), $18, $19, nullif($20, '00000000-0000-0000-0000-000000000000'::uuid), $21)`,
		m.ID, m.Kind, m.Ticket, m.Channel, m.Answers, postgres.Array(m.Parents), m.Recipients, postgres.Array(m.Copies), m.Subject, m.Body, m.Language,
		postgres.Array(m.Attachments), m.digest(), m.State, m.NotBefore, m.Trouble, m.ResendOf, m.By, m.CreatedAt,
		m.Person, m.Internal)
	if err != nil {
		return m, fmt.Errorf("queue a message: %w", err)
	}
	if m.State == Failed {
		return m, o.failed(ctx, tx, m.By, t, m)
	}
	if m.Kind == Reply {
		if _, err := tx.Exec(ctx, "update workflow.ticket set active_at = greatest(active_at, $2) where id = $1", t.ID, m.CreatedAt); err != nil {
			return m, fmt.Errorf("queue a message: %w", err)
		}
	}
	if m.Kind == Notice { // its ticket tells of it once it is sent
		_, err = o.Jobs.InsertTx(ctx, tx, SendArgs{m.ID}, nil)
		return m, err
	}
	more := map[string]any{}
	if m.ResendOf != uuid.Nil {
		more["resend_of"] = m.ResendOf
	}
	if err := o.said(ctx, tx, m.By, MessageQueued, m, more); err != nil {
		return m, err
	}
	_, err = o.Jobs.InsertTx(ctx, tx, SendArgs{m.ID}, &river.InsertOpts{ScheduledAt: m.NotBefore})
	return m, err
}

// Resume has everything sent that waits and has no job any more, and says how much that was: a process that is killed in the last of its
// attempts leaves such. It is called before jobs are worked.
func (o *Outbox) Resume(ctx context.Context, tx pgx.Tx) (int, error) {
	rows, err := tx.Query(ctx, `select o.id from workflow.outgoing o where o.state in ('held', 'queued') and not exists (select from `+postgres.RiverSchema+`.river_job j
		where j.kind = $1 and j.args->>'message' = o.id::text and j.state not in ('completed', 'cancelled', 'discarded')) order by o.id`, SendArgs{}.Kind())
	if err != nil {
		return 0, fmt.Errorf("what waits in the outbox: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return 0, fmt.Errorf("what waits in the outbox: %w", err)
	}
	for _, id := range ids {
		if _, err := o.Jobs.InsertTx(ctx, tx, SendArgs{id}, nil); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// failed tells the ticket's story that a message will not arrive, and asks for a letter by post in place of a reply.
func (o *Outbox) failed(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, m Outgoing) error {
	if err := o.said(ctx, tx, by, MessageFailed, m, map[string]any{"reason": m.Trouble}); err != nil {
		return err
	}
	if m.Kind.Automatic() {
		return nil
	}
	return o.askForPost(ctx, tx, t, m, m.Trouble)
}

// askForPost raises the task that somebody writes by post. A ticket has one at a time.
func (o *Outbox) askForPost(ctx context.Context, tx pgx.Tx, t Ticket, m Outgoing, why string) error {
	var asked bool
	err := tx.QueryRow(ctx, "select exists (select from workflow.task where kind = $1 and ticket = $2 and done_at is null)", UsePost, t.ID).Scan(&asked)
	if err != nil {
		return fmt.Errorf("task to use the post: %w", err)
	}
	if asked {
		return nil
	}
	task := Task{Kind: UsePost, Ticket: t.ID, Team: t.Team, Assignee: t.Owner, Reason: why}
	if m.Stored {
		task.Document = m.ID
	}
	_, err = o.Desk.RaiseTask(ctx, tx, journal.System("workflow"), task)
	return err
}

// complete fills in what a message leaves open.
func (o *Outbox) complete(ctx context.Context, tx pgx.Tx, t Ticket, m *Outgoing) error {
	answered, err := answeredMessage(ctx, tx, m.Answers)
	if err != nil {
		return err
	}
	if m.Answers != uuid.Nil && answered.ticket != t.ID {
		m.Answers, answered = uuid.Nil, answeredMail{}
	}
	if m.Parents == nil {
		m.Parents = answered.parents
	}
	channels, err := taxonomy.LoadChannels(ctx, tx)
	if err != nil {
		return err
	}
	c, ok := channels.Choose(m.Channel, answered.channel)
	if !ok {
		return fault.New(fault.Conflict, "There is no address of ours to send from: no channel is in use. Nothing was sent.")
	}
	m.Channel, m.Address = c.ID, c.Address
	m.Language = cmp.Or(m.Language, t.Language, c.Language)
	m.Subject = cmp.Or(strings.Join(strings.Fields(m.Subject), " "), answerTo(answered.subject), t.Title)
	return nil
}

// check brings a message into its form and says what keeps it from being sent.
func (o *Outbox) check(ctx context.Context, tx pgx.Tx, reader taxonomy.Reader, m *Outgoing, brought ...repository.DocumentID) error {
	channels, err := taxonomy.LoadChannels(ctx, tx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, some := range []*[]string{&m.Recipients, &m.Copies} {
		if *some, err = cleanAddresses(*some, seen); err != nil {
			return err
		}
	}
	for _, a := range m.To() {
		if channels.Owns(a) {
			return fault.New(fault.Invalid, "%s is an address of our own. Write a note for colleagues instead. Nothing was sent.", a)
		}
	}
	switch n := len(m.To()); {
	case len(m.Recipients) == 0:
		return fault.New(fault.Invalid, "Say whom it is for: there is no address. Nothing was sent.")
	case n > maxRecipients:
		return fault.New(fault.Invalid, "There are %d addresses; a message goes to %d at most. Nothing was sent.", n, maxRecipients)
	case strings.TrimSpace(m.Body) == "":
		return fault.New(fault.Invalid, "The message is empty. Nothing was sent.")
	case m.Kind == Reply && Gap(m.Body) != "":
		return fault.New(fault.Invalid, "“%s” in the text is still to be filled in. Nothing was sent.", Gap(m.Body))
	case len(m.Body) > maxLetter || len(m.Subject) > 1000:
		return fault.New(fault.TooLarge, "The text is too long: %d characters at most. Attach the rest as a file. Nothing was sent.", maxLetter)
	}
	return o.checkAttached(ctx, tx, reader, m.Attachments, brought)
}

// checkAttached says whether documents may be sent: whoever sends them must be allowed to see them, or have brought them.
func (o *Outbox) checkAttached(ctx context.Context, tx pgx.Tx, reader taxonomy.Reader, ids, brought []repository.DocumentID) error {
	if len(ids) == 0 {
		return nil
	}
	seen, err := reader.Visible(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !seen[id] && !slices.Contains(brought, id) {
			return fault.New(fault.NotFound, "One of the attachments does not exist. Nothing was sent.")
		}
	}
	var size int64
	err = tx.QueryRow(ctx, `select coalesce(sum(v.size), 0)::bigint from repository.document d
		join repository.version v on v.document = d.id and v.number = d.latest where d.id = any($1)`, ids).Scan(&size)
	if err != nil {
		return fmt.Errorf("size of attachments: %w", err)
	}
	if most := cmp.Or(o.MaxAttached, DefaultMaxAttached); size > most {
		return fault.New(fault.TooLarge, "The attachments have %s together; %s can be sent. Send fewer of them, or use the post. Nothing was sent.", megabytes(size), megabytes(most))
	}
	return nil
}

func megabytes(n int64) string { return say.Text("%.1f MB", float64(n)/(1<<20)) }

// An answeredMail is what an answer needs of the message that it answers.
type answeredMail struct {
	ticket  TicketID
	channel taxonomy.ChannelID
	subject string
	parents []string // with itself, the nearest first
}

// answeredMessage gives the message of a document; nothing when it is none.
func answeredMessage(ctx context.Context, tx pgx.Tx, id repository.DocumentID) (a answeredMail, err error) {
	if id == uuid.Nil {
		return a, nil
	}
	err = tx.QueryRow(ctx, `select coalesce(ticket, '00000000-0000-0000-0000-000000000000'), coalesce(channel, '00000000-0000-0000-0000-000000000000'),
			subject, array[message_id] || parents from workflow.message where document = $1`, id).Scan(&a.ticket, &a.channel, &a.subject, &a.parents)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, nil
	}
	if err != nil {
		return a, fmt.Errorf("the message %s that is answered: %w", id, err)
	}
	return a, nil
}

// answerTo is the subject of an answer.
func answerTo(subject string) string {
	subject = strings.Join(strings.Fields(subject), " ")
	if subject == "" || len(subject) >= 3 && strings.EqualFold(subject[:3], "re:") {
		return subject
	}
	return "Re: " + subject
}
