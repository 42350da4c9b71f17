package capture

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"

	"github.com/google/uuid"
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
	Content    io.Reader
}

// Intake is the one door. It is an entry point and holds the pool itself, because bytes are stored before the
// transaction begins. Safe for concurrent use.
type Intake struct {
	Pool    *pgxpool.Pool
	Store   *repository.Store
	Journal *journal.Journal
	Jobs    Jobs
	MaxSize int64 // bytes; 0 means DefaultMaxSize
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
		return known, err
	}
	if err := in.mayHandIn(ctx, item); err != nil {
		return Piece{}, err
	}
	id := repository.NewDocumentID()
	content, err := in.Store.PutContent(ctx, id, 1, item.Name, item.Content, in.maxSize())
	if fault.Is(err, fault.TooLarge) {
		return in.refuse(ctx, item, say.Text("The file is larger than %d MB, the most that is accepted. It was not stored; ask the sender for a smaller one or have the limit raised.", in.maxSize()>>20))
	}
	if err != nil {
		return Piece{}, err
	}
	p, err := in.enter(ctx, item, id, content)
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

// enter writes the document, the ledger line and the reading job. Bytes that are known make it a duplicate instead; a lock
// on their digest keeps two that arrive together from both being new.
func (in *Intake) enter(ctx context.Context, item Item, id repository.DocumentID, c repository.Content) (Piece, error) {
	p := newPiece(item)
	p.Document, p.MediaType, p.Size, p.SHA256, p.State = id, c.MediaType, c.Size, c.SHA256, Stored
	err := postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error {
		lock := int64(binary.BigEndian.Uint64(c.SHA256[:8]))
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", lock); err != nil {
			return err
		}
		first, found, err := in.Store.FindDigest(ctx, tx, c.SHA256)
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
				return in.enterLine(ctx, tx, &p, PieceDuplicate)
			}
		} else if _, err := in.Store.Add(ctx, tx, item.By, id, c); err != nil {
			return err
		}
		if err := in.enterLine(ctx, tx, &p, PieceReceived); err != nil {
			return err
		}
		_, err = in.Jobs.InsertTx(ctx, tx, ReadArgs{Receipt: p.Receipt}, nil)
		return err
	})
	return p, err
}

// cameBefore says whether a document came through the door before, or only lay on a scan desk.
func cameBefore(ctx context.Context, tx pgx.Tx, id repository.DocumentID) (came bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select from capture.piece where document = $1) or not exists (select from capture.scan where document = $1)`, id).Scan(&came)
	return came, err
}

// refuse enters a piece whose bytes were not accepted.
func (in *Intake) refuse(ctx context.Context, item Item, reason string) (Piece, error) {
	p := newPiece(item)
	p.State, p.Reason = Rejected, reason
	err := postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error { return in.enterLine(ctx, tx, &p, PieceRefused) })
	return p, err
}

func newPiece(item Item) Piece {
	p := Piece{Receipt: uuid.Must(uuid.NewV7()), Source: item.Source, Origin: item.Origin, Name: item.Name,
		ReceivedAt: item.ReceivedAt, ReceivedBy: item.By, Batch: item.Batch}
	p.Root = p.Receipt
	if item.Parent != nil {
		p.Parent, p.Root, p.Depth = item.Parent.Receipt, item.Parent.Root, item.Parent.Depth+1
	}
	return p
}

// enterLine gives the piece the next number and writes its line.
func (in *Intake) enterLine(ctx context.Context, tx pgx.Tx, p *Piece, verb journal.Verb) error {
	if err := enterBatch(ctx, tx, *p); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, "update capture.counter set seq = seq + 1 returning seq").Scan(&p.Seq); err != nil {
		return err
	}
	var sum []byte
	if p.SHA256 != (blob.SHA256{}) {
		sum = p.SHA256[:]
	}
	err := tx.QueryRow(ctx, `insert into capture.piece (receipt, seq, document, source, origin, name, media_type, size, sha256,
			received_at, received_by, parent, root, depth, batch, state, reason)
		values ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning changed_at`,
		p.Receipt, p.Seq, nullID(p.Document), p.Source, p.Origin, p.Name, p.MediaType, p.Size, sum,
		p.ReceivedAt, p.ReceivedBy, nullID(p.Parent), p.Root, p.Depth, p.Batch, p.State, p.Reason).Scan(&p.ChangedAt)
	if err != nil {
		return fmt.Errorf("enter %q in the ledger: %w", p.Name, err)
	}
	_, err = in.Journal.Append(ctx, tx, journal.Event{Actor: p.ReceivedBy, Verb: verb, Subject: p.subject(), Detail: map[string]any{
		"receipt": p.Receipt, "seq": p.Seq, "source": p.Source, "name": p.Name, "reason": p.Reason}})
	return err
}

// subject is what events about a piece are about: its document, or the receipt when there is none.
func (p Piece) subject() journal.Subject {
	if p.Document == (repository.DocumentID{}) {
		return journal.Subject{Kind: "piece", ID: p.Receipt}
	}
	return repository.Subject(p.Document)
}

func nullID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// maxName bounds names in bytes.
const maxName = 500

// cleanName makes any name printable, one line and bounded. Path separators are left: a name is never used as a path.
func cleanName(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	for len(s) > maxName {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return strings.TrimSpace(s)
}
