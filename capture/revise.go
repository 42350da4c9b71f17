package capture

import (
	"context"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Follow is the door's subscriber: it is told of every event in the transaction that appends it. A new version of a document,
// wherever it comes from, is read as the first one was. A piece that could not be read before gets its next chance with it.
// A document that no piece brought is left alone: nobody asked what it says. Where there is a virus scanner it is asked about all of them.
func (in *Intake) Follow(ctx context.Context, tx pgx.Tx, e journal.Event) error {
	if e.Verb == repository.DocumentRevised || e.Verb == repository.DocumentImported {
		if err := in.screenJobs(ctx, tx, e.Subject.ID); err != nil {
			return err
		}
	}
	if e.Verb != repository.DocumentRevised {
		return nil
	}
	came, err := OfDocument(ctx, tx, e.Subject.ID)
	if err != nil || len(came) == 0 {
		return err
	}
	p, err := lockPiece(ctx, tx, came[0].Receipt)
	if err != nil {
		return err
	}
	if p.State == Exception {
		return in.readAgain(ctx, tx, e.Actor, p)
	}
	_, err = in.Jobs.InsertTx(ctx, tx, ReadArgs{Receipt: p.Receipt}, nil)
	return err
}

// refile brings the record of a filed document in step with the reading of its new version. Done twice it changes nothing.
func (w *Filer) refile(ctx context.Context, tx pgx.Tx, p Piece, r Reading) error {
	if r.Version < 2 {
		return nil
	}
	by := journal.System("capture")
	match, err := w.Plan.Recognise(ctx, tx, by, taxonomy.HintsFrom(r.Fields, leastHint), p.Document)
	if err != nil {
		return err
	}
	f := filing(p, r, match.Party.ID, say.Text("recognised by the machine in version %d", r.Version))
	_, err = w.Plan.Reread(ctx, tx, by, f, len(r.Doubts) == 0 && !match.Conflict)
	if fault.Is(err, fault.NotFound) {
		return nil // it is a record no longer
	}
	return err
}

// failed says that a version could not be read. A piece on its way becomes an exception, which a person sees; a document that
// was decided before stays as it is, and its history tells.
func (in *Intake) failed(ctx context.Context, tx pgx.Tx, receipt uuid.UUID, v repository.Version, reason string) error {
	p, err := lockPiece(ctx, tx, receipt)
	if err != nil {
		return err
	}
	by := journal.System("capture")
	if p.State == Stored || p.State == BeingRead {
		return in.move(ctx, tx, by, p, Exception, reason, PieceException)
	}
	_, err = in.Journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentUnread, Subject: repository.Subject(p.Document),
		Detail: map[string]any{"version": v.Number, "reason": reason}})
	return err
}
