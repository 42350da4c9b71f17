package api

import (
	"context"
	"fmt"
	"math"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// An Outcome is what became of one piece, as far as it has come.
type Outcome struct {
	Receipt    string            `json:"receipt"`
	Document   string            `json:"document" doc:"empty when the bytes were refused"`
	Class      string            `json:"class" doc:"empty until it is read"`
	Confidence float64           `json:"confidence" doc:"of the class, 0 to 1"`
	Title      string            `json:"title" doc:"its name; empty until it is filed"`
	Path       string            `json:"path" doc:"its place in the file plan; empty until it is filed"`
	Fields     map[string]string `json:"fields" doc:"normalised values by field"`
	Ticket     string            `json:"ticket" doc:"number of the ticket it belongs to; empty for none"`
	Pages      int               `json:"pages" doc:"0 until it is read"`
	Error      string            `json:"error" doc:"why it could not be read or was rejected"`
	Name       string            `json:"name,omitempty" doc:"file name it came with"`
	State      string            `json:"state,omitempty" doc:"stored, reading, waiting (for a person), filed, exception, rejected or duplicate (of bytes that came before)"`
	Language   string            `json:"language,omitempty" doc:"two letters"`
}

// A Piece is one piece of post and what became of it and of all that was attached to it.
type Piece struct {
	Receipt    uuid.UUID `json:"receipt"`
	Seq        int64     `json:"seq" doc:"its line in the intake ledger"`
	Name       string    `json:"name" doc:"file name it came with"`
	Source     string    `json:"source"`
	Batch      string    `json:"batch,omitempty"`
	State      string    `json:"state"`
	Reason     string    `json:"reason" doc:"why it is an exception, was rejected, or waits for a person"`
	ReceivedAt time.Time `json:"received_at"`
	Done       bool      `json:"done" doc:"nothing more happens to it, or to anything attached to it, unless a person does something"`
	Documents  []Outcome `json:"documents" doc:"of the piece itself and of all that was attached to it; in lists, of the piece itself"`
}

// A node is one piece of a tree of attachments.
type node struct {
	top        uuid.UUID // the piece that was asked for
	receipt    uuid.UUID
	seq        int64
	document   repository.DocumentID
	source     string
	batch      string
	name       string
	state      capture.State
	reason     string
	receivedAt time.Time
	receivedBy journal.Actor
	settled    bool
}

// settledSQL finds the pieces $1 and, when $2 says so, all that was attached to them. A piece is settled when it is done; a
// duplicate is as far as the piece that brought its bytes. The ticket of a filed document needs no waiting for: it is raised in
// the transaction that files it.
const settledSQL = `with recursive tree as (
		select receipt as top, receipt from capture.piece where receipt = any($1)
		union all
		select t.top, c.receipt from tree t join capture.piece c on c.parent = t.receipt where $2)
	select t.top, p.receipt, p.seq, coalesce(p.document, '00000000-0000-0000-0000-000000000000') as document, p.source, p.batch, p.name,
		p.state, p.reason, p.received_at, p.received_by, coalesce(first.state, p.state) not in ('stored', 'reading') as settled
	from tree t join capture.piece p on p.receipt = t.receipt
	left join lateral (select f.state from capture.piece f
		where p.state = 'duplicate' and f.document = p.document and f.state <> 'duplicate' limit 1) first on true`

// nodes gives pieces in the order of the ledger, with all that was attached to them if wanted.
func (s *server) nodes(ctx context.Context, receipts []uuid.UUID, attached bool) ([]node, error) {
	rows, err := s.Pool.Query(ctx, settledSQL+" order by p.seq", receipts, attached)
	if err != nil {
		return nil, fmt.Errorf("pieces: %w", postgres.Unavailable(err))
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n node, err error) {
		err = row.Scan(&n.top, &n.receipt, &n.seq, &n.document, &n.source, &n.batch, &n.name, &n.state, &n.reason,
			&n.receivedAt, &n.receivedBy, &n.settled)
		return n, err
	})
}

