package web

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"docket/repository"
	"docket/repository/difference"
)

// Bounds of what a comparison shows, so that two texts with nothing in common do not make a page of many megabytes.
const (
	maxChanges  = 1000 // in the list, and marked on pages
	maxMarked   = 5000 // boxes on pages
	changeWords = 24   // of a change in the list
	aroundWords = 12   // that stayed, before and after a change in the text
	maxRun      = 400  // words of a change in the text
)

// A factRow is one property of the two versions.
type factRow struct {
	Title, Old, New string
	Differs         bool
}

// A pairSpan is a pair of pages on which something changed, or pairs that follow each other on which nothing did.
type pairSpan struct {
	Pairs   []pagePair
	Changed bool
}

// A pagePair is two pages side by side. One of them may be missing.
type pagePair struct{ Old, New comparedSide }

// A comparedSide is one page of a pair.
type comparedSide struct {
	pageView
	Version int
	Gone    bool   // it is the old one: what is marked on it went
	First   bool   // it is seen at once, so its picture is not left for later
	Path    string // shows it in the viewer
	Base    string
	Changed []markedChange
}

// A markedChange is where the words of a change stand on a page.
type markedChange struct {
	Number int
	Target bool // the list leads here
	Boxes  []repository.Box
}

// A changeRow is a change in the list.
type changeRow struct {
	Number           int
	Before, Old, New string
	Where            string
	Path             string
}

// A textPair is the text of two pages, with what stayed cut short.
type textPair struct {
	Title string
	Runs  []difference.Run
}

// compare finds out how the versions differ and what there is to say about it.
func (s *Server) compare(v *visit, p *comparePage) error {
	p.Facts = p.facts(v)
	for _, c := range []*comparedVersion{&p.Old, &p.New} {
		if len(c.View.Pages) == 0 {
			p.Says = append(p.Says, v.T("compare.unread", c.Number))
		}
	}
	if len(p.Says) > 0 {
		return nil
	}
	r := difference.Compare(p.Old.words, p.New.words)
	p.say(v, r)
	if r.Common == 0 && r.OldN > 0 && r.NewN > 0 {
		r.Changes = nil // to mark every word would say nothing
	}
	p.All = len(r.Changes)
	old, new := p.marked(r)
	if err := errors.Join(s.placeChanges(v, &p.Old, old), s.placeChanges(v, &p.New, new)); err != nil {
		return err
	}
	p.list(v, r)
	p.show(r)
	p.read(v, r)
	return nil
}

// marked are the pages on which changes are marked.
func (p *comparePage) marked(r difference.Result) (old, new []difference.Side) {
	shown := func(s difference.Side) bool {
		return len(s.Changed) > 0 && s.Changed[0].Change <= min(p.All, maxChanges)
	}
	for _, pair := range r.Pairs {
		if shown(pair.Old) {
			old = append(old, pair.Old)
		}
		if shown(pair.New) {
			new = append(new, pair.New)
		}
	}
	return old, new
}

// say tells what the comparison found out as a whole, and what it left out.
func (p *comparePage) say(v *visit, r difference.Result) {
	switch {
	case p.Old.SHA256 == p.New.SHA256:
		p.Says = append(p.Says, v.T("compare.same_bytes"))
	case r.OldN == 0 && r.NewN == 0:
		p.Says = append(p.Says, v.T("compare.no_text"))
	case r.OldN == 0 || r.NewN == 0 || r.Common == 0:
		p.Says = append(p.Says, v.T("compare.nothing_common"))
	case len(r.Changes) == 0:
		p.Says = append(p.Says, v.T("compare.no_word"))
	}
	if p.Old.cut || p.New.cut {
		p.Says = append(p.Says, v.T("compare.cut_pages", maxCompared))
	}
	if r.Coarse {
		p.Says = append(p.Says, v.T("compare.coarse"))
	}
	if len(r.Changes) > maxChanges && r.Common > 0 {
		p.Says = append(p.Says, v.T("compare.cut_changes", maxChanges, len(r.Changes)))
	}
}

func (p *comparePage) facts(v *visit) []factRow {
	row := func(key string, old, new string, counts bool) factRow {
		return factRow{v.T(key), old, new, counts && old != new}
	}
	a, b := p.Old, p.New
	stored := func(x repository.Version) string {
		return v.Instant(x.At.In(v.now.Location())) + " · " + v.actorName(x.By)
	}
	rows := []factRow{
		row(v.T("piece.name"), a.Name, b.Name, true),
		row(v.T("compare.media"), v.mediaName(a.MediaType), v.mediaName(b.MediaType), true),
		row(v.T("list.size"), v.Size(a.Size), v.Size(b.Size), a.Size != b.Size),
		row(v.T("document.sheets"), v.Number(len(a.View.Pages)), v.Number(len(b.View.Pages)), true),
		row(v.T("compare.stored"), stored(a.Version), stored(b.Version), false),
	}
	if a.Comment+b.Comment != "" {
		rows = append(rows, row(v.T("checkout.comment"), a.Comment, b.Comment, false))
	}
	return rows
}

