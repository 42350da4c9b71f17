package workflow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"docket/repository"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"
	letters "docket/workflow/letter"
	"docket/workflow/thread"

	"github.com/jackc/pgx/v5"
)

// store makes a message's bytes a document of its ticket: bytes first, rows second. It gives the message as it is then, which may be
// called back or refused in the meantime.
func (p *Postman) store(ctx context.Context, m Outgoing) (Outgoing, error) {
	l, err := p.letter(ctx, m)
	if err != nil {
		return m, err
	}
	content, err := p.put(ctx, m, l)
	if err != nil {
		return m, err
	}
	kept := false
	err = postgres.InTx(ctx, p.Pool, func(tx pgx.Tx) error {
		if m, err = p.Outbox.lock(ctx, tx, m.ID); err != nil || m.State != Queued || m.Stored {
			return err
		}
		trouble, err := p.Outbox.suppressed(ctx, tx, m.To())
		if err != nil {
			return err
		}
		if trouble != "" { // since it was queued
			m.State = Failed
			return p.Outbox.concluded(ctx, tx, m, outcome{trouble: trouble, final: true})
		}
		kept = true
		if m.Kind == Notice {
			return p.fileNotice(ctx, tx, &m, l, content)
		}
		return p.file(ctx, tx, &m, l, content)
	})
	if err != nil || !kept {
		err = errors.Join(err, p.Store.Discard(ctx, m.ID, content))
	}
	return m, err
}

// letter is a message ready to be written.
func (p *Postman) letter(ctx context.Context, m Outgoing) (letters.Letter, error) {
	channels, err := taxonomy.LoadChannels(ctx, p.Pool)
	if err != nil {
		return letters.Letter{}, err
	}
	var from taxonomy.Channel
	for _, c := range channels {
		if c.ID == m.Channel {
			from = c
		}
	}
	l := letters.Letter{Name: from.Name, From: from.Address, To: m.Recipients, Cc: m.Copies, Subject: m.Subject, Number: m.TicketNumber,
		Token: p.Keys.Token(m.Ticket, m.ID, m.Recipients[0]), Parents: m.Parents, Date: p.Outbox.Desk.now().In(p.Outbox.Desk.calendar.zone()),
		Text: m.Body, Signature: from.Signature, Loop: p.Loop}
	switch {
	case m.Kind == Notice:
		l.Token, l.Automatic, l.Signature = p.Keys.NoticeToken(m.notice()), letters.Generated, ""
	case m.Kind == Acknowledgement:
		l.Automatic, l.Signature = letters.Replied, ""
	case m.Kind.Automatic():
		l.Automatic = letters.Generated
	}
	for _, id := range m.Attachments {
		v, err := p.Store.Version(ctx, p.Pool, id, 0)
		if err != nil {
			return l, fmt.Errorf("attach %s: %w", id, err)
		}
		l.Attachments = append(l.Attachments, letters.Attachment{Name: v.Name, MediaType: v.MediaType, Write: p.copier(ctx, v)})
	}
	return l, nil
}

// copier writes a version's bytes, which are compared with their digest on the way.
func (p *Postman) copier(ctx context.Context, v repository.Version) func(io.Writer) (int64, error) {
	return func(w io.Writer) (int64, error) {
		r, err := p.Store.Open(ctx, v)
		if err != nil {
			return 0, err
		}
		defer r.Close()
		return io.Copy(w, r)
	}
}

