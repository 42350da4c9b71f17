package repository

import (
	"context"
	"fmt"
	"io"
	"strings"

	"docket/repository/blob"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// extensions of what renditions are made of.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "application/json": ".json", "application/pdf": ".pdf",
}

// renditionKey is where a rendition's bytes lie in the bucket.
func renditionKey(id DocumentID, version int, kind RenditionKind, page int, mediaType string) string {
	base := fmt.Sprintf("documents/%s/v%d/", id, version)
	switch kind {
	case SearchablePDF:
		return base + "archive.pdf"
	case Thumbnail:
		return fmt.Sprintf("%spages/%d.thumb%s", base, page, extensions[mediaType])
	case FineImage:
		return fmt.Sprintf("%spages/%d.fine%s", base, page, extensions[mediaType])
	}
	return fmt.Sprintf("%spages/%d%s", base, page, extensions[mediaType])
}

// PutRendition stores a rendition's bytes. It counts only once AddRenditions has committed its row.
func (s *Store) PutRendition(ctx context.Context, id DocumentID, version int, kind RenditionKind, page int, mediaType string, r io.Reader) (Rendition, error) {
	key := renditionKey(id, version, kind, page, mediaType)
	o, err := s.blobs.Put(ctx, key, r, blob.PutOptions{MediaType: mediaType})
	if err != nil {
		return Rendition{}, fmt.Errorf("store %s: %w", key, err)
	}
	return Rendition{Document: id, Version: version, Kind: kind, Page: page, Key: key, Object: o.Version,
		MediaType: mediaType, Size: o.Size, SHA256: o.SHA256}, nil
}

// AddRenditions records renditions in one statement; one that is already there is replaced.
func (s *Store) AddRenditions(ctx context.Context, tx pgx.Tx, all []Rendition) error {
	batch := &pgx.Batch{}
	for _, r := range all {
		batch.Queue(`insert into repository.rendition (document, version, kind, page, key, object, media_type, size, sha256, width, height)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			on conflict (document, version, kind, page) do update set key = excluded.key, object = excluded.object,
			media_type = excluded.media_type, size = excluded.size, sha256 = excluded.sha256, width = excluded.width, height = excluded.height`,
			r.Document, r.Version, r.Kind, r.Page, r.Key, r.Object, r.MediaType, r.Size, r.SHA256[:], r.Width, r.Height)
	}
	return tx.SendBatch(ctx, batch).Close()
}

const renditionColumns = "document, version, kind, page, key, object, media_type, size, sha256, width, height"

func scanRendition(row pgx.CollectableRow) (Rendition, error) {
	var r Rendition
	var sum []byte
	err := row.Scan(&r.Document, &r.Version, &r.Kind, &r.Page, &r.Key, &r.Object, &r.MediaType, &r.Size, &sum, &r.Width, &r.Height)
	copy(r.SHA256[:], sum)
	return r, err
}

// Rendition gives one rendition of a version, or a fault of kind NotFound.
func (s *Store) Rendition(ctx context.Context, q postgres.Querier, id DocumentID, version int, kind RenditionKind, page int) (Rendition, error) {
	rows, err := q.Query(ctx, "select "+renditionColumns+` from repository.rendition
		where document = $1 and version = $2 and kind = $3 and page = $4`, id, version, kind, page)
	if err != nil {
		return Rendition{}, err
	}
	r, err := pgx.CollectExactlyOneRow(rows, scanRendition)
	return r, postgres.Missing(err, "There is no picture or layout “%s” of page %d.", kind, page)
}

// Renditions gives all renditions of a version, by kind and page.
func (s *Store) Renditions(ctx context.Context, q postgres.Querier, id DocumentID, version int) ([]Rendition, error) {
	rows, err := q.Query(ctx, "select "+renditionColumns+` from repository.rendition
		where document = $1 and version = $2 order by kind, page`, id, version)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanRendition)
}

// SetTexts records the text of a version's pages in place of what was recorded before. NUL bytes and invalid UTF-8, which
// PostgreSQL refuses, are replaced.
func (s *Store) SetTexts(ctx context.Context, tx pgx.Tx, id DocumentID, version int, pages []PageText) error {
	if _, err := tx.Exec(ctx, "delete from repository.page_text where document = $1 and version = $2", id, version); err != nil {
		return err
	}
	var numbers []int
	var texts, languages []string
	var confidences []float32
	for _, p := range pages {
		numbers, texts, languages = append(numbers, p.Page), append(texts, clean(p.Text)), append(languages, p.Language)
		confidences = append(confidences, float32(p.Confidence))
	}
	_, err := tx.Exec(ctx, `insert into repository.page_text (document, version, page, text, language, confidence)
		select $1, $2, * from unnest($3::int[], $4::text[], $5::text[], $6::real[])`, id, version, numbers, texts, languages, confidences)
	if err != nil {
		return fmt.Errorf("texts of %s: %w", id, err)
	}
	return nil
}

// clean makes s acceptable to PostgreSQL: valid UTF-8 without NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// Texts gives the page texts of the newest versions of several documents in one query, pages in order.
func (s *Store) Texts(ctx context.Context, q postgres.Querier, ids []DocumentID) (map[DocumentID][]PageText, error) {
	rows, err := q.Query(ctx, `select t.document, t.page, t.text, t.language, t.confidence
		from repository.page_text t join repository.document d on d.id = t.document and d.latest = t.version
		where t.document = any($1) order by t.document, t.page`, ids)
	if err != nil {
		return nil, err
	}
	texts := make(map[DocumentID][]PageText, len(ids))
	var id DocumentID
	var p PageText
	_, err = pgx.ForEachRow(rows, []any{&id, &p.Page, &p.Text, &p.Language, &p.Confidence}, func() error {
		texts[id] = append(texts[id], p)
		return nil
	})
	return texts, err
}
