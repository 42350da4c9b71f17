package transfer

import (
	"errors"
	"fmt"
	"time"

	"docket/repository"
	"docket/repository/journal"

	"github.com/google/uuid"
)

// An Annotation is what somebody marked on a page of a version. Boxes are in pixels of the page's image.
type Annotation struct {
	ID          repository.AnnotationID       `json:"id"`
	Page        int                           `json:"page"`
	Kind        repository.AnnotationKind     `json:"kind"`
	Boxes       []repository.Box              `json:"boxes"`
	Text        string                        `json:"text,omitempty"`
	Stamp       string                        `json:"stamp,omitempty"`
	Rev         int                           `json:"rev"`
	By          journal.Actor                 `json:"by"`
	At          time.Time                     `json:"at"`
	ChangedBy   journal.Actor                 `json:"changed_by,omitempty"`
	ChangedAt   time.Time                     `json:"changed_at,omitzero"`
	Former      []repository.FormerAnnotation `json:"former,omitempty"`
	WithdrawnBy journal.Actor                 `json:"withdrawn_by,omitempty"` // absent while it counts
	WithdrawnAt time.Time                     `json:"withdrawn_at,omitzero"`
}

// newAnnotations are those of one version.
func newAnnotations(all []repository.Annotation, version int) (of []Annotation) {
	for _, a := range all {
		if a.Version == version {
			of = append(of, Annotation{a.ID, a.Page, a.Kind, a.Boxes, a.Text, a.Stamp, a.Rev, a.By, a.At, a.ChangedBy, a.ChangedAt, a.Former,
				a.WithdrawnBy, a.WithdrawnAt})
		}
	}
	return of
}

// annotation is one as it is kept here: made by people of another house.
func (a Annotation) annotation(id repository.DocumentID, version int) repository.Annotation {
	out := repository.Annotation{Document: id, ID: a.ID, Version: version, Page: a.Page, Kind: a.Kind, Boxes: a.Boxes, Text: a.Text, Stamp: a.Stamp,
		Rev: a.Rev, By: imported(a.By), At: a.At, ChangedBy: imported(a.ChangedBy), ChangedAt: a.ChangedAt,
		WithdrawnBy: imported(a.WithdrawnBy), WithdrawnAt: a.WithdrawnAt}
	for _, f := range a.Former {
		f.By = imported(f.By)
		out.Former = append(out.Former, f)
	}
	return out
}

// annotations are those of all versions.
func (l *Line) annotations() (all []repository.Annotation) {
	for _, v := range l.Versions {
		for _, a := range v.Annotations {
			all = append(all, a.annotation(l.Document, v.Number))
		}
	}
	return all
}

// checkAnnotations says what is wrong with the annotations of all versions.
func (l *Line) checkAnnotations() error {
	seen := map[uuid.UUID]bool{}
	for _, v := range l.Versions {
		if len(v.Annotations) > repository.MaxAnnotations {
			return fmt.Errorf("version %d has %d annotations", v.Number, len(v.Annotations))
		}
		for _, a := range v.Annotations {
			if err := a.check(); err != nil {
				return fmt.Errorf("version %d: %w", v.Number, err)
			}
			if seen[a.ID] {
				return fmt.Errorf("version %d: an annotation is in it twice", v.Number)
			}
			seen[a.ID] = true
		}
	}
	return nil
}

func (a Annotation) check() error {
	if err := given("annotation's ID", a.ID); err != nil {
		return err
	}
	out := a.annotation(uuid.Nil, 1)
	switch {
	case out.Check() != nil || a.Page > maxPages:
		return errors.New("one of its annotations is none that can be")
	case a.Rev < 1 || a.Rev > 1000 || a.By == "" || len(a.Former) > 1000:
		return errors.New("it is not known who made or changed one of its annotations")
	case (a.ChangedBy == "") != a.ChangedAt.IsZero() || (a.WithdrawnBy == "") != a.WithdrawnAt.IsZero():
		return errors.New("it is not known when one of its annotations was changed or withdrawn")
	}
	return nil
}
