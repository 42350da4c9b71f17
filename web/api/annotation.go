package api

import (
	"time"

	"docket/repository"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// An Annotation is what a person marked on a page of a version.
type Annotation struct {
	Annotation  string             `json:"annotation"`
	Version     int                `json:"version"`
	Page        int                `json:"page" doc:"from 1"`
	Kind        string             `json:"kind" enum:"highlight,note,stamp"`
	Boxes       []repository.Box   `json:"boxes" doc:"in pixels of the page's image, one a line; w and h of a note may be 0: a point"`
	Text        string             `json:"text"`
	Stamp       string             `json:"stamp,omitempty" doc:"which of the house's stamps"`
	Rev         int                `json:"rev" doc:"counts changes from 1; a change names the one that was seen"`
	By          string             `json:"by"`
	At          time.Time          `json:"at"`
	ChangedBy   string             `json:"changed_by,omitempty"`
	ChangedAt   time.Time          `json:"changed_at,omitzero"`
	Former      []FormerAnnotation `json:"former,omitempty" doc:"what it was before each change, the first first"`
	WithdrawnBy string             `json:"withdrawn_by,omitempty" doc:"absent while it counts"`
	WithdrawnAt time.Time          `json:"withdrawn_at,omitzero"`
}

// A FormerAnnotation is what an annotation was before a change.
type FormerAnnotation struct {
	Text  string           `json:"text"`
	Boxes []repository.Box `json:"boxes"`
	By    string           `json:"by"`
	At    time.Time        `json:"at"`
}

func newAnnotation(a repository.Annotation) Annotation {
	out := Annotation{Annotation: a.ID.String(), Version: a.Version, Page: a.Page, Kind: string(a.Kind), Boxes: a.Boxes, Text: a.Text, Stamp: a.Stamp,
		Rev: a.Rev, By: string(a.By), At: a.At, ChangedBy: string(a.ChangedBy), ChangedAt: a.ChangedAt, WithdrawnBy: string(a.WithdrawnBy), WithdrawnAt: a.WithdrawnAt}
	for _, f := range a.Former {
		out.Former = append(out.Former, FormerAnnotation{f.Text, f.Boxes, string(f.By), f.At})
	}
	return out
}

type annotationOutput struct{ Body Annotation }

func annotationAnswer(a repository.Annotation, err error) (*annotationOutput, error) {
	if err != nil {
		return nil, err
	}
	return &annotationOutput{newAnnotation(a)}, nil
}

type annotationsInput struct {
	Document  uuid.UUID `path:"document"`
	Version   int       `path:"version" minimum:"1"`
	Withdrawn bool      `query:"withdrawn" doc:"give those that were withdrawn as well"`
}

type annotationsOutput struct {
	Body struct {
		Annotations []Annotation `json:"annotations" doc:"by page, and on it in the order in which they were made"`
	}
}

// annotations answers GET /documents/{document}/versions/{version}/annotations. There are never more than
// repository.MaxAnnotations.
func (s *server) annotations(v *visit, in *annotationsInput) (*annotationsOutput, error) {
	version, err := s.version(v, in.Document, in.Version)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Annotations(v.ctx(), s.Pool, in.Document, version.Number)
	if err != nil {
		return nil, err
	}
	out := &annotationsOutput{}
	out.Body.Annotations = []Annotation{}
	for _, a := range all {
		if in.Withdrawn || !a.Withdrawn() {
			out.Body.Annotations = append(out.Body.Annotations, newAnnotation(a))
		}
	}
	return out, nil
}

type annotateInput struct {
	Document uuid.UUID `path:"document"`
	Version  int       `path:"version" minimum:"1"`
	Body     struct {
		Page  int              `json:"page" minimum:"1"`
		Kind  string           `json:"kind" enum:"highlight,note,stamp"`
		Boxes []repository.Box `json:"boxes" minItems:"1" maxItems:"200" doc:"in pixels of the page's image, one a line; w and h of a note may be 0: a point"`
		Text  string           `json:"text,omitempty" maxLength:"2000" doc:"what it says; a note needs one"`
		Stamp string           `json:"stamp,omitempty" maxLength:"40" doc:"which of the house's stamps: received, paid, copy, confidential, void"`
	}
}

// annotate answers POST /documents/{document}/versions/{version}/annotations.
func (s *server) annotate(v *visit, in *annotateInput) (*annotationOutput, error) {
	if err := s.seen(v, in.Document); err != nil {
		return nil, err
	}
	a := repository.Annotation{Document: in.Document, Version: in.Version, Page: in.Body.Page, Kind: repository.AnnotationKind(in.Body.Kind),
		Boxes: in.Body.Boxes, Text: in.Body.Text, Stamp: in.Body.Stamp}
	if a.Kind == repository.Stamp {
		if _, err := taxonomy.FindStamp(a.Stamp); err != nil {
			return nil, err
		}
	}
	err := s.inTx(v, func(tx pgx.Tx) (err error) {
		a, err = s.Store.Annotate(v.ctx(), tx, v.who.Actor(), a)
		return err
	})
	return annotationAnswer(a, err)
}

// An AnnotationPath names an annotation of a version.
type AnnotationPath struct {
	Document   uuid.UUID `path:"document"`
	Version    int       `path:"version" minimum:"1"`
	Annotation uuid.UUID `path:"annotation"`
}

type changeAnnotationInput struct {
	AnnotationPath
	Body struct {
		Text  *string          `json:"text,omitempty" maxLength:"2000" doc:"absent leaves it"`
		Boxes []repository.Box `json:"boxes,omitempty" maxItems:"200" doc:"absent leaves them"`
		Rev   int              `json:"rev,omitempty" minimum:"0" doc:"the state that was seen; another one is a conflict; absent does not check"`
	}
}

// changeAnnotation answers PATCH /documents/{document}/versions/{version}/annotations/{annotation}. Records managers may change
// somebody else's.
func (s *server) changeAnnotation(v *visit, in *changeAnnotationInput) (*annotationOutput, error) {
	return s.onAnnotation(v, in.AnnotationPath, func(tx pgx.Tx, force bool) (repository.Annotation, error) {
		c := repository.AnnotationChange{Text: in.Body.Text, Boxes: in.Body.Boxes, Rev: in.Body.Rev}
		return s.Store.ChangeAnnotation(v.ctx(), tx, v.who.Actor(), in.Document, in.Version, in.Annotation, c, force)
	})
}

type withdrawAnnotationInput struct {
	AnnotationPath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"kept in the document's history"`
	}
}

// withdrawAnnotation answers POST /documents/{document}/versions/{version}/annotations/{annotation}/withdraw. Records managers may
// withdraw somebody else's.
func (s *server) withdrawAnnotation(v *visit, in *withdrawAnnotationInput) (*annotationOutput, error) {
	return s.onAnnotation(v, in.AnnotationPath, func(tx pgx.Tx, force bool) (repository.Annotation, error) {
		return s.Store.WithdrawAnnotation(v.ctx(), tx, v.who.Actor(), in.Document, in.Version, in.Annotation, in.Body.Reason, force)
	})
}

// onAnnotation does something with an annotation of a document that the person may see and answers with what it is then.
func (s *server) onAnnotation(v *visit, p AnnotationPath, f func(tx pgx.Tx, force bool) (repository.Annotation, error)) (*annotationOutput, error) {
	if err := s.seen(v, p.Document); err != nil {
		return nil, err
	}
	var a repository.Annotation
	err := s.inTx(v, func(tx pgx.Tx) (err error) {
		a, err = f(tx, v.who.Has(workflow.RecordsManager))
		return err
	})
	return annotationAnswer(a, err)
}
