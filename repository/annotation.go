package repository

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/uuid"
)

// An AnnotationID names an annotation among those of its document. It is a UUIDv7, so it sorts by time.
type AnnotationID = uuid.UUID

// An AnnotationKind says what an annotation is.
type AnnotationKind string

// The kinds of annotations.
const (
	Highlight AnnotationKind = "highlight" // over words or a part of the page; may say something
	Note      AnnotationKind = "note"      // a text at a place
	Stamp     AnnotationKind = "stamp"     // one of the house's stamps; may say something
)

// Bounds of annotations.
const (
	MaxAnnotations    = 1000 // of one version, withdrawn ones included
	MaxAnnotationText = 2000 // characters
	maxBoxes          = 200  // of one annotation: a highlight has one a line
	maxFormer         = 20   // changes of one annotation
	maxReason         = 500  // characters
	maxStampName      = 40   // bytes
	maxPixel          = 1 << 20
)

// An Annotation is something that a person marked on a page of a version. The version's bytes never change by it.
type Annotation struct {
	Document    DocumentID
	ID          AnnotationID
	Version     int
	Page        int // 1-based
	Kind        AnnotationKind
	Boxes       []Box  // where it is, in pixels of the page image, one a line; the box of a note may be a mere point
	Text        string // what it says; never empty for a note
	Stamp       string // which stamp; empty for other kinds. What it looks like is not known here
	Rev         int    // counts its states from 1
	By          journal.Actor
	At          time.Time
	ChangedBy   journal.Actor      // empty while it is as it was made
	ChangedAt   time.Time          // zero while it is as it was made
	Former      []FormerAnnotation // what it was before each change, the first first
	WithdrawnBy journal.Actor      // empty while it counts
	WithdrawnAt time.Time          // zero while it counts
}

// A FormerAnnotation is what an annotation was before somebody changed it.
type FormerAnnotation struct {
	Text  string        `json:"text"`
	Boxes []Box         `json:"boxes"`
	By    journal.Actor `json:"by"` // who had it say so
	At    time.Time     `json:"at"` // since when
}

// An AnnotationChange is what a person makes of an annotation.
type AnnotationChange struct {
	Text  *string // nil leaves it
	Boxes []Box   // empty leaves them
	Rev   int     // the state that was seen; another one is a Conflict; 0 does not check
}

// Withdrawn says whether an annotation counts no more.
func (a Annotation) Withdrawn() bool { return a.WithdrawnBy != "" }

// Place is the smallest box around all of an annotation.
func (a Annotation) Place() Box {
	var b Box
	for _, x := range a.Boxes {
		b = b.Union(x)
	}
	return b
}

// state is what an annotation is now, as it is kept when it changes.
func (a Annotation) state() FormerAnnotation {
	if a.Rev > 1 {
		return FormerAnnotation{a.Text, a.Boxes, a.ChangedBy, a.ChangedAt}
	}
	return FormerAnnotation{a.Text, a.Boxes, a.By, a.At}
}

// refused says why an annotation cannot be changed so, nil when it can.
func (c AnnotationChange) refused(a Annotation) error {
	switch {
	case a.Withdrawn():
		return fault.New(fault.Conflict, "%+s has withdrawn this annotation. Nothing was changed.", a.WithdrawnBy)
	case c.Rev != 0 && c.Rev != a.Rev:
		return fault.New(fault.Conflict, "%+s has changed this annotation meanwhile. Nothing was saved; look at it again.", a.state().By)
	case len(a.Former) >= maxFormer:
		return fault.New(fault.Invalid, "This annotation was changed %d times, which is the most. Nothing was saved; withdraw it and make another.", maxFormer)
	}
	return nil
}

func (c AnnotationChange) apply(a *Annotation) {
	if c.Text != nil {
		a.Text = said(*c.Text)
	}
	if len(c.Boxes) > 0 {
		a.Boxes = c.Boxes
	}
}

// Check is nil when an annotation is as annotations may be, and else a fault of kind Invalid.
func (a Annotation) Check() error {
	switch {
	case !slices.Contains([]AnnotationKind{Highlight, Note, Stamp}, a.Kind):
		return fault.New(fault.Invalid, "There is no annotation of the kind “%.40s”. Nothing was saved.", a.Kind)
	case a.Page < 1:
		return fault.New(fault.Invalid, "An annotation stands on a page. Nothing was saved.")
	case len(a.Boxes) == 0:
		return fault.New(fault.Invalid, "It is not known where on the page the annotation belongs. Nothing was saved; choose a place.")
	case len(a.Boxes) > maxBoxes:
		return fault.New(fault.Invalid, "The annotation covers %d lines; %d is the most. Nothing was saved.", len(a.Boxes), maxBoxes)
	case slices.ContainsFunc(a.Boxes, func(b Box) bool { return !a.fits(b) }):
		return fault.New(fault.Invalid, "The annotation's place is none on a page. Nothing was saved; choose another.")
	case (a.Kind == Stamp) != (a.Stamp != "") || len(a.Stamp) > maxStampName:
		return fault.New(fault.Invalid, "A stamp is one of those that the house has. Nothing was saved.")
	}
	return a.checkText()
}

func (a Annotation) checkText() error {
	if n := utf8.RuneCountInString(a.Text); n > MaxAnnotationText {
		return fault.New(fault.Invalid, "The text has %d characters; %d is the most. Nothing was saved; shorten it.", n, MaxAnnotationText)
	}
	if a.Kind == Note && strings.TrimSpace(a.Text) == "" {
		return fault.New(fault.Invalid, "A note needs a text. Nothing was saved.")
	}
	return nil
}

// fits says whether a box can be a place of the annotation. Only a note may be at a point.
func (a Annotation) fits(b Box) bool {
	if b.X < 0 || b.Y < 0 || b.W < 0 || b.H < 0 || max(b.X, b.Y, b.W, b.H) > maxPixel {
		return false
	}
	return a.Kind == Note || b.W > 0 && b.H > 0
}

// onPage brings boxes onto a page of some pixels and leaves out those beside it: a stamp is moved, other boxes are cut. A page of
// unknown size has all of them.
func (a Annotation) onPage(boxes []Box, width, height int) []Box {
	if width == 0 || height == 0 {
		return boxes
	}
	var all []Box
	for _, b := range boxes {
		if b.X >= width || b.Y >= height {
			continue
		}
		if a.Kind == Stamp {
			b.X, b.Y = max(min(b.X, width-b.W), 0), max(min(b.Y, height-b.H), 0)
		}
		b.W, b.H = min(b.W, width-b.X), min(b.H, height-b.Y)
		all = append(all, b)
	}
	return all
}

// said makes a text that a person wrote fit to be kept: one kind of line end, nothing around it.
func said(text string) string {
	return strings.TrimSpace(clean(strings.ReplaceAll(text, "\r\n", "\n")))
}
