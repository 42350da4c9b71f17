package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"docket/capture/clamd"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// expectScreening says that the versions of a document are to be checked, where there is a scanner. It stands in the transaction that
// makes them known, so that there is no moment in which one can be opened unchecked.
func (in *Intake) expectScreening(ctx context.Context, tx pgx.Tx, id repository.DocumentID) error {
	if in.Scanner == nil {
		return nil
	}
	_, err := tx.Exec(ctx, `insert into capture.screening (document, version) select document, number from repository.version where document = $1
		on conflict do nothing`, id)
	if err != nil {
		return fmt.Errorf("expect the check of %s: %w", id, err)
	}
	return nil
}

// screenAgain forgets that the versions of a document were held, where there is a scanner to ask again: it may know better by now.
func (in *Intake) screenAgain(ctx context.Context, tx pgx.Tx, id repository.DocumentID) error {
	if in.Scanner == nil {
		return nil
	}
	_, err := tx.Exec(ctx, `update capture.screening set verdict = 'pending', inside = false, found = '', at = now(), tries = 0, trouble = ''
		where document = $1 and verdict in ('infected', 'oversize')`, id)
	if err != nil {
		return fmt.Errorf("check %s again: %w", id, err)
	}
	return nil
}

// scannerAway is the reason of a piece that waits for the scanner.
var scannerAway = say.Text("It waits for the virus scanner, which does not answer.")

// toScreen says whether a version must be checked before it is read: every file that is opened here went through it. It fails with a fault
// that says why it must not be read at all, or with a job's snooze while nobody can check it.
func (w *Reader) toScreen(ctx context.Context, v repository.Version) (s Screening, ask bool, err error) {
	in := w.Intake
	if s, err = FindScreening(ctx, in.Pool, v.Document, v.Number); err != nil {
		return s, false, err
	}
	switch {
	case s.Verdict == ScreenPending && in.Scanner == nil: // a process that knows no scanner leaves it to one that does
		return s, false, snooze(s.Tries)
	case s.Stopped():
		return s, false, s.Show()
	case in.Scanner == nil || !s.Unknown():
		return s, false, nil
	}
	version, err := in.Scanner.Version(ctx)
	if err != nil {
		return s, false, in.screenLater(ctx, s, err)
	}
	return Screening{Document: v.Document, Version: v.Number, Engine: version.String(), Built: version.Built, Tries: s.Tries}, true, nil
}

// screen has a version checked and keeps what was found. It is nil when the version may be read.
func (w *Reader) screen(ctx context.Context, s Screening, name, file string) error {
	s, err := w.askScanner(ctx, s, name, file)
	if fault.Is(err, fault.Unavailable) {
		return w.Intake.screenLater(ctx, s, err)
	}
	if err != nil {
		return err
	}
	if err := postgres.InTx(ctx, w.Intake.Pool, func(tx pgx.Tx) error { return w.Intake.screened(ctx, tx, s) }); err != nil {
		return err
	}
	return s.Show()
}

// longestSnooze bounds how long a piece waits before the scanner is asked again.
const longestSnooze = time.Minute

func snooze(tries int) error {
	return river.JobSnooze(min(2*time.Second<<min(tries, 10), longestSnooze))
}

// snoozed says whether an error only says that a job is to be done later.
func snoozed(err error) bool {
	_, ok := errors.AsType[*river.JobSnoozeError](err)
	return ok
}

// askScanner has a file scanned, and of a message that is held its own words.
func (w *Reader) askScanner(ctx context.Context, s Screening, name, file string) (Screening, error) {
	f, err := os.Open(file)
	if err != nil {
		return s, err
	}
	defer f.Close()
	answer, err := w.Intake.Scanner.Scan(ctx, f)
	if err != nil {
		return s, err
	}
	s.say(answer)
	if s.Verdict == ScreenOversize && w.Intake.PassOversize {
		s.Verdict, s.By, s.Reason = ScreenReleased, screener, say.Text("It is too large for the virus scanner, and the settings say that such files are let in.")
	}
	if s.Stopped() {
		s.Inside, err = w.onlyInside(ctx, name, file)
	}
	return s, err
}

// screener is who says what the scanner said.
var screener = journal.System("screening")

func (s *Screening) say(a clamd.Answer) {
	s.Found, s.Verdict = a.Found, ScreenInfected
	switch {
	case a.Clean:
		s.Verdict = ScreenClean
	case a.TooLarge:
		s.Verdict = ScreenOversize
	}
}

// onlyInside says whether a file is a message whose own words are clean. Then what is wrong is in what it brings, which comes through the
// door as pieces of their own and is checked piece by piece.
func (w *Reader) onlyInside(ctx context.Context, name, file string) (bool, error) {
	m, err := w.Pages.Message(file, name)
	if m == nil || err != nil || len(m.Parts) == 0 {
		return false, nil // what cannot be read is held as it is
	}
	for _, words := range []string{m.Text, m.HTML} {
		if answer, err := w.Intake.Scanner.Scan(ctx, strings.NewReader(words)); err != nil || !answer.Clean {
			return false, err
		}
	}
	return true, nil
}

// screenLater keeps that the scanner did not answer, for people to see, and puts the job off.
func (in *Intake) screenLater(ctx context.Context, s Screening, away error) error {
	if ctx.Err() != nil {
		return away
	}
	_, err := in.Pool.Exec(ctx, "update capture.screening set tries = tries + 1, trouble = $3 where document = $1 and version = $2 and verdict = 'pending'",
		s.Document, s.Version, fault.Sentence(away))
	if err != nil {
		return fmt.Errorf("keep that the scanner is away: %w", err)
	}
	return snooze(s.Tries)
}

// screened keeps what the scanner said, and appends it to the journal.
func (in *Intake) screened(ctx context.Context, tx pgx.Tx, s Screening) error {
	var built *time.Time
	if !s.Built.IsZero() {
		built = &s.Built
	}
	_, err := tx.Exec(ctx, `insert into capture.screening (document, version, verdict, inside, found, engine, built, by, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (document, version) do update set verdict = excluded.verdict, inside = excluded.inside, found = excluded.found, engine = excluded.engine,
		built = excluded.built, at = now(), trouble = '', by = excluded.by, reason = excluded.reason`,
		s.Document, s.Version, s.Verdict, s.Inside, s.Found, s.Engine, built, s.By, s.Reason)
	if err != nil {
		return fmt.Errorf("keep what the scanner said of %s: %w", s.Document, err)
	}
	verb := map[ScreeningVerdict]journal.Verb{ScreenClean: DocumentClean, ScreenInfected: DocumentInfected, ScreenOversize: DocumentOversize, ScreenReleased: DocumentReleased}[s.Verdict]
	detail := map[string]any{"version": s.Version, "comment": s.Engine}
	if s.Found != "" {
		detail["name"] = s.Found
	}
	if s.Reason != "" {
		detail["reason"] = s.Reason
	}
	_, err = in.Journal.Append(ctx, tx, journal.Event{Actor: screener, Verb: verb, Subject: repository.Subject(s.Document), Detail: detail})
	return err
}
