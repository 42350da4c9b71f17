package repository

import (
	"context"
	"fmt"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The verbs about annotations. The subject is the document; details name the annotation, its version, page and kind, never what
// it says.
const (
	Annotated           journal.Verb = "document.annotated"
	AnnotationChanged   journal.Verb = "document.annotation-changed"
	AnnotationWithdrawn journal.Verb = "document.annotation-withdrawn"
)

// Annotate marks something on a page and gives it as it is kept: with its ID and time, its boxes on the page. Of a, only
// document, version, page, kind, boxes, text and stamp count.
func (s *Store) Annotate(ctx context.Context, tx pgx.Tx, by journal.Actor, a Annotation) (Annotation, error) {
	a = Annotation{Document: a.Document, ID: uuid.Must(uuid.NewV7()), Version: a.Version, Page: a.Page, Kind: a.Kind, Boxes: a.Boxes,
		Text: said(a.Text), Stamp: a.Stamp, Rev: 1, By: by}
	if err := a.Check(); err != nil {
		return a, err
	}
	if err := lockVersion(ctx, tx, a.Document, a.Version); err != nil {
		return a, err
	}
	var n int
	err := tx.QueryRow(ctx, "select count(*) from repository.annotation where document = $1 and version = $2", a.Document, a.Version).Scan(&n)
	if err != nil {
		return a, err
	}
	if n >= MaxAnnotations {
		return a, fault.New(fault.Invalid, "Version %d of this document has %d annotations, withdrawn ones included; no version can have more. Nothing was saved.",
			a.Version, MaxAnnotations)
	}
	if a.Boxes, err = place(ctx, tx, a, a.Boxes); err != nil {
		return a, err
	}
	err = tx.QueryRow(ctx, `insert into repository.annotation (document, id, version, page, kind, boxes, text, stamp, by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning at`,
		a.Document, a.ID, a.Version, a.Page, a.Kind, a.Boxes, a.Text, a.Stamp, by).Scan(&a.At)
	if err != nil {
		return a, fmt.Errorf("annotate version %d of %s: %w", a.Version, a.Document, err)
	}
	return a, s.annotated(ctx, tx, by, Annotated, a, "")
}

// lockVersion lets one at a time annotate a version, so that the number of its annotations can be counted.
func lockVersion(ctx context.Context, tx pgx.Tx, id DocumentID, number int) error {
	var there bool
	err := tx.QueryRow(ctx, "select true from repository.version where document = $1 and number = $2 for no key update", id, number).Scan(&there)
	return postgres.Missing(err, "There is no version %d of document %s.", number, id)
}

// place is boxes as they stand on the page of an annotation. A page that was never read, or is none, has no place.
func place(ctx context.Context, tx pgx.Tx, a Annotation, boxes []Box) ([]Box, error) {
	var known bool
	var width, height int
	err := tx.QueryRow(ctx, `select count(*) > 0, coalesce(max(width), 0), coalesce(max(height), 0) from repository.rendition
		where document = $1 and version = $2 and page = $3 and kind in ($4, $5)`,
		a.Document, a.Version, a.Page, PageImage, PageLayout).Scan(&known, &width, &height)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, fault.New(fault.NotFound, "Version %d has no page %d on which something could be marked. Nothing was saved.", a.Version, a.Page)
	}
	if boxes = a.onPage(boxes, width, height); len(boxes) == 0 {
		return nil, fault.New(fault.Invalid, "The annotation's place lies beside page %d. Nothing was saved; choose another.", a.Page)
	}
	return boxes, nil
}

// ChangeAnnotation has an annotation say something else, or moves it; what it was is kept. Only who made it may, and with force
// anybody.
func (s *Store) ChangeAnnotation(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, version int, annotation AnnotationID, c AnnotationChange, force bool) (Annotation, error) {
	a, err := s.ownAnnotation(ctx, tx, by, id, version, annotation, force)
	if err != nil {
		return a, err
	}
	if err := c.refused(a); err != nil {
		return a, err
	}
	was := a.state()
	c.apply(&a)
	if err := a.Check(); err != nil {
		return a, err
	}
	if a.Boxes, err = place(ctx, tx, a, a.Boxes); err != nil {
		return a, err
	}
	err = tx.QueryRow(ctx, `update repository.annotation set boxes = $3, text = $4, former = former || $5::jsonb, rev = rev + 1,
		changed_by = $6, changed_at = now() where document = $1 and id = $2 returning rev, changed_at`,
		id, annotation, a.Boxes, a.Text, was, by).Scan(&a.Rev, &a.ChangedAt)
	if err != nil {
		return a, fmt.Errorf("change annotation %s of %s: %w", annotation, id, err)
	}
	a.ChangedBy, a.Former = by, append(a.Former, was)
	return a, s.annotated(ctx, tx, by, AnnotationChanged, a, "")
}