// pieces gives pieces with their outcomes, in the order of receipts and in a fixed number of statements.
func (s *server) pieces(ctx context.Context, reader taxonomy.Reader, receipts []uuid.UUID, attached bool) ([]Piece, error) {
	nodes, err := s.nodes(ctx, receipts, attached)
	if err != nil {
		return nil, err
	}
	outcomes, err := s.outcomes(ctx, reader, nodes)
	if err != nil {
		return nil, err
	}
	found := map[uuid.UUID]*Piece{}
	for i, n := range nodes {
		p := found[n.top]
		if p == nil {
			p = &Piece{Done: true}
			found[n.top] = p
		}
		if n.receipt == n.top {
			p.Receipt, p.Seq, p.Name, p.Source, p.Batch = n.receipt, n.seq, n.name, n.source, n.batch
			p.State, p.Reason, p.ReceivedAt = string(n.state), n.reason, n.receivedAt
		}
		p.Done = p.Done && n.settled
		p.Documents = append(p.Documents, outcomes[i])
	}
	list := make([]Piece, 0, len(receipts))
	for _, r := range receipts {
		if p := found[r]; p != nil {
			list = append(list, *p)
		}
	}
	return list, nil
}

// outcomes tells what became of pieces. Of records that the reader may not see it tells no more than that they are filed.
func (s *server) outcomes(ctx context.Context, reader taxonomy.Reader, nodes []node) ([]Outcome, error) {
	ids := make([]repository.DocumentID, 0, len(nodes))
	for _, n := range nodes {
		if n.document != uuid.Nil {
			ids = append(ids, n.document)
		}
	}
	readings, err := capture.Readings(ctx, s.Pool, ids)
	if err != nil {
		return nil, err
	}
	records, err := s.Plan.Records(ctx, s.Pool, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Outcome, len(nodes))
	for i, n := range nodes {
		o := Outcome{Receipt: n.receipt.String(), Name: n.name, State: string(n.state), Fields: map[string]string{}}
		if n.state == capture.Exception || n.state == capture.Rejected {
			o.Error = n.reason
		}
		record, filed := records[n.document]
		switch reading, read := readings[n.document]; {
		case filed && !reader.May(record.Readers):
		case filed:
			o.fromRecord(record)
			o.Pages = reading.Pages
		case read:
			o.fromReading(reading)
		case n.document != uuid.Nil:
			o.Document = n.document.String()
		}
		all[i] = o
	}
	return all, nil
}

func (o *Outcome) fromRecord(r taxonomy.Record) {
	o.Document, o.Class, o.Confidence, o.Title, o.Path = r.Document.String(), string(r.Class), rounded(r.Confidence), r.Title, r.Place
	o.Ticket, o.Language, o.Fields = r.Ticket, r.Language, fieldValues(r.Values)
}

func (o *Outcome) fromReading(r capture.Reading) {
	o.Document, o.Class, o.Confidence = r.Document.String(), string(r.Class), rounded(r.Confidence)
	o.Pages, o.Language, o.Fields = r.Pages, r.Language, fieldValues(r.Fields)
}

// rounded is a confidence without the noise that its four bytes in the database leave.
func rounded(c float64) float64 { return math.Round(c*1e4) / 1e4 }

// fieldValues are the normalised values by field.
func fieldValues(v taxonomy.Values) map[string]string {
	out := make(map[string]string, len(v))
	for id, x := range v {
		out[string(id)] = x.Value
	}
	return out
}

// mayFollow is nil for the mailroom and for whoever handed a piece, or the one that it was attached to, in. For others the piece
// does not exist.
func (s *server) mayFollow(v *visit, receipt uuid.UUID) error {
	p, err := capture.FindPiece(v.ctx(), s.Pool, receipt)
	if err != nil || v.who.Has(workflow.Mailroom) || p.ReceivedBy == v.who.Actor() {
		return postgres.Unavailable(err)
	}
	if p.Root != p.Receipt {
		root, err := capture.FindPiece(v.ctx(), s.Pool, p.Root)
		if err != nil || root.ReceivedBy == v.who.Actor() {
			return postgres.Unavailable(err)
		}
	}
	return fault.New(fault.NotFound, "There is no piece with the receipt %s.", receipt)
}
