package web

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"docket/repository"
	"docket/repository/journal"
	"docket/taxonomy"
	"docket/workflow"
)

// Annotations are shown as pages are: without a script they are drawn over the page and listed below it, with their forms. With
// one, the viewer takes the drawings out of the card that lists them all, so there is one piece of code that draws.

// annotators are the roles that may mark pages.
var annotators = revisers

// annotations are what people marked on the pages of a version, as one of them sees it. The zero value has none.
type annotations struct {
	Base      string       // address of the version's files
	May       bool         // the person may mark pages
	Some      []annotation // those that count: by page, and on it in the order in which they were made
	Withdrawn []annotation
	Stamps    []stamp
}

// An annotation is one as a person sees it.
type annotation struct {
	repository.Annotation
	Number  int    // on its page, among those that count; 0 for one that was withdrawn
	Title   string // what it is; of a stamp what stands on it
	Colour  string // of a stamp
	Stamped string // what stands below on a stamp: the day and who
	Author  string
	Label   string // all of it, for who does not see it drawn
	Mine    bool   // the person may change and withdraw it
	Here    bool   // the address leads to it
	Pin     pin
	Path    string // leads to it
	Base    string // address of the version's files

	who func(journal.Actor) string
}

// Who is who did something to it, a person by their title.
func (a annotation) Who(by journal.Actor) string {
	if a.who == nil {
		return string(by)
	}
	return a.who(by)
}

// A pin marks the place of an annotation that says something. The zero pin is none.
type pin struct{ X, Y, R int }

// A stamp is one of the house's stamps as it is offered.
type stamp struct{ ID, Title, Colour string }

// annotations are those of a version. Here is the ID of the one that the address leads to.
func (s *Server) annotations(v *visit, w *viewer, here string) (annotations, error) {
	out := annotations{Base: w.Base, May: v.user.Has(annotators...)}
	all, err := s.config.Store.Annotations(v.ctx(), v.pool(), w.Document, w.Version)
	if err != nil {
		return out, err
	}
	stamps, err := taxonomy.LoadStamps()
	if err != nil {
		return out, err
	}
	for _, x := range stamps {
		out.Stamps = append(out.Stamps, stamp{x.ID, x.Titles.In(v.Code, x.ID), x.Colour})
	}
	numbers := map[int]int{}
	for _, a := range all {
		if !a.Withdrawn() {
			numbers[a.Page]++
			out.Some = append(out.Some, v.annotation(a, numbers[a.Page], w, out.Stamps, here))
		} else {
			out.Withdrawn = append(out.Withdrawn, v.annotation(a, 0, w, out.Stamps, here))
		}
	}
	return out, nil
}

func (v *visit) annotation(a repository.Annotation, number int, w *viewer, stamps []stamp, here string) annotation {
	out := annotation{Annotation: a, Number: number, Author: v.actorName(a.By), Here: a.ID.String() == here, Base: w.Base, who: v.actorName,
		Path: fmt.Sprintf("%s&page=%d&annotation=%s", w.Cite(), a.Page, a.ID),
		Mine: v.user.Has(annotators...) && (a.By == v.actor() || v.user.Has(workflow.RecordsManager))}
	switch {
	case a.Kind == repository.Stamp:
		out.Title, out.Colour = stampOf(stamps, a.Stamp)
		out.Stamped = v.Date(a.At.In(v.now.Location())) + " · " + out.Author
	case a.Kind == repository.Highlight:
		out.Title = v.T("annotation.highlight")
	default:
		out.Title = v.T("annotation.note")
	}
	out.Label = v.T("annotation.label", out.Title, number, out.Author)
	if a.Kind == repository.Stamp {
		out.Label = fmt.Sprintf("%s %s %d", out.Title, out.Stamped, number) // as it is drawn
	}
	if a.Text != "" {
		out.Label += fmt.Sprintf(": %.200s", a.Text)
		out.Pin = pinOf(a.Place(), w.page(a.Page))
	}
	return out
}

// stampOf is what stands on a stamp, and its colour. One that the house does not have, which an import may bring, is shown as it
// is called.
func stampOf(stamps []stamp, id string) (title, colour string) {
	for _, s := range stamps {
		if s.ID == id {
			return s.Title, s.Colour
		}
	}
	return id, "grey"
}

// pinOf puts a pin at a point, or at the upper right corner of a box, all of it on the page.
func pinOf(b repository.Box, p pageView) pin {
	width, height := max(p.Width, b.X+b.W), max(p.Height, b.Y+b.H)
	r := max(width/50, 6)
	return pin{min(max(b.X+b.W, r), max(width-r, r)), min(max(b.Y, r), max(height-r, r)), r}
}

// Size is the size of the number on a pin.
func (p pin) Size() int { return p.R * 5 / 4 }

// Is says whether the annotation is of a kind.
func (a annotation) Is(kind string) bool { return string(a.Kind) == kind }

// Spot is its place, for the script.
func (a annotation) Spot() string { return boxText(a.Place()) }

// Capitals is a stamp's title as it stands on the stamp.
func (a annotation) Capitals() string { return strings.ToUpper(a.Title) }

// Wide says whether a line of a stamp has to be drawn closer so that it fits, which has room for so many letters.
func (a annotation) Wide(line string, room int) bool { return utf8.RuneCountInString(line) > room }

// OfPage are those on a page.
func (a annotations) OfPage(number int) (some []annotation) {
	for _, x := range a.Some {
		if x.Page == number {
			some = append(some, x)
		}
	}
	return some
}

// Led is the annotation that the address leads to, nil when it leads to none.
func (a annotations) Led() *annotation {
	for _, all := range [][]annotation{a.Some, a.Withdrawn} {
		for i := range all {
			if all[i].Here {
				return &all[i]
			}
		}
	}
	return nil
}

// annotate gives a viewer the annotations of its version.
func (w *viewer) annotate(a annotations) {
	w.Annotations = a
	for _, x := range a.Some {
		w.at(x.Page).Annotated++
	}
}

// page is the page with a number, zero when there is none.
func (w *viewer) page(number int) pageView {
	for _, p := range w.Pages {
		if p.Number == number {
			return p
		}
	}
	return pageView{}
}
