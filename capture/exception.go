package capture

import (
	"context"
	"fmt"

	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Retry has a piece in the state Exception read again, for when what was in the way is gone.
func (in *Intake) Retry(ctx context.Context, tx pgx.Tx, by journal.Actor, receipt uuid.UUID) error {
	p, err := lockPiece(ctx, tx, receipt)
	if err != nil {
		return err
	}
	if p.State != Exception {
		return fault.New(fault.Conflict, "Only exceptions can be tried again. This piece is none any more; nothing was changed.")
	}
	return in.readAgain(ctx, tx, by, p)
}

func (in *Intake) readAgain(ctx context.Context, tx pgx.Tx, by journal.Actor, p Piece) error {
	if err := in.screenAgain(ctx, tx, p.Document); err != nil {
		return err
	}
	if err := in.move(ctx, tx, by, p, Stored, "", PieceRetried); err != nil {
		return err
	}
	_, err := in.Jobs.InsertTx(ctx, tx, ReadArgs{Receipt: p.Receipt}, nil)
	return err
}

// lockPiece gives a piece that nobody else can change until the transaction ends.
func lockPiece(ctx context.Context, tx pgx.Tx, receipt uuid.UUID) (Piece, error) {
	p, err := onePiece(ctx, tx, "receipt = $1 for update", receipt)
	return p, missingPiece(err, receipt)
}

// move brings a piece into a state and, with a verb, notes it in the journal.
func (in *Intake) move(ctx context.Context, tx pgx.Tx, by journal.Actor, p Piece, to State, reason string, verb journal.Verb) error {
	_, err := tx.Exec(ctx, "update capture.piece set state = $2, reason = $3, changed_at = now() where receipt = $1", p.Receipt, to, reason)
	if err != nil {
		return fmt.Errorf("piece %s becomes %s: %w", p.Receipt, to, err)
	}
	if to.Done() {
		if err := in.tellCovers(ctx, tx, p.Document); err != nil {
			return err
		}
	}
	if verb == "" {
		return nil
	}
	_, err = in.Journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: p.subject(), Detail: map[string]any{
		"receipt": p.Receipt, "name": p.Name, "reason": reason}})
	return err
}