// put writes a letter to a file beside, signs it, and stores signature and letter as one. The signature is known only when all of the
// letter was seen, and stands before it.
func (p *Postman) put(ctx context.Context, m Outgoing, l letters.Letter) (repository.Content, error) {
	f, err := os.CreateTemp(p.TempDir, "letter-*")
	if err != nil {
		return repository.Content{}, fmt.Errorf("write message %s: %w", m.ID, err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := l.Write(f); err != nil {
		return repository.Content{}, err
	}
	whole := func() io.Reader { return io.NewSectionReader(f, 0, 1<<62) }
	signature, err := p.Seal.Sign(l.From[strings.LastIndexByte(l.From, '@')+1:], whole())
	if err != nil {
		return repository.Content{}, err
	}
	return p.Store.PutContent(ctx, m.ID, 1, nameOf(m), io.MultiReader(strings.NewReader(signature), whole()), 0)
}

// nameOf is the file name of a message.
func nameOf(m Outgoing) string {
	name := []rune(strings.Join(strings.Fields(m.Subject), " "))
	return string(name[:min(len(name), 100)]) + ".eml"
}

// file makes the stored bytes a document that is filed, linked to its ticket, searchable, and known to the chain of rules.
func (p *Postman) file(ctx context.Context, tx pgx.Tx, m *Outgoing, l letters.Letter, content repository.Content) error {
	v, err := p.Store.Add(ctx, tx, m.By, m.ID, content)
	if err != nil {
		return err
	}
	text := repository.PageText{Page: 1, Text: letters.Subject(m.Subject, m.TicketNumber) + "\n\n" + m.Body, Language: m.Language, Confidence: 1}
	if err := p.Store.SetTexts(ctx, tx, m.ID, v.Number, []repository.PageText{text}); err != nil {
		return err
	}
	if err := link(ctx, tx, m.By, m.Ticket, m.ID, say.Text("sent from here")); err != nil {
		return err
	}
	if err := p.declare(ctx, tx, *m); err != nil {
		return err
	}
	return p.known(ctx, tx, m, l, m.Ticket)
}

// known makes the chain of rules know a message, as one of a ticket's conversation, or of none.
func (p *Postman) known(ctx context.Context, tx pgx.Tx, m *Outgoing, l letters.Letter, conversation TicketID) error {
	_, err := tx.Exec(ctx, `insert into workflow.message (document, direction, message_id, parents, subject, base_subject, sender, sender_name, recipients,
			channel, ticket, sent_for, at)
		values ($1, 'out', $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, '00000000-0000-0000-0000-000000000000'::uuid), $11, $12)`,
		m.ID, strings.Trim(l.MessageID(), "<>"), postgres.Array(m.Parents), letters.Subject(m.Subject, m.TicketNumber), thread.BaseSubject(m.Subject), l.From, l.Name,
		m.To(), m.Channel, conversation, m.Ticket, p.Outbox.Desk.now())
	if err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	if _, err := tx.Exec(ctx, "update workflow.outgoing set state = 'queued' where id = $1", m.ID); err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	m.Stored = true
	return nil
}

// declare makes a message a record of the ticket's party.
func (p *Postman) declare(ctx context.Context, tx pgx.Tx, m Outgoing) error {
	desk := p.Outbox.Desk
	t, err := selectTicket(ctx, tx, "where t.id = $1", m.Ticket)
	if err != nil {
		return err
	}
	now := desk.now()
	values := taxonomy.Values{taxonomy.LetterDate: {Value: now.In(desk.calendar.zone()).Format("2006-01-02"), Confidence: 1}}
	for field, value := range map[taxonomy.FieldID]string{taxonomy.Subject: t.Subject, taxonomy.Product: t.Product} {
		if value != "" {
			values[field] = taxonomy.Value{Value: value, Confidence: 1}
		}
	}
	class, err := desk.classWithin(ctx, tx, taxonomy.Reply, t)
	if err != nil {
		return err
	}
	_, err = desk.plan.File(ctx, tx, m.By, taxonomy.Filing{Document: m.ID, Class: class, Confidence: 1, How: say.Text("sent from here"), Values: values,
		Party: t.Party, Language: m.Language, Original: nameOf(m), Received: now, Ticket: t.Number})
	return err
}

// classWithin is what something is filed as that belongs to a ticket: as the class that it is of, or, where more people may see those than
// may see the ticket, as what the ticket is about.
func (d *Desk) classWithin(ctx context.Context, q postgres.Querier, of taxonomy.ClassID, t Ticket) (taxonomy.ClassID, error) {
	c, err := d.plan.Catalogue(ctx, q)
	if err != nil {
		return "", err
	}
	class, ok := c.Class(of)
	if !ok || slices.ContainsFunc(class.Readers, func(token string) bool { return !slices.Contains(t.Readers, token) }) {
		return t.Class, nil
	}
	return of, nil
}
