package capture

import (
	"context"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// A Filer works FileArgs: from a reading to a record, or to the question to a person.
type Filer struct {
	river.WorkerDefaults[FileArgs]
	Intake  *Intake
	Plan    *taxonomy.Plan
	Threads Threads // nil: messages are judged as letters are
}

// leastHint is how certain a value must be to recognise a party by it.
const leastHint = 0.5

// Work files the document of one piece in one transaction. One that waits for a person is thought about again when a new
// version was read, and one that is filed follows its new version. Any other piece is left alone.
func (w *Filer) Work(ctx context.Context, job *river.Job[FileArgs]) error {
	return postgres.InTx(ctx, w.Intake.Pool, func(tx pgx.Tx) error {
		p, err := lockPiece(ctx, tx, job.Args.Receipt)
		if err != nil || p.State != BeingRead && p.State != Waiting && p.State != Filed {
			return err
		}
		r, err := FindReading(ctx, tx, p.Document)
		if err != nil {
			return err
		}
		if p.State == Filed {
			return w.refile(ctx, tx, p, r)
		}
		return w.file(ctx, tx, p, r)
	})
}

// file makes the document a record, or asks a person.
func (w *Filer) file(ctx context.Context, tx pgx.Tx, p Piece, r Reading) error {
	threaded, err := w.thread(ctx, tx, p, &r)
	if err != nil {
		return err
	}
	if r.Cover && !threaded {
		settled, err := w.settleCover(ctx, tx, p, &r)
		if err != nil || !settled {
			return err
		}
	}
	if len(r.Doubts) > 0 {
		return w.ask(ctx, tx, p, r)
	}
	by := journal.System("capture")
	match, err := w.Plan.Recognise(ctx, tx, by, taxonomy.HintsFrom(r.Fields, leastHint), p.Document)
	if err != nil {
		return err
	}
	if match.Conflict && !threaded {
		r.Doubts = []string{say.Text("It is not certain who sent it: %s.", match.How)}
		if _, err := tx.Exec(ctx, "update capture.reading set doubts = $2 where document = $1", p.Document, r.Doubts); err != nil {
			return err
		}
		return w.ask(ctx, tx, p, r)
	}
	how := howTold(r)
	if threaded && r.Class == taxonomy.Correspondence {
		how = byThread
	}
	f := filing(p, r, match.Party.ID, how)
	if err := completeFromMessage(ctx, tx, w.Plan, p, &f); err != nil {
		return err
	}
	if _, err := w.Plan.File(ctx, tx, by, f); err != nil {
		return err
	}
	return w.Intake.move(ctx, tx, by, p, Filed, "", "")
}

// ask leaves the document to a person. Asked the same again, it changes nothing.
func (w *Filer) ask(ctx context.Context, tx pgx.Tx, p Piece, r Reading) error {
	if p.State == Waiting && p.Reason == r.Doubts[0] {
		return nil
	}
	if err := w.Intake.move(ctx, tx, journal.System("capture"), p, Waiting, r.Doubts[0], ""); err != nil {
		return err
	}
	_, err := w.Intake.Journal.Append(ctx, tx, journal.Event{Actor: journal.System("capture"), Verb: DocumentUnsure,
		Subject: repository.Subject(p.Document), Detail: map[string]any{"receipt": p.Receipt, "doubts": r.Doubts}})
	return err
}

func filing(p Piece, r Reading, party taxonomy.PartyID, how string) taxonomy.Filing {
	return taxonomy.Filing{Document: p.Document, Class: r.Class, Confidence: r.Confidence, How: how, Values: r.Fields,
		Party: party, Language: r.Language, Original: p.Name, Received: p.ReceivedAt}
}

// completeFromMessage ties what was attached to a message to it. An attachment that names no sender comes from the message's.
// A lock on the whole message makes its parts wait for each other, so that part and message find each other whichever is filed first.
func completeFromMessage(ctx context.Context, tx pgx.Tx, plan *taxonomy.Plan, p Piece, f *taxonomy.Filing) error {
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended('capture.root ' || $1::text, 0))", p.Root.String()); err != nil {
		return err
	}
	if p.Parent == uuid.Nil {
		return nil
	}
	parent, err := FindPiece(ctx, tx, p.Parent)
	if err != nil {
		return err
	}
	f.PartOf = parent.Document
	if f.Party != uuid.Nil {
		return nil
	}
	message, err := plan.Record(ctx, tx, parent.Document)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	f.Party = message.Party
	return err
}

// A Decision is what a person says about a document that waited for them.
type Decision struct {
	Document repository.DocumentID
	Rev      int // of the Reading that the person saw; another one is a Conflict
	Class    taxonomy.ClassID
	Values   taxonomy.Values  // what is left out is removed
	Party    taxonomy.PartyID // Nil: recognise the sender by the values
}

// Decide files a document as a person says. What they decided becomes an example to learn from. It is a Conflict when
// somebody else has changed the reading since, and nothing is saved then.
func (in *Intake) Decide(ctx context.Context, tx pgx.Tx, by journal.Actor, plan *taxonomy.Plan, d Decision) error {
	p, err := in.pieceToDecide(ctx, tx, d)
	if err != nil {
		return err
	}
	machine, err := FindReading(ctx, tx, d.Document)
	if err != nil {
		return err
	}
	r := machine
	r.Class, r.Confidence, r.Fields = d.Class, 1, d.Values
	if err := r.decided(ctx, tx, by, machine.Class); err != nil {
		return err
	}
	party := d.Party
	if party == uuid.Nil {
		match, err := plan.Recognise(ctx, tx, by, taxonomy.HintsFrom(r.Fields, leastHint), p.Document)
		if err != nil {
			return err
		}
		party = match.Party.ID
	}
	f := filing(p, r, party, say.Text("decided by %+s", by))
	if err := completeFromMessage(ctx, tx, plan, p, &f); err != nil {
		return err
	}
	if _, err := plan.File(ctx, tx, by, f); err != nil {
		return err
	}
	return in.move(ctx, tx, by, p, Filed, "", "")
}

// pieceToDecide locks the piece that brought a document and checks that the person saw its newest reading.
func (in *Intake) pieceToDecide(ctx context.Context, tx pgx.Tx, d Decision) (Piece, error) {
	p, err := onePiece(ctx, tx, "document = $1 and state <> 'duplicate' order by seq limit 1 for update", d.Document)
	if err != nil {
		return Piece{}, postgres.Missing(err, "This document did not come in by the door.")
	}
	var rev int
	err = tx.QueryRow(ctx, "select rev from capture.reading where document = $1 for update", d.Document).Scan(&rev)
	if err != nil {
		return Piece{}, postgres.Missing(err, "This document has not been read yet.")
	}
	if rev != d.Rev || p.State != Waiting {
		return Piece{}, fault.New(fault.Conflict, "Somebody else has decided or changed this document meanwhile. Nothing was saved; look at it again.")
	}
	return p, nil
}

// decided writes down what a person said and keeps the text as an example for detection.
func (r Reading) decided(ctx context.Context, tx pgx.Tx, by journal.Actor, machine taxonomy.ClassID) error {
	_, err := tx.Exec(ctx, `update capture.reading set rev = rev + 1, class = $2, confidence = 1, fields = $3, doubts = '[]',
		decided_by = $4, decided_at = now() where document = $1`, r.Document, r.Class, notNil(r.Fields), by)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into capture.example (document, class, language, machine, by) values ($1, $2, $3, $4, $5)
		on conflict (document) do update set class = excluded.class, by = excluded.by, at = now()`,
		r.Document, r.Class, r.Language, machine, by)
	return err
}
