package repository_test

import (
	"fmt"
	"strings"
	"testing"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// paged gives a version one page of 100 by 200 pixels.
func (a *archive) paged(v repository.Version) repository.Version {
	a.t.Helper()
	r, err := a.PutRendition(a.t.Context(), v.Document, v.Number, repository.PageImage, 1, "image/png", strings.NewReader("picture"))
	if err != nil {
		a.t.Fatal(err)
	}
	r.Width, r.Height = 100, 200
	a.must(func(tx pgx.Tx) error { return a.AddRenditions(a.t.Context(), tx, []repository.Rendition{r}) })
	return v
}

func (a *archive) annotate(by journal.Actor, x repository.Annotation) (made repository.Annotation, err error) {
	err = a.in(func(tx pgx.Tx) (err error) {
		made, err = a.Annotate(a.t.Context(), tx, by, x)
		return err
	})
	return made, err
}

func (a *archive) change(by journal.Actor, x repository.Annotation, c repository.AnnotationChange, force bool) error {
	return a.in(func(tx pgx.Tx) error {
		_, err := a.ChangeAnnotation(a.t.Context(), tx, by, x.Document, x.Version, x.ID, c, force)
		return err
	})
}

func (a *archive) withdraw(by journal.Actor, x repository.Annotation, force bool) error {
	return a.in(func(tx pgx.Tx) error {
		_, err := a.WithdrawAnnotation(a.t.Context(), tx, by, x.Document, x.Version, x.ID, "no longer true", force)
		return err
	})
}

func note(v repository.Version, text string) repository.Annotation {
	return repository.Annotation{Document: v.Document, Version: v.Number, Page: 1, Kind: repository.Note, Boxes: []repository.Box{{X: 10, Y: 20}}, Text: text}
}

// An annotation is made, changed and withdrawn: what it was is kept each time, and the journal tells it without what it says.
func TestAnAnnotationKeepsWhatItWas(t *testing.T) {
	a := newArchive(t)
	v := a.paged(a.add("Dear Sirs"))
	made, err := a.annotate(anna, note(v, "  call\r\nher back \n"))
	if err != nil {
		t.Fatal(err)
	}
	later := "called"
	if err := a.change(anna, made, repository.AnnotationChange{Text: &later, Rev: 1}, false); err != nil {
		t.Fatal(err)
	}
	if err := a.change(boris, made, repository.AnnotationChange{Boxes: []repository.Box{{X: 30, Y: 40}}}, true); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := a.withdraw(anna, made, false); err != nil {
			t.Fatal(err)
		}
	}
	all, err := a.Annotations(t.Context(), a.pool, v.Document, v.Number)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	got, pin := all[0], []repository.Box{{X: 10, Y: 20}}
	want := made
	want.Text, want.Boxes, want.Rev = "called", []repository.Box{{X: 30, Y: 40}}, 3
	want.ChangedBy, want.ChangedAt, want.WithdrawnBy, want.WithdrawnAt = boris, got.ChangedAt, anna, got.WithdrawnAt
	want.Former = []repository.FormerAnnotation{
		{Text: "call\nher back", Boxes: pin, By: anna, At: made.At},
		{Text: "called", Boxes: pin, By: anna, At: got.Former[1].At}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	events, err := journal.BySubject(t.Context(), a.pool, v.Document, 0)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range events[1:] {
		told = append(told, fmt.Sprint(e.Actor, " ", e.Verb, " ", e.Detail["kind"], " on page ", e.Detail["page"], " of version ", e.Detail["version"]))
		if e.Detail["text"] != nil {
			t.Errorf("the journal tells what an annotation says: %v", e.Detail)
		}
	}
	if d := cmp.Diff([]string{
		"anna document.annotated note on page 1 of version 1", "anna document.annotation-changed note on page 1 of version 1",
		"boris document.annotation-changed note on page 1 of version 1", "anna document.annotation-withdrawn note on page 1 of version 1",
	}, told); d != "" || events[len(events)-1].Detail["reason"] != "no longer true" {
		t.Error(d, events[len(events)-1].Detail)
	}
}

func TestWhoMayChangeAnAnnotation(t *testing.T) {
	a := newArchive(t)
	made, err := a.annotate(anna, note(a.paged(a.add("x")), "mine"))
	if err != nil {
		t.Fatal(err)
	}
	text, none := "yours", made
	none.ID = made.Document
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"changed by somebody else":    {a.change(boris, made, repository.AnnotationChange{Text: &text}, false), fault.Denied},
		"withdrawn by somebody else":  {a.withdraw(boris, made, false), fault.Denied},
		"none that there is":          {a.withdraw(anna, none, true), fault.NotFound},
		"as it was before it changed": {a.change(anna, made, repository.AnnotationChange{Text: &text, Rev: 2}, false), fault.Conflict},
	} {
		if !fault.Is(c.err, c.want) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if err := a.withdraw(boris, made, true); err != nil {
		t.Fatal(err)
	}
	if err := a.change(anna, made, repository.AnnotationChange{Text: &text}, false); !fault.Is(err, fault.Conflict) {
		t.Errorf("changed after it was withdrawn: %v", err)
	}
}

func TestAnnotationsStandOnPages(t *testing.T) {
	a := newArchive(t)
	v := a.paged(a.add("x"))
	with := func(f func(*repository.Annotation)) repository.Annotation {
		x := repository.Annotation{Document: v.Document, Version: 1, Page: 1, Kind: repository.Highlight, Boxes: []repository.Box{{X: 5, Y: 6, W: 7, H: 8}}}
		f(&x)
		return x
	}
	for name, c := range map[string]struct {
		give repository.Annotation
		want fault.Kind
	}{
		"another kind":            {with(func(x *repository.Annotation) { x.Kind = "drawing" }), fault.Invalid},
		"no place":                {with(func(x *repository.Annotation) { x.Boxes = nil }), fault.Invalid},
		"a highlight of a point":  {with(func(x *repository.Annotation) { x.Boxes[0].W = 0 }), fault.Invalid},
		"a place before the page": {with(func(x *repository.Annotation) { x.Boxes[0].X = -1 }), fault.Invalid},
		"a place beside the page": {with(func(x *repository.Annotation) { x.Boxes[0].X = 100 }), fault.Invalid},
		"too many lines":          {with(func(x *repository.Annotation) { x.Boxes = make([]repository.Box, 201) }), fault.Invalid},
		"another page":            {with(func(x *repository.Annotation) { x.Page = 2 }), fault.NotFound},
		"no page":                 {with(func(x *repository.Annotation) { x.Page = 0 }), fault.Invalid},
		"another version":         {with(func(x *repository.Annotation) { x.Version = 2 }), fault.NotFound},
		"a note that is silent":   {with(func(x *repository.Annotation) { x.Kind, x.Text = repository.Note, " \n" }), fault.Invalid},
		"a text that is too long": {with(func(x *repository.Annotation) { x.Text = strings.Repeat("ő", 2001) }), fault.Invalid},
		"a stamp of no name":      {with(func(x *repository.Annotation) { x.Kind = repository.Stamp }), fault.Invalid},
		"a stamped highlight":     {with(func(x *repository.Annotation) { x.Stamp = "paid" }), fault.Invalid},
	} {
		if _, err := a.annotate(anna, c.give); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	made, err := a.annotate(anna, with(func(x *repository.Annotation) {
		x.Text, x.Boxes = strings.Repeat("ő", 2000), []repository.Box{{X: 90, Y: 190, W: 50, H: 50}, {X: 0, Y: 300, W: 5, H: 5}}
	}))
	if d := cmp.Diff([]repository.Box{{X: 90, Y: 190, W: 10, H: 10}}, made.Boxes); d != "" || err != nil {
		t.Error(d, err)
	}
	stamp, err := a.annotate(anna, with(func(x *repository.Annotation) {
		x.Kind, x.Stamp, x.Boxes = repository.Stamp, "paid", []repository.Box{{X: 90, Y: 190, W: 40, H: 15}}
	}))
	if d := cmp.Diff([]repository.Box{{X: 60, Y: 185, W: 40, H: 15}}, stamp.Boxes); d != "" || err != nil {
		t.Error("a stamp at the edge is moved, not cut:", d, err)
	}
}

func TestAVersionHasSoManyAnnotations(t *testing.T) {
	a := newArchive(t)
	v := a.paged(a.add("x"))
	_, err := a.pool.Exec(t.Context(), `insert into repository.annotation (document, id, version, page, kind, boxes, text, by, withdrawn_by, withdrawn_at)
		select $1, gen_random_uuid(), 1, 1, 'note', '[{"x":1,"y":1,"w":0,"h":0}]', 'x', 'anna', 'anna', now() from generate_series(1, 1000)`, v.Document)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.annotate(anna, note(v, "one more")); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Sentence(err), "1000") {
		t.Errorf("the thousand and first: %v", err)
	}
}
