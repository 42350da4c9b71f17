package workflow

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"docket/repository"
	"docket/repository/postgres"
	letters "docket/workflow/letter"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

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
				said.Who, said.Unproved = cmp.Or(m.SenderName, m.Sender), m.Warn
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
	list, err := w.Notifier.Outbox.selectOutgoing(ctx, tx, "where o.id = any($2)", desk.now(), sent)
	if err != nil {
		return s, err
	}
	s.sent = map[uuid.UUID]Outgoing{}
	for _, m := range list {
		s.sent[m.ID] = m
	}
	if s.messages, err = desk.Messages(ctx, tx, documents); err != nil {
		return s, err
	}
	return s, w.read(ctx, tx, u, documents, &s)
}

// read looks at what documents say, as far as the person may see them.
func (w *Teller) read(ctx context.Context, tx pgx.Tx, u User, documents []repository.DocumentID, s *sources) error {
	s.texts, s.names = map[repository.DocumentID]string{}, map[repository.DocumentID]string{}
	seen, err := u.Reader().Visible(ctx, tx, documents)
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
	rows, err := q.Query(ctx, sql, values)
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
