package taxonomy

import (
	"context"
	"fmt"
	"strings"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Known refuses a record that cannot be filed here because its class is not defined.
func (c *Catalogue) Known(class ClassID) error {
	if _, ok := c.Class(class); !ok {
		return fault.New(fault.Invalid, "There is no class %q.", class)
	}
	return nil
}

// Restore files a document that was a record elsewhere: with the name, values, dates and decision that it had there, and in the
// folder of that path. Who may see it is what its class says here, unless it is closed: rights belong to a house and its people. It tells nobody
// that a document was filed, so that no work begins anew; whoever restores says what happened.
func (p *Plan) Restore(ctx context.Context, tx pgx.Tx, r Record) error {
	c, err := p.Catalogue(ctx, tx)
	if err != nil {
		return err
	}
	if err := c.Known(r.Class); err != nil {
		return err
	}
	class, _ := c.Class(r.Class)
	if _, ok := c.Category(r.Category); !ok {
		r.Category = class.Category
	}
	if r.Folder, r.FolderPath, err = openFolder(ctx, tx, r.Category, r.FolderPath); err != nil {
		return err
	}
	if !r.Closed() {
		r.Readers = class.Readers
	}
	if r.Values == nil {
		r.Values = Values{}
	}
	filed, version := r.FiledAt, r.Version
	if err := write(ctx, tx, &r); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "update taxonomy.record set filed_at = $2, version = $3 where document = $1", r.Document, filed, max(1, version))
	if err != nil {
		return fmt.Errorf("restore record %s: %w", r.Document, err)
	}
	return nil
}

// TieToMessage says that a restored document was attached to a message, once both are here. Nothing happens while the message
// is not.
func (p *Plan) TieToMessage(ctx context.Context, tx pgx.Tx, id, message repository.DocumentID) error {
	_, err := tx.Exec(ctx, `update taxonomy.record set part_of = $2 where document = $1 and part_of is null
		and exists (select from repository.document where id = $2)`, id, message)
	if err != nil {
		return fmt.Errorf("tie %s to its message %s: %w", id, message, err)
	}
	return nil
}

// RestoreParty gives the party that somebody known elsewhere is here: the same one when it was restored before, the one that
// its contacts point to, or a new one under the ID that it had. Contacts that belong to others here stay theirs.
func (p *Plan) RestoreParty(ctx context.Context, tx pgx.Tx, by journal.Actor, was Party, document repository.DocumentID) (PartyID, error) {
	h := was.hints()
	_, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('taxonomy.party id ' || $1::text, 0))", was.ID.String())
	if err != nil {
		return uuid.Nil, fmt.Errorf("wait for others who restore the same party: %w", err)
	}
	if err := oneAtATime(ctx, tx, h); err != nil {
		return uuid.Nil, err
	}
	known, err := PartyByID(ctx, tx, was.ID)
	switch {
	case err == nil && known.MergedInto != uuid.Nil:
		return known.MergedInto, nil
	case err == nil:
		return known.ID, nil
	case !fault.Is(err, fault.NotFound):
		return uuid.Nil, err
	}
	m, err := FindMatch(ctx, tx, h)
	if err != nil {
		return uuid.Nil, err
	}
	if m.Found && !m.Conflict {
		return m.Party.ID, p.Attach(ctx, tx, by, m.Party.ID, h, document)
	}
	return was.ID, p.addRestored(ctx, tx, by, was, h, document)
}

func (p *Plan) addRestored(ctx context.Context, tx pgx.Tx, by journal.Actor, was Party, h Hints, document repository.DocumentID) error {
	if was.Name = Clean(was.Name, maxName); was.Name == "" {
		was.Name = "?"
	}
	_, err := tx.Exec(ctx, `insert into taxonomy.party (id, kind, name, name_key, provisional, created_at, created_by)
		values ($1, $2, $3, $4, $5, $6, $7)`, was.ID, was.Kind, was.Name, NameKey(was.Name), was.Provisional, was.CreatedAt, was.CreatedBy)
	if err != nil {
		return fmt.Errorf("restore party %s: %w", was.ID, err)
	}
	if _, err := attach(ctx, tx, was.ID, h, document); err != nil {
		return err
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: PartyAdded, Subject: journal.Subject{Kind: "party", ID: was.ID},
		Detail: map[string]any{"name": was.Name, "provisional": was.Provisional, "document": document, "imported": true}})
	return err
}

// hints are what a party's contacts say of it.
func (p Party) hints() Hints {
	h := Hints{Name: p.Name}
	for _, c := range p.Contacts {
		switch c.Kind {
		case Email:
			h.Emails = append(h.Emails, c.Text)
		case Phone:
			h.Phones = append(h.Phones, c.Text)
		case Customer:
			h.CustomerNumbers = append(h.CustomerNumbers, c.Text)
		case Address:
			h.Address = strings.TrimSpace(c.Text)
		case Postcode:
			h.Postcode = c.Text
		}
	}
	return h
}