// list is what changed, one line each.
func (p *comparePage) list(v *visit, r difference.Result) {
	for _, c := range r.Changes[:min(len(r.Changes), maxChanges)] {
		row := changeRow{Number: c.Number, Before: c.Before, Old: someWords(c.Old), New: someWords(c.New), Path: fmt.Sprintf("#c%d", c.Number)}
		switch {
		case c.NewPage == 0 || c.OldPage == c.NewPage:
			row.Where = v.T("document.page", c.OldPage)
		case c.OldPage == 0:
			row.Where = v.T("document.page", c.NewPage)
		default:
			row.Where = v.T("compare.pages", c.OldPage, c.NewPage)
		}
		p.Changes = append(p.Changes, row)
	}
}

func someWords(words []string) string {
	if len(words) > changeWords {
		return strings.Join(words[:changeWords], " ") + " …"
	}
	return strings.Join(words, " ")
}

// show puts the pages side by side.
func (p *comparePage) show(r difference.Result) {
	m := marker{changes: p.All, room: maxMarked, led: map[int]bool{}}
	for _, pair := range r.Pairs {
		x := pagePair{p.Old.side(pair.Old), p.New.side(pair.New)}
		x.Old.Gone = true
		x.New.Changed = m.marks(p.New.marks[pair.New.Page]) // before the old ones: the list leads to what is there now, if anything is
		x.Old.Changed = m.marks(p.Old.marks[pair.Old.Page])
		changed := p.All > 0 && pair.Changed || pair.Old.Page == 0 || pair.New.Page == 0 || p.All == 0 && r.Common == 0
		if n := len(p.Spans); n > 0 && !changed && !p.Spans[n-1].Changed {
			p.Spans[n-1].Pairs = append(p.Spans[n-1].Pairs, x)
			continue
		}
		p.Spans = append(p.Spans, pairSpan{[]pagePair{x}, changed})
	}
	if i := slices.IndexFunc(p.Spans, func(s pairSpan) bool { return s.Changed }); i >= 0 {
		first := &p.Spans[i].Pairs[0]
		first.Old.First, first.New.First = true, true
	}
}

// A marker gives out the marks of pages, as long as there is room.
type marker struct {
	changes, room int
	led           map[int]bool // the list leads to a mark of the change already
}

func (m *marker) marks(found []difference.Mark) (all []markedChange) {
	for _, x := range found {
		if x.Change > min(m.changes, maxChanges) || m.room < len(x.Boxes) {
			break
		}
		m.room -= len(x.Boxes)
		all = append(all, markedChange{x.Change, !m.led[x.Change], roomy(x.Boxes)})
		m.led[x.Change] = true
	}
	return all
}

// roomy leaves words free of the frames around them.
func roomy(boxes []repository.Box) []repository.Box {
	all := make([]repository.Box, len(boxes))
	for i, b := range boxes {
		room := max(b.H/10, 1)
		all[i] = repository.Box{X: b.X - room, Y: b.Y - room, W: b.W + 2*room, H: b.H + 2*room}
	}
	return all
}

func (c *comparedVersion) side(s difference.Side) comparedSide {
	out := comparedSide{pageView: c.View.page(s.Page), Version: c.Number, Base: c.View.Base}
	if s.Page > 0 {
		out.Path = fmt.Sprintf("%s&page=%d", c.View.Cite(), s.Page)
	}
	return out
}

// read is the text of the pages on which something changed.
func (p *comparePage) read(v *visit, r difference.Result) {
	for _, pair := range r.Pairs {
		if p.All == 0 || !pair.Changed {
			continue
		}
		t := textPair{Title: v.T("compare.pages", pair.Old.Page, pair.New.Page)}
		switch {
		case pair.Old.Page == 0:
			t.Title = v.T("compare.page_came", pair.New.Page)
		case pair.New.Page == 0:
			t.Title = v.T("compare.page_went", pair.Old.Page)
		case pair.Old.Page == pair.New.Page:
			t.Title = v.T("document.page", pair.New.Page)
		}
		for i, run := range pair.Runs {
			if run.Change > maxChanges {
				break
			}
			t.Runs = append(t.Runs, shortened(run, i == 0, i == len(pair.Runs)-1))
		}
		p.Text = append(p.Text, t)
	}
}

// shortened leaves of words that stayed those around changes, and of a change its first.
func shortened(run difference.Run, first, last bool) difference.Run {
	words, n := run.Words, len(run.Words)
	switch {
	case run.Fate != difference.Stayed && n > maxRun:
		run.Words = append(words[:maxRun:maxRun], "…")
	case run.Fate != difference.Stayed:
	case first && n > aroundWords:
		run.Words = append([]string{"…"}, words[n-aroundWords:]...)
	case last && n > aroundWords:
		run.Words = append(words[:aroundWords:aroundWords], "…")
	case n > 2*aroundWords+1:
		run.Words = append(append(words[:aroundWords:aroundWords], "…"), words[n-aroundWords:]...)
	}
	return run
}

// First and Last are the numbers of the pages of a span, for what is told of pages on which nothing changed.
func (s pairSpan) First() int { return s.Pairs[0].New.Number }

// Last is the number of the last page of a span.
func (s pairSpan) Last() int { return s.Pairs[len(s.Pairs)-1].New.Number }
