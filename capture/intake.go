package capture

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"docket/capture/clamd"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// DefaultMaxSize is the largest piece that the door takes when nothing else is configured: 200 MB.
const DefaultMaxSize = 200 << 20

// The verbs that this package appends to the journal. The subject is the document, but for a refused piece, which has none.
const (
	PieceReceived  journal.Verb = "piece.received"
	PieceDuplicate journal.Verb = "piece.duplicate"
	PieceRefused   journal.Verb = "piece.refused" // subject: the receipt
	PieceException journal.Verb = "piece.exception"
	PieceRetried   journal.Verb = "piece.retried"
	PieceRejected  journal.Verb = "piece.rejected"
	DocumentRead   journal.Verb = "document.read"
	DocumentUnsure journal.Verb = "document.unsure"
	DocumentUnread journal.Verb = "document.unread" // a later version could not be read: version, reason
)

// Jobs inserts jobs in a transaction; a River client does.
type Jobs interface {
	InsertTx(ctx context.Context, tx pgx.Tx, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

// An Item is what somebody hands in at the door.
type Item struct {
	Source     string        // required: "upload", "scanner", ...
	Origin     string        // what the source calls it; the same origin again gives the same receipt. Empty: always new
	Name       string        // file name; only a hint of what it is
	By         journal.Actor // who hands it in
	Batch      string        // name of the batch it belongs to; a name that is new begins one
	ReceivedAt time.Time     // legal receipt; zero means now
	Parent     *Piece        // the piece that it was attached to, nil when it came by itself
	Mail       *Delivery     // of a message: how it was handed to us. Other copies of the same message become duplicates
	Content    io.Reader

	// With, unless nil, is called in the transaction that enters the item in the ledger, or finds it there: what a source must
	// remember together with it.
	With func(context.Context, pgx.Tx) error
}

// Intake is the one door. It is an entry point and holds the pool itself, because bytes are stored before the
// transaction begins. Safe for concurrent use.
type Intake struct {
	Pool    *pgxpool.Pool
	Store   *repository.Store
	Journal *journal.Journal
	Jobs    Jobs
	MaxSize int64 // bytes; 0 means DefaultMaxSize

	Scanner      *clamd.Scanner // looks for viruses before anything is opened; nil: nobody does
	PassOversize bool           // what is too large for it is let in; else it is held until a person releases it
}

// Receive takes an item in: the bytes are stored, then the document, the ledger line and the reading job are committed in
// one transaction. When it returns without an error, the sender may forget the item, whatever State the piece has: a
// piece that is over the limit is in the ledger as Rejected with a Reason, one whose bytes came before as Duplicate.
//
// An error means that the item was not taken: kind Unavailable when the database or the store is away (try again later),
// or the error of reading Content. Bytes that were stored by then are taken back by the sweep.
func (in *Intake) Receive(ctx context.Context, item Item) (Piece, error) {
	if item.ReceivedAt.IsZero() {
		item.ReceivedAt = time.Now()
	}
	item.Name, item.Source, item.Batch = cleanName(item.Name), cleanName(item.Source), cleanName(item.Batch)
	if known, ok, err := in.known(ctx, item); ok || err != nil {
		return known, errors.Join(err, in.remember(ctx, item))
	}
	if err := in.mayHandIn(ctx, item); err != nil {
		return Piece{}, err
	}
	id := repository.NewDocumentID()
	digest := item.read()
	content, err := in.Store.PutContent(ctx, id, 1, item.Name, item.Content, in.maxSize())
	if fault.Is(err, fault.TooLarge) {
		return in.refuse(ctx, item, digest, say.Text("The file is larger than %d MB, the most that is accepted. It was not stored; ask the sender for a smaller one or have the limit raised.", in.maxSize()>>20))
	}
	if err != nil {
		return Piece{}, err
	}
	p, err := in.enter(ctx, item, id, content, digest)
	if postgres.IsUnique(err, "piece_source_origin_key") { // handed in twice at the same moment: the first one counts
		p, err = onePiece(ctx, in.Pool, "source = $1 and origin = $2", item.Source, item.Origin)
	}
	if err != nil {
		return Piece{}, fmt.Errorf("receive %q: %w", item.Name, err)
	}
	if p.Document != id {
		// Known bytes; the new copy is not needed. If this fails, the sweep takes it.
		_ = in.Store.Discard(ctx, id, content)
	}
	return p, nil
}

func (in *Intake) maxSize() int64 {
	if in.MaxSize > 0 {
		return in.MaxSize
	}
	return DefaultMaxSize
}

// known finds an item that was handed in before.
func (in *Intake) known(ctx context.Context, item Item) (Piece, bool, error) {
	if item.Origin == "" {
		return Piece{}, false, nil
	}
	p, err := onePiece(ctx, in.Pool, "source = $1 and origin = $2", item.Source, item.Origin)
	if errors.Is(err, pgx.ErrNoRows) {
		return Piece{}, false, nil
	}
	return p, err == nil, postgres.Unavailable(err)
}

// remember does what belongs to an item that is in the ledger already.
func (in *Intake) remember(ctx context.Context, item Item) error {
	if item.With == nil {
		return nil
	}
	return postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error { return item.With(ctx, tx) })
}

// enter writes the document, the ledger line and the reading job. Bytes that are known make it a duplicate instead; a lock
// on their digest keeps two that arrive together from both being new.
func (in *Intake) enter(ctx context.Context, item Item, id repository.DocumentID, c repository.Content, d *mailDigest) (Piece, error) {
	p := newPiece(item)
	p.Document, p.MediaType, p.Size, p.SHA256, p.State = id, c.MediaType, c.Size, c.SHA256, Stored
	err := postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error {
		first, found, err := in.same(ctx, tx, c, d)
		if err != nil {
			return err
		}
		if found {
			p.Document = first
			came, err := cameBefore(ctx, tx, first)
			if err != nil {
				return err
			}
			if came {
				p.State = Duplicate
				return in.enterItem(ctx, tx, item, &p, PieceDuplicate, d)
			}
		} else if _, err := in.Store.Add(ctx, tx, item.By, id, c); err != nil {
			return err
		}
		if err := in.expectScreening(ctx, tx, p.Document); err != nil {
			return err
		}
		if err := in.enterItem(ctx, tx, item, &p, PieceReceived, d); err != nil {
			return err
		}
		_, err = in.Jobs.InsertTx(ctx, tx, ReadArgs{Receipt: p.Receipt}, nil)
		return err
	})
	return p, err
}

// same finds the document that holds these bytes already, or this message. A lock on what they have in common makes two that
// arrive together wait for each other.
func (in *Intake) same(ctx context.Context, tx pgx.Tx, c repository.Content, d *mailDigest) (repository.DocumentID, bool, error) {
	if d != nil {
		identity := d.identity()
		if err := lockDigest(ctx, tx, identity); err != nil {
			return repository.DocumentID{}, false, err
		}
		if id, found, err := sameMessage(ctx, tx, identity); found || err != nil {
			return id, found, err
		}
	}
	if err := lockDigest(ctx, tx, c.SHA256[:]); err != nil {
		return repository.DocumentID{}, false, err
	}
	return in.Store.FindDigest(ctx, tx, c.SHA256)
}

func lockDigest(ctx context.Context, tx pgx.Tx, digest []byte) error {
	_, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", int64(binary.BigEndian.Uint64(digest)))
	return err
}

// cameBefore says whether a document came through the door before, or only lay on a scan desk.
func cameBefore(ctx context.Context, tx pgx.Tx, id repository.DocumentID) (came bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from capture.piece where document = $1) or not exists (select from capture.scan where document = $1)`, id).Scan(&came)
	return came, err
}