// WithdrawAnnotation has an annotation count no more; it is kept with who withdrew it and when, and the journal keeps a reason.
// Only who made it may, and with force anybody. Withdrawing again changes nothing.
func (s *Store) WithdrawAnnotation(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, version int, annotation AnnotationID, reason string, force bool) (Annotation, error) {
	if n := utf8.RuneCountInString(reason); n > maxReason {
		return Annotation{}, fault.New(fault.Invalid, "The reason has %d characters; %d is the most. Nothing was changed; shorten it.", n, maxReason)
	}
	a, err := s.ownAnnotation(ctx, tx, by, id, version, annotation, force)
	if err != nil || a.Withdrawn() {
		return a, err
	}
	err = tx.QueryRow(ctx, `update repository.annotation set withdrawn_by = $3, withdrawn_at = now()
		where document = $1 and id = $2 returning withdrawn_at`, id, annotation, by).Scan(&a.WithdrawnAt)
	if err != nil {
		return a, fmt.Errorf("withdraw annotation %s of %s: %w", annotation, id, err)
	}
	a.WithdrawnBy = by
	return a, s.annotated(ctx, tx, by, AnnotationWithdrawn, a, said(reason))
}

// ownAnnotation locks an annotation that somebody means to change.
func (s *Store) ownAnnotation(ctx context.Context, tx pgx.Tx, by journal.Actor, id DocumentID, version int, annotation AnnotationID, force bool) (Annotation, error) {
	rows, err := tx.Query(ctx, "select "+annotationColumns+` from repository.annotation
		where document = $1 and version = $2 and id = $3 for update`, id, version, annotation)
	if err != nil {
		return Annotation{}, err
	}
	a, err := pgx.CollectExactlyOneRow(rows, scanAnnotation)
	if err != nil {
		return a, postgres.Missing(err, "There is no such annotation.")
	}
	if a.By != by && !force {
		return a, fault.New(fault.Denied, "Only %+s, who made this annotation, or a records manager may change or withdraw it. Nothing was changed.", a.By)
	}
	return a, nil
}

func (s *Store) annotated(ctx context.Context, tx pgx.Tx, by journal.Actor, verb journal.Verb, a Annotation, reason string) error {
	detail := map[string]any{"annotation": a.ID, "version": a.Version, "page": a.Page, "kind": a.Kind}
	if a.Stamp != "" {
		detail["stamp"] = a.Stamp
	}
	if reason != "" {
		detail["reason"] = reason
	}
	_, err := s.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: Subject(a.Document), Detail: detail})
	return err
}

const annotationColumns = `document, id, version, page, kind, boxes, text, stamp, rev, by, at,
	coalesce(changed_by, ''), coalesce(changed_at, '0001-01-01 00:00:00+00'), former,
	coalesce(withdrawn_by, ''), coalesce(withdrawn_at, '0001-01-01 00:00:00+00')`

func scanAnnotation(row pgx.CollectableRow) (Annotation, error) {
	var a Annotation
	err := row.Scan(&a.Document, &a.ID, &a.Version, &a.Page, &a.Kind, &a.Boxes, &a.Text, &a.Stamp, &a.Rev, &a.By, &a.At,
		&a.ChangedBy, &a.ChangedAt, &a.Former, &a.WithdrawnBy, &a.WithdrawnAt)
	return a, err
}

// Annotations gives all annotations of a version, withdrawn ones included: by page, and on it in the order in which they were
// made.
func (s *Store) Annotations(ctx context.Context, q postgres.Querier, id DocumentID, version int) ([]Annotation, error) {
	return s.annotations(ctx, q, "where document = $1 and version = $2 order by page, id", id, version)
}

// AllAnnotations is Annotations for all versions of a document, by version.
func (s *Store) AllAnnotations(ctx context.Context, q postgres.Querier, id DocumentID) ([]Annotation, error) {
	return s.annotations(ctx, q, "where document = $1 order by version, page, id", id)
}

func (s *Store) annotations(ctx context.Context, q postgres.Querier, where string, args ...any) ([]Annotation, error) {
	rows, err := q.Query(ctx, "select "+annotationColumns+" from repository.annotation "+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanAnnotation)
}

// Sayings gives, of some documents, the annotations that count and say something: by version, and by page.
func (s *Store) Sayings(ctx context.Context, q postgres.Querier, documents []DocumentID) (map[DocumentID][]Annotation, error) {
	all, err := s.annotations(ctx, q, "where document = any($1) and text <> '' and withdrawn_at is null order by version, page, id", documents)
	if err != nil {
		return nil, fmt.Errorf("annotations: %w", err)
	}
	of := map[DocumentID][]Annotation{}
	for _, a := range all {
		of[a.Document] = append(of[a.Document], a)
	}
	return of, nil
}

// RestoreAnnotations keeps annotations as they were elsewhere, for versions that Restore made. It is no event.
func (s *Store) RestoreAnnotations(ctx context.Context, tx pgx.Tx, all []Annotation) error {
	batch := &pgx.Batch{}
	for _, a := range all {
		if err := a.Check(); err != nil {
			return err
		}
		batch.Queue(`insert into repository.annotation (document, id, version, page, kind, boxes, text, stamp, rev, by, at,
			changed_by, changed_at, former, withdrawn_by, withdrawn_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
			nullif($12, ''), nullif($13, timestamptz '0001-01-01 00:00:00+00'), $14, nullif($15, ''), nullif($16, timestamptz '0001-01-01 00:00:00+00'))`,
			a.Document, a.ID, a.Version, a.Page, a.Kind, a.Boxes, clean(a.Text), a.Stamp, a.Rev, a.By, a.At,
			a.ChangedBy, a.ChangedAt, append([]FormerAnnotation{}, a.Former...), a.WithdrawnBy, a.WithdrawnAt)
	}
	return tx.SendBatch(ctx, batch).Close()
}
