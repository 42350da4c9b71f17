package capture

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// refuse enters a piece whose bytes were not accepted.
func (in *Intake) refuse(ctx context.Context, item Item, d *mailDigest, reason string) (Piece, error) {
	p := newPiece(item)
	p.State, p.Reason = Rejected, reason
	err := postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error { return in.enterItem(ctx, tx, item, &p, PieceRefused, d) })
	return p, err
}

// read lets the digest of a message be computed while its content is read. It is nil for what is no message.
func (item *Item) read() *mailDigest {
	if item.Mail == nil {
		return nil
	}
	d := newMailDigest()
	item.Content = io.TeeReader(item.Content, d)
	return d
}

// enterItem writes the line of an item, and what belongs to it.
func (in *Intake) enterItem(ctx context.Context, tx pgx.Tx, item Item, p *Piece, verb journal.Verb, d *mailDigest) error {
	if err := in.enterLine(ctx, tx, p, verb); err != nil {
		return err
	}
	if d != nil {
		if err := item.Mail.enter(ctx, tx, *p, d); err != nil {
			return err
		}
	}
	if item.With != nil {
		return item.With(ctx, tx)
	}
	return nil
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
