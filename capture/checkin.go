package capture

import (
	"cmp"
	"context"
	"errors"
	"io"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A Return is the next version of a document, handed in by the person who has it checked out.
type Return struct {
	Document repository.DocumentID
	By       journal.Actor
	Name     string // file name; empty keeps the one before
	Comment  string
	Content  io.Reader
}

// CheckIn takes the next version of a document in and releases the document: bytes first, then the rows; when those do not
// come, the bytes are taken back. That it is read again follows from the journal. Nobody but who has the document checked out
// may; for others it is a Conflict that says who has it, before any byte is stored.
func (in *Intake) CheckIn(ctx context.Context, r Return) (repository.Version, error) {
	d, err := in.Store.Get(ctx, in.Pool, r.Document)
	if err != nil {
		return repository.Version{}, err
	}
	if err := d.HeldBy(r.By); err != nil {
		return repository.Version{}, err
	}
	newest, err := in.Store.Version(ctx, in.Pool, r.Document, 0)
	if err != nil {
		return repository.Version{}, err
	}
	content, err := in.Store.PutContent(ctx, r.Document, newest.Number+1, cmp.Or(cleanName(r.Name), newest.Name), r.Content, in.maxSize())
	if err != nil {
		return repository.Version{}, err
	}
	var v repository.Version
	err = postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error {
		v, err = in.Store.CheckIn(ctx, tx, r.By, r.Document, content, r.Comment)
		return err
	})
	if err != nil {
		return repository.Version{}, errors.Join(err, in.Store.Discard(ctx, r.Document, content))
	}
	return v, nil
}
