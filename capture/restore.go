package capture

import (
	"context"
	"fmt"
	"slices"

	"docket/repository"
	"docket/repository/journal"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ImportSource is the source of pieces that were brought over from another house. Their origin is the receipt they had there.
const ImportSource = "import"

// Restore enters a piece that was received elsewhere, whose document is here already, in the ledger: under its receipt, with
// the day it was received, and as far as it had come. What waited for a person waits again; what was on its way is to be read
// anew, once everything is here: see ReadRestored.
// A reading, which may be nil, is taken over as it was. What a person had decided there is no example to learn from here.
func (in *Intake) Restore(ctx context.Context, tx pgx.Tx, by journal.Actor, was Piece, r *Reading) error {
	p := was
	p.Source, p.Origin, p.ReceivedBy, p.Parent, p.Root, p.Depth = ImportSource, was.Receipt.String(), by, uuid.Nil, was.Receipt, 0
	p.Name = cleanName(was.Name)
	var known bool
	if err := tx.QueryRow(ctx, "select exists (select from capture.piece where receipt = $1 or source = $2 and origin = $3)", p.Receipt, p.Source, p.Origin).Scan(&known); err != nil {
		return err
	}
	if known { // another piece has it here: this one gets a new one
		p.Receipt, p.Origin = uuid.Must(uuid.NewV7()), ""
		p.Root = p.Receipt
	}
	if !slices.Contains(States, p.State) || p.State == BeingRead || p.State == Duplicate || p.State == Waiting && r == nil {
		p.State, p.Reason = Stored, ""
	}
	if err := in.enterLine(ctx, tx, &p, PieceReceived); err != nil {
		return err
	}
	if r != nil {
		if err := r.restore(ctx, tx); err != nil {
			return err
		}
	}
	if p.State == Waiting {
		_, err := in.Journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentUnsure, Subject: repository.Subject(p.Document),
			Detail: map[string]any{"receipt": p.Receipt, "doubts": r.Doubts}})
		return err
	}
	return nil
}

func (r Reading) restore(ctx context.Context, tx pgx.Tx) error {
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update capture.reading set rev = $2, read_at = $3, decided_by = nullif($4, ''), decided_at = case when $4 = '' then null else $5::timestamptz end
		where document = $1`, r.Document, max(1, r.Rev), r.ReadAt, r.DecidedBy, r.DecidedAt)
	if err != nil {
		return fmt.Errorf("restore the reading of %s: %w", r.Document, err)
	}
	return nil
}

// TieToParent says that a restored piece was attached to another, once both are here. Nothing happens while the other is not.
func TieToParent(ctx context.Context, tx pgx.Tx, was Piece) error {
	_, err := tx.Exec(ctx, `update capture.piece set parent = $2, root = $3, depth = $4 where receipt = $1 and parent is null and source = $5
		and exists (select from capture.piece where receipt = $2)`, was.Receipt, was.Parent, was.Root, was.Depth, ImportSource)
	if err != nil {
		return fmt.Errorf("tie piece %s to %s: %w", was.Receipt, was.Parent, err)
	}
	return nil
}

// ReadRestored has a restored document read whose newest version was not. One whose newest version was read here meanwhile is
// left alone.
func (in *Intake) ReadRestored(ctx context.Context, tx pgx.Tx, id repository.DocumentID) error {
	rows, err := tx.Query(ctx, `select p.receipt from capture.piece p where p.document = $1 and p.source = $2 and p.state in ('stored', 'waiting', 'filed')
		and not exists (select from capture.reading r join repository.document d on d.id = r.document where d.id = $1 and r.version >= d.latest and p.state <> 'stored')
		order by p.seq limit 1`, id, ImportSource)
	if err != nil {
		return err
	}
	receipts, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	for _, receipt := range receipts {
		if _, err := in.Jobs.InsertTx(ctx, tx, ReadArgs{Receipt: receipt}, nil); err != nil {
			return err
		}
	}
	return err
}

// Render asks for the page images of a version that has none to be made anew.
func (in *Intake) Render(ctx context.Context, tx pgx.Tx, id repository.DocumentID, version int) error {
	_, err := in.Jobs.InsertTx(ctx, tx, RenderArgs{id, version}, nil)
	return err
}
