package capture

import (
	"context"
	"fmt"
	"strings"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Reject says that nothing is to be done about a piece that waits for a person: it stays in the ledger with the reason, and
// its document stays in the repository. What came inside it is rejected with it in the same transaction, and what the machine
// had made a record of it is one no longer. A part that a person has decided, or that lies on somebody's ticket, stays with
// all that came inside it: it is then a matter of its own.
func (in *Intake) Reject(ctx context.Context, tx pgx.Tx, by journal.Actor, plan *taxonomy.Plan, receipt uuid.UUID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return fault.New(fault.Invalid, "Say why the piece is rejected. The reason stays in the ledger.")
	}
	p, err := lockPiece(ctx, tx, receipt)
	if err != nil {
		return err
	}
	if p.State != Exception && p.State != Waiting {
		return fault.New(fault.Conflict, "Only exceptions and pieces that wait for a person can be rejected. This piece is neither any more; nothing was changed.")
	}
	falling, err := in.fallWith(ctx, tx, by, plan, p, reason)
	if err != nil {
		return err
	}
	for _, part := range falling { // records first, so that whoever hears of a rejection sees only what stays
		if err := in.move(ctx, tx, by, part, Rejected, say.Text("Rejected with “%s”: %s", p.Name, reason), PieceRejected); err != nil {
			return err
		}
	}
	return in.move(ctx, tx, by, p, Rejected, reason, PieceRejected)
}

// fallWith gives the pieces inside a piece that are rejected with it, and undeclares what the machine had filed of them.
func (in *Intake) fallWith(ctx context.Context, tx pgx.Tx, by journal.Actor, plan *taxonomy.Plan, p Piece, reason string) ([]Piece, error) {
	inside, err := pieces(ctx, tx, "root = $1 and seq > $2 order by seq for update", p.Root, p.Seq)
	if err != nil {
		return nil, fmt.Errorf("what came inside %s: %w", p.Name, err)
	}
	var ids []repository.DocumentID
	for _, part := range inside {
		ids = append(ids, part.Document)
	}
	records, err := plan.Records(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	fallen := map[uuid.UUID]bool{p.Receipt: true}
	var falling []Piece
	for _, part := range inside { // in the order in which they were handed in, so what is around a part comes before it
		record, filed := records[part.Document]
		if !fallen[part.Parent] || part.State == Duplicate || part.State == Rejected || filed && !record.Provisional() {
			continue
		}
		fallen[part.Receipt] = true
		falling = append(falling, part)
		if !filed {
			continue
		}
		if err := plan.Undeclare(ctx, tx, by, part.Document, reason); err != nil {
			return nil, err
		}
	}
	return falling, nil
}
