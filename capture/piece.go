package capture

import (
	"context"
	"slices"
	"time"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A State says how far a piece has come.
type State string

// The states of a piece.
const (
	Stored    State = "stored"    // its bytes are safe and it waits to be read
	BeingRead State = "reading"   // it is being read
	Waiting   State = "waiting"   // a person is asked what it is
	Filed     State = "filed"     // it has its class, name and place
	Exception State = "exception" // stored, but it could not be read; Reason says why; it can be retried or rejected
	Rejected  State = "rejected"  // refused, by the door or by a person; Reason says why
	Duplicate State = "duplicate" // the same bytes came before; it is linked to their document
)

// States are all states in the order in which a board shows them.
var States = []State{Exception, Waiting, Stored, BeingRead, Filed, Duplicate, Rejected}

// Done says whether nothing more happens to a piece in state s unless a person does something.
func (s State) Done() bool { return s != Stored && s != BeingRead }

// A Piece is one line of the intake ledger.
type Piece struct {
	Receipt    uuid.UUID
	Seq        int64
	Document   repository.DocumentID // zero when the bytes were refused
	Source     string
	Origin     string
	Name       string
	MediaType  string
	Size       int64
	SHA256     blob.SHA256
	ReceivedAt time.Time
	ReceivedBy journal.Actor
	Parent     uuid.UUID // zero when it came by itself
	Root       uuid.UUID // the piece at the top of its parents; itself when it came by itself
	Depth      int       // how many parents there are above it
	Batch      string
	State      State
	Reason     string
	ChangedAt  time.Time
}

const pieceColumns = `receipt, seq, coalesce(document, '00000000-0000-0000-0000-000000000000'), source, coalesce(origin, ''), name,
	media_type, size, sha256, received_at, received_by, coalesce(parent, '00000000-0000-0000-0000-000000000000'), root, depth, batch, state, reason, changed_at`

func scanPiece(row pgx.CollectableRow) (Piece, error) {
	var p Piece
	var sum []byte
	err := row.Scan(&p.Receipt, &p.Seq, &p.Document, &p.Source, &p.Origin, &p.Name, &p.MediaType, &p.Size, &sum, &p.ReceivedAt,
		&p.ReceivedBy, &p.Parent, &p.Root, &p.Depth, &p.Batch, &p.State, &p.Reason, &p.ChangedAt)
	copy(p.SHA256[:], sum)
	return p, err
}

func onePiece(ctx context.Context, q postgres.Querier, where string, args ...any) (Piece, error) {
	rows, err := q.Query(ctx, "select "+pieceColumns+" from capture.piece where "+where, args...)
	if err != nil {
		return Piece{}, err
	}
	return pgx.CollectExactlyOneRow(rows, scanPiece)
}

// FindPiece gives the piece with a receipt, or a fault of kind NotFound.
func FindPiece(ctx context.Context, q postgres.Querier, receipt uuid.UUID) (Piece, error) {
	p, err := onePiece(ctx, q, "receipt = $1", receipt)
	return p, missingPiece(err, receipt)
}

func missingPiece(err error, receipt uuid.UUID) error {
	return postgres.Missing(err, "There is no piece with the receipt %s.", receipt)
}

// Attachments gives the pieces that were attached to a piece, in their order.
func Attachments(ctx context.Context, q postgres.Querier, receipt uuid.UUID) ([]Piece, error) {
	return pieces(ctx, q, "parent = $1 order by seq", receipt)
}

// OfDocument gives the pieces that brought a document, the first first; the others are its duplicates.
func OfDocument(ctx context.Context, q postgres.Querier, id repository.DocumentID) ([]Piece, error) {
	return pieces(ctx, q, "document = $1 order by seq", id)
}

// CameAs is the piece as which a document came in, of those that OfDocument gives: the others brought its bytes again. It is false
// when there is none.
func CameAs(pieces []Piece) (Piece, bool) {
	i := slices.IndexFunc(pieces, func(p Piece) bool { return p.State != Duplicate })
	if i < 0 {
		return Piece{}, false
	}
	return pieces[i], true
}

func pieces(ctx context.Context, q postgres.Querier, where string, args ...any) ([]Piece, error) {
	rows, err := q.Query(ctx, "select "+pieceColumns+" from capture.piece where "+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanPiece)
}

// A Filter chooses pieces for a list. Zero fields choose all.
type Filter struct {
	Source string
	States []State
	Batch  string
	Since  time.Time // received at or after
	Until  time.Time // received before
	Before int64     // sequence numbers below, for the next page; 0 starts with the newest
	Limit  int       // 0 means 50
}

// Pieces lists pieces, the newest first, a page at a time by key.
func Pieces(ctx context.Context, q postgres.Querier, f Filter) ([]Piece, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	states := f.States
	if states == nil {
		states = []State{}
	}
	return pieces(ctx, q, `($1 = '' or source = $1) and (cardinality($2::text[]) = 0 or state = any($2)) and ($3 = '' or batch = $3)
		and ($4::timestamptz is null or received_at >= $4) and ($5::timestamptz is null or received_at < $5)
		and ($6 = 0 or seq < $6) order by seq desc limit $7`,
		f.Source, states, f.Batch, nullTime(f.Since), nullTime(f.Until), f.Before, f.Limit)
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// A Count is how many pieces of a source are in a state.
type Count struct {
	Source string
	State  State
	Pieces int
}

// Counts sums up the pieces received in [since, until) by source and state, in one query.
func Counts(ctx context.Context, q postgres.Querier, since, until time.Time) ([]Count, error) {
	rows, err := q.Query(ctx, `select source, state, count(*) from capture.piece
		where received_at >= $1 and received_at < $2 group by source, state order by source, state`, since, until)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Count])
}

// OpenCounts says how many pieces of any day are in each state that is not final, for the navigation's counts.
func OpenCounts(ctx context.Context, q postgres.Querier) (map[State]int, error) {
	rows, err := q.Query(ctx, `select state, count(*) from capture.piece
		where state in ('stored', 'reading', 'waiting', 'exception') group by state`)
	if err != nil {
		return nil, err
	}
	counts := map[State]int{}
	var s State
	var n int
	_, err = pgx.ForEachRow(rows, []any{&s, &n}, func() error {
		counts[s] = n
		return nil
	})
	return counts, err
}

// Queue lists the pieces in a state, the one that has waited longest first, a page at a time: those after a sequence number.
func Queue(ctx context.Context, q postgres.Querier, s State, after int64, limit int) ([]Piece, error) {
	return pieces(ctx, q, "state = $1 and seq > $2 order by seq limit $3", s, after, limit)
}
