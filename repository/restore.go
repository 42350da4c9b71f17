package repository

import (
	"context"
	"fmt"

	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// DocumentImported is the verb of a document that was brought over from another repository with its versions. Its detail says
// from where, and what had happened to it there.
const DocumentImported journal.Verb = "document.imported"

// Restore makes a document as it was elsewhere: under its own ID, with all its versions, who made them, when, and why. Each
// version's Object, Size, MediaType and SHA256 are those of bytes that PutContent stored here. A document that is there
// already is a unique violation of document_pkey. It is one event, with detail; nothing is told as if it had happened here.
func (s *Store) Restore(ctx context.Context, tx pgx.Tx, by journal.Actor, d Document, versions []Version, detail map[string]any) error {
	_, err := tx.Exec(ctx, "insert into repository.document (id, created_at, created_by, latest) values ($1, $2, $3, $4)",
		d.ID, d.CreatedAt, d.CreatedBy, len(versions))
	if err != nil {
		return fmt.Errorf("restore document %s: %w", d.ID, err)
	}
	for i, v := range versions {
		_, err := tx.Exec(ctx, `insert into repository.version (document, number, name, media_type, size, sha256, object, by, at, comment)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			d.ID, i+1, clean(v.Name), v.MediaType, v.Size, v.SHA256[:], v.Object, v.By, v.At, clean(v.Comment))
		if err != nil {
			return fmt.Errorf("restore version %d of %s: %w", i+1, d.ID, err)
		}
	}
	_, err = s.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentImported, Subject: Subject(d.ID), Detail: detail})
	return err
}

// VersionTexts gives the page texts of one version, pages in order.
func (s *Store) VersionTexts(ctx context.Context, q postgres.Querier, id DocumentID, version int) ([]PageText, error) {
	rows, err := q.Query(ctx, `select page, text, language, confidence from repository.page_text
		where document = $1 and version = $2 order by page`, id, version)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[PageText])
}
