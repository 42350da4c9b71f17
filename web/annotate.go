package web

import (
	"fmt"
	"strings"

	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// makeAnnotation answers POST /documents/:document/versions/:version/annotations with kind, page, text and stamp. Where it
// belongs is said by at, "x,y,w,h;x,y,w,h" in pixels of the page's image, or by words that stand on the page; else a note and a
// stamp go to the upper right corner.
func (s *Server) makeAnnotation(v *visit) error {
	version, err := s.version(v)
	if err != nil {
		return err
	}
	a := repository.Annotation{Document: version.Document, Version: version.Number, Page: atoi(v.form("page")),
		Kind: repository.AnnotationKind(v.form("kind")), Text: v.form("text")}
	if a.Kind == repository.Stamp {
		stamp, err := taxonomy.FindStamp(v.form("stamp"))
		if err != nil {
			return err
		}
		a.Stamp = stamp.ID
	}
	if a.Boxes, err = s.annotationPlace(v, version, a); err != nil {
		return err
	}
	return s.annotated(v, version, v.T("annotation.made"), func(tx pgx.Tx) (repository.Annotation, error) {
		return s.config.Store.Annotate(v.ctx(), tx, v.actor(), a)
	})
}

// changeAnnotation answers POST /documents/:document/versions/:version/annotations/:annotation with text, rev and, to move it, at.
func (s *Server) changeAnnotation(v *visit) error {
	version, id, err := s.annotation(v)
	if err != nil {
		return err
	}
	text := v.form("text")
	c := repository.AnnotationChange{Text: &text, Boxes: boxesOf(v.form("at")), Rev: atoi(v.form("rev"))}
	return s.annotated(v, version, v.T("annotation.changed"), func(tx pgx.Tx) (repository.Annotation, error) {
		return s.config.Store.ChangeAnnotation(v.ctx(), tx, v.actor(), version.Document, version.Number, id, c, v.user.Has(workflow.RecordsManager))
	})
}

// withdrawAnnotation answers POST /documents/:document/versions/:version/annotations/:annotation/withdraw.
func (s *Server) withdrawAnnotation(v *visit) error {
	version, id, err := s.annotation(v)
	if err != nil {
		return err
	}
	return s.annotated(v, version, v.T("annotation.withdrawn"), func(tx pgx.Tx) (repository.Annotation, error) {
		return s.config.Store.WithdrawAnnotation(v.ctx(), tx, v.actor(), version.Document, version.Number, id, v.form("reason"), v.user.Has(workflow.RecordsManager))
	})
}

// annotation is the annotation that the address names, of a version that the person may see.
func (s *Server) annotation(v *visit) (repository.Version, repository.AnnotationID, error) {
	version, err := s.version(v)
	if err != nil {
		return version, uuid.Nil, err
	}
	id, err := uuid.Parse(v.param("annotation"))
	return version, id, fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
}

// annotated does something with an annotation. The viewer is answered with the card of all of the version's; who has no script
// comes back to the page, at its place.
func (s *Server) annotated(v *visit, version repository.Version, done string, f func(pgx.Tx) (repository.Annotation, error)) error {
	var a repository.Annotation
	err := v.inTx(func(tx pgx.Tx) (err error) {
		a, err = f(tx)
		return err
	})
	if err != nil {
		return err
	}
	if v.partial() {
		return s.sendAnnotations(v, version, a.ID)
	}
	v.flash("success", done)
	path := fmt.Sprintf("/documents/%s?version=%d&page=%d", a.Document, a.Version, a.Page)
	if !a.Withdrawn() {
		path += "&annotation=" + a.ID.String()
	}
	return v.redirect(path)
}

// sendAnnotations sends the card of a version's annotations.
func (s *Server) sendAnnotations(v *visit, version repository.Version, here repository.AnnotationID) error {
	renditions, err := s.config.Store.Renditions(v.ctx(), v.pool(), version.Document, version.Number)
	if err != nil {
		return err
	}
	w := newViewer(version.Document, version.Number, renditions)
	all, err := s.annotations(v, &w, here.String())
	if err != nil {
		return err
	}
	return v.showPart("document.html", "annotations", all)
}

// annotationPlace is where a new annotation belongs.
func (s *Server) annotationPlace(v *visit, version repository.Version, a repository.Annotation) ([]repository.Box, error) {
	if at := boxesOf(v.form("at")); len(at) > 0 {
		return at, nil
	}
	l, err := s.config.Store.Layout(v.ctx(), v.pool(), version.Document, version.Number, a.Page)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if words := strings.TrimSpace(v.form("words")); words != "" {
		if places := occurrences(l, words); len(places) > 0 {
			return places[0], nil
		}
		return nil, fault.New(fault.Invalid, "%s", v.T("annotation.words_missing", limited(words, 200), a.Page))
	}
	return corner(a.Kind, l), nil
}

// corner is the upper right corner of a page, where what has no other place goes. A highlight has no such place.
func corner(kind repository.AnnotationKind, l repository.Layout) []repository.Box {
	switch kind {
	case repository.Note:
		return []repository.Box{{X: l.Width * 19 / 20, Y: l.Width / 20}}
	case repository.Stamp:
		return []repository.Box{{X: l.Width * 13 / 20, Y: l.Width / 20, W: l.Width * 6 / 20, H: l.Width * 9 / 80}}
	}
	return nil
}

// boxesOf reads boxes that stand one after the other with semicolons between; what is no box is left out.
func boxesOf(text string) (all []repository.Box) {
	for part := range strings.SplitSeq(text, ";") {
		if b := boxOf(part); part != "" && b != (repository.Box{}) {
			all = append(all, b)
		}
	}
	return all
}
