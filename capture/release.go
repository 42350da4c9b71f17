package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// Release lets the newest version of a piece's document in that the virus scanner held: somebody takes it upon them, and says why. What
// was found to be infected only an administrator may release, when it was a false alarm: who calls says whether by is one.
func (in *Intake) Release(ctx context.Context, tx pgx.Tx, by journal.Actor, administrator bool, receipt uuid.UUID, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.New(fault.Invalid, "Please say why it is let in.")
	}
	p, err := lockPiece(ctx, tx, receipt)
	if err != nil {
		return err
	}
	v, err := in.Store.Version(ctx, tx, p.Document, 0)
	if err != nil {
		return err
	}
	s, err := FindScreening(ctx, tx, v.Document, v.Number)
	switch {
	case err != nil:
		return err
	case !s.Stopped():
		return fault.New(fault.Conflict, "The virus scanner does not hold this piece any more. Nothing was changed.")
	case s.Verdict == ScreenInfected && !administrator:
		return fault.New(fault.Denied, "Only an administrator may let in what the virus scanner found to be harmful.")
	}
	_, err = tx.Exec(ctx, "update capture.screening set verdict = 'released', at = now(), by = $3, reason = $4 where document = $1 and version = $2", v.Document, v.Number, by, reason)
	if err != nil {
		return fmt.Errorf("release %s: %w", v.Document, err)
	}
	_, err = in.Journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentReleased, Subject: repository.Subject(v.Document),
		Detail: map[string]any{"version": v.Number, "name": s.Found, "reason": reason}})
	if err != nil || s.Inside && p.State != Exception {
		return err
	}
	if p.State == Exception {
		return in.readAgain(ctx, tx, by, p)
	}
	_, err = in.Jobs.InsertTx(ctx, tx, ReadArgs{Receipt: p.Receipt}, nil)
	return err
}

// StopScreening lets everything in that waits to be checked, when the house has done away with its scanner. What was found stays held. It
// says how many versions that were.
func (in *Intake) StopScreening(ctx context.Context, tx pgx.Tx) (int, error) {
	done, err := tx.Exec(ctx, "update capture.screening set verdict = 'unchecked', at = now(), trouble = '' where verdict = 'pending'")
	if err != nil {
		return 0, fmt.Errorf("stop checking for viruses: %w", err)
	}
	return int(done.RowsAffected()), nil
}

// ScreenArgs asks for the versions of a document to be checked that nobody reads: those that were brought over from another house, later
// ones of what no piece brought, and those that were stored before there was a scanner.
type ScreenArgs struct {
	Document repository.DocumentID `json:"document"`
}

// Kind names the job.
func (ScreenArgs) Kind() string { return "capture.screen" }

// InsertOpts puts the job in its queue, behind the pieces that are read.
func (ScreenArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ReadQueue, MaxAttempts: 8, Priority: 2}
}

// A Screener works ScreenArgs.
type Screener struct {
	river.WorkerDefaults[ScreenArgs]
	Reader *Reader
}

// Timeout bounds one document.
func (*Screener) Timeout(*river.Job[ScreenArgs]) time.Duration { return 30 * time.Minute }

// Work checks what nobody has checked. A document that is held is done.
func (w *Screener) Work(ctx context.Context, job *river.Job[ScreenArgs]) error {
	in := w.Reader.Intake
	versions, err := in.Store.Versions(ctx, in.Pool, job.Args.Document)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if err := w.screen(ctx, v); err != nil && !fault.Is(err, fault.Denied) {
			return err
		}
	}
	return nil
}

func (w *Screener) screen(ctx context.Context, v repository.Version) error {
	s, err := FindScreening(ctx, w.Reader.Intake.Pool, v.Document, v.Number)
	if err != nil || !s.Unknown() || s.Verdict != ScreenPending && w.Reader.Intake.Scanner == nil {
		return err
	}
	file, err := w.Reader.fetch(ctx, v)
	if err != nil {
		return err
	}
	return os.Remove(file)
}

// screenJobs has the versions of a document checked that were made otherwise than by a piece coming in.
func (in *Intake) screenJobs(ctx context.Context, tx pgx.Tx, id repository.DocumentID) error {
	if in.Scanner == nil {
		return nil
	}
	_, err := in.Jobs.InsertTx(ctx, tx, ScreenArgs{id}, nil)
	return errors.Join(err, in.expectScreening(ctx, tx, id))
}
