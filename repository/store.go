package repository

import (
	"context"
	"fmt"

	"docket/repository/blob"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// The verbs that this package appends to the journal. The subject is always the document.
const (
	DocumentAdded    journal.Verb = "document.added"
	DocumentRevised  journal.Verb = "document.revised"
	CheckedOut       journal.Verb = "document.checked-out"
	CheckOutCanceled journal.Verb = "document.check-out-cancelled"
	DamageFound      journal.Verb = "document.damage-found"
	DamageMended     journal.Verb = "document.damage-mended"
)

// A Store keeps documents. It holds no pool and no state of its own and is safe for concurrent use.
type Store struct {
	blobs   blob.Store
	journal *journal.Journal
}

// NewStore makes a store over an object store; what happens is appended to j.
func NewStore(blobs blob.Store, j *journal.Journal) *Store { return &Store{blobs, j} }

// Subject is a document as the subject of an event.
func Subject(id DocumentID) journal.Subject { return journal.Subject{Kind: "document", ID: id} }

// Add makes a document whose first version is content that PutContent stored under id.
func (s *Store) Add(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, c Content) (Version, error) {
	if _, err := tx.Exec(ctx, "insert into repository.document (id, created_by) values ($1, $2)", id, by); err != nil {
		return Version{}, fmt.Errorf("add document %s: %w", id, err)
	}
	return s.addVersion(ctx, tx, by, id, 1, c, "", DocumentAdded)
}

// Revise adds the next version of a document. A document that somebody else has checked out refuses with a Conflict.
func (s *Store) Revise(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, c Content, comment string) (Version, error) {
	d, err := s.lock(ctx, tx, id)
	if err != nil {
		return Version{}, err
	}
	if d.CheckedOutBy != "" {
		if err := d.HeldBy(by); err != nil {
			return Version{}, err
		}
	}
	number := d.Latest + 1
	if _, err := tx.Exec(ctx, "update repository.document set latest = $2 where id = $1", id, number); err != nil {
		return Version{}, fmt.Errorf("revise document %s: %w", id, err)
	}
	return s.addVersion(ctx, tx, by, id, number, c, comment, DocumentRevised)
}

func (s *Store) addVersion(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, number int, c Content, comment string, verb journal.Verb) (Version, error) {
	v := Version{Document: id, Number: number, Name: c.Name, MediaType: c.MediaType, Size: c.Size, SHA256: c.SHA256,
		Object: c.Object, By: by, Comment: comment}
	err := tx.QueryRow(ctx, `insert into repository.version (document, number, name, media_type, size, sha256, object, by, comment)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning at`,
		id, number, clean(c.Name), c.MediaType, c.Size, c.SHA256[:], c.Object, by, clean(comment)).Scan(&v.At)
	if err != nil {
		return Version{}, fmt.Errorf("add version %d of %s: %w", number, id, err)
	}
	_, err = s.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: Subject(id), Detail: map[string]any{
		"version": number, "name": clean(c.Name), "sha256": fmt.Sprintf("%x", c.SHA256), "size": c.Size}})
	return v, err
}

const documentColumns = "id, created_at, created_by, latest, coalesce(checked_out_by, ''), coalesce(checked_out_at, 'epoch')"

func scanDocument(row pgx.CollectableRow) (Document, error) {
	var d Document
	err := row.Scan(&d.ID, &d.CreatedAt, &d.CreatedBy, &d.Latest, &d.CheckedOutBy, &d.CheckedOutAt)
	return d, err
}

// Get gives a document, or a fault of kind NotFound.
func (s *Store) Get(ctx context.Context, q postgres.Querier, id DocumentID) (Document, error) {
	return s.one(ctx, q, id, "")
}

func (s *Store) lock(ctx context.Context, tx pgx.Tx, id DocumentID) (Document, error) {
	return s.one(ctx, tx, id, " for update")
}

func (s *Store) one(ctx context.Context, q postgres.Querier, id DocumentID, suffix string) (Document, error) {
	rows, err := q.Query(ctx, "select "+documentColumns+" from repository.document where id = $1"+suffix, id)
	if err != nil {
		return Document{}, err
	}
	d, err := pgx.CollectExactlyOneRow(rows, scanDocument)
	return d, postgres.Missing(err, "There is no document %s.", id)
}

const versionColumns = "document, number, name, media_type, size, sha256, object, by, at, comment"

func scanVersion(row pgx.CollectableRow) (Version, error) {
	var v Version
	var sum []byte
	err := row.Scan(&v.Document, &v.Number, &v.Name, &v.MediaType, &v.Size, &sum, &v.Object, &v.By, &v.At, &v.Comment)
	copy(v.SHA256[:], sum)
	return v, err
}

// Version gives one version of a document, the newest when number is 0, or a fault of kind NotFound.
func (s *Store) Version(ctx context.Context, q postgres.Querier, id DocumentID, number int) (Version, error) {
	rows, err := q.Query(ctx, "select "+versionColumns+` from repository.version
		where document = $1 and ($2 = 0 or number = $2) order by number desc limit 1`, id, number)
	if err != nil {
		return Version{}, err
	}
	v, err := pgx.CollectExactlyOneRow(rows, scanVersion)
	return v, postgres.Missing(err, "There is no version %d of document %s.", number, id)
}

// Versions gives all versions of a document, the first first.
func (s *Store) Versions(ctx context.Context, q postgres.Querier, id DocumentID) ([]Version, error) {
	rows, err := q.Query(ctx, "select "+versionColumns+" from repository.version where document = $1 order by number", id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanVersion)
}

// FindDigest gives the oldest document of which some version has these bytes.
func (s *Store) FindDigest(ctx context.Context, q postgres.Querier, sum blob.SHA256) (DocumentID, bool, error) {
	rows, err := q.Query(ctx, "select document from repository.version where sha256 = $1 order by document limit 1", sum[:])
	if err != nil {
		return DocumentID{}, false, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[DocumentID])
	if err != nil || len(found) == 0 {
		return DocumentID{}, false, err
	}
	return found[0], true, nil
}
