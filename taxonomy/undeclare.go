package taxonomy

import (
	"context"
	"fmt"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/jackc/pgx/v5"
)

// DocumentUndeclared says that a document is a record no longer. Detail: class, title, place, reason.
const DocumentUndeclared journal.Verb = "document.undeclared"

// Provisional says whether only the machine has declared the record and nobody works with it.
func (r Record) Provisional() bool { return isMachine(r.DecidedBy) && r.Ticket == "" }

// Undeclare takes a document out of the records that was declared by mistake. The document stays; what it was called and where
// it lay is in the journal. Only a provisional record can be undeclared: others are a Conflict.
func (p *Plan) Undeclare(ctx context.Context, tx pgx.Tx, by journal.Actor, id repository.DocumentID, reason string) error {
	r, err := p.lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if !r.Provisional() {
		return fault.New(fault.Conflict, "“%s” was decided by a person or belongs to a ticket. It stays a record; nothing was changed.", r.Title)
	}
	if _, err := tx.Exec(ctx, "delete from taxonomy.record where document = $1", id); err != nil {
		return fmt.Errorf("undeclare document %s: %w", id, err)
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentUndeclared, Subject: document(id),
		Detail: map[string]any{"class": r.Class, "title": r.Title, "place": r.Place, "reason": reason}})
	return err
}
