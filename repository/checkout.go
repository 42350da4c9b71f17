package repository

import (
	"context"
	"fmt"

	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/jackc/pgx/v5"
)

// CheckOut gives a document to one person to work on. When somebody else holds it, that is a Conflict; checking out
// again what one holds changes nothing.
func (s *Store) CheckOut(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID) error {
	d, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	switch d.CheckedOutBy {
	case by:
		return nil
	case "":
		return s.setCheckOut(ctx, tx, by, id, &by, CheckedOut)
	}
	return d.HeldBy(by)
}

// HeldBy is nil when a person has the document checked out, and else a Conflict that says who has it, and since when.
func (d Document) HeldBy(by journal.Actor) error {
	switch d.CheckedOutBy {
	case by:
		return nil
	case "":
		return fault.New(fault.Conflict, "You do not have this document checked out. Check it out first; nothing was changed.")
	}
	return fault.New(fault.Conflict, "%+s has had this document checked out since %s. Nothing was changed; ask them to check it in first.",
		d.CheckedOutBy, d.CheckedOutAt.Format("2006-01-02 15:04"))
}

// CheckIn adds the version that was worked on and releases the document. Only who checked it out may.
func (s *Store) CheckIn(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, c Content, comment string) (Version, error) {
	d, err := s.lock(ctx, tx, id)
	if err != nil {
		return Version{}, err
	}
	if err := d.HeldBy(by); err != nil {
		return Version{}, err
	}
	v, err := s.Revise(ctx, tx, by, id, c, comment)
	if err != nil {
		return Version{}, err
	}
	_, err = tx.Exec(ctx, "update repository.document set checked_out_by = null, checked_out_at = null where id = $1", id)
	return v, err
}

// CancelCheckOut releases a document without a new version. Somebody else's check-out is only broken by force.
func (s *Store) CancelCheckOut(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, force bool) error {
	d, err := s.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	switch {
	case d.CheckedOutBy == "":
		return nil
	case d.CheckedOutBy != by && !force:
		return fault.New(fault.Conflict, "%+s has this document checked out; only they or a records manager can release it.", d.CheckedOutBy)
	}
	return s.setCheckOut(ctx, tx, by, id, nil, CheckOutCanceled)
}

func (s *Store) setCheckOut(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, holder *journal.Actor, verb journal.Verb) error {
	_, err := tx.Exec(ctx, `update repository.document set checked_out_by = $2::text,
		checked_out_at = case when $2::text is null then null else now() end where id = $1`, id, holder)
	if err != nil {
		return fmt.Errorf("%s %s: %w", verb, id, err)
	}
	_, err = s.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: Subject(id)})
	return err
}
