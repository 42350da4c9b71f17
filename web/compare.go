package web

import (
	"net/http"
	"slices"
	"sync"

	"docket/repository"
	"docket/repository/difference"
	"docket/repository/fault"

	"golang.org/x/sync/errgroup"
)

// A comparePage is two versions of a document side by side, with what went and what came marked on their pages.
type comparePage struct {
	Frame
	Document repository.DocumentID
	Versions []repository.Version // to choose from, the newest first
	Old, New comparedVersion
	Facts    []factRow
	Spans    []pairSpan
	Changes  []changeRow // the first of all
	All      int         // changes there are
	Text     []textPair
	Says     []string // what there is to know of the comparison: that nothing changed, or that it was cut
}

// maxCompared is the most pages of a version that are compared. The rest is said.
const maxCompared = 200

// A comparedVersion is a version with the words of its pages.
type comparedVersion struct {
	repository.Version
	View       viewer
	renditions []repository.Rendition
	words      []difference.Page
	marks      map[int][]difference.Mark // by page
	cut        bool
}

// showCompare answers GET /documents/:document/compare?a=&b=: how version b differs from version a. Without them the newest is
// compared with the one before.
func (s *Server) showCompare(v *visit) error {
	id, err := v.documentID()
	if err != nil {
		return err
	}
	if err := s.readable(v, id); err != nil {
		return err
	}
	versions, err := s.config.Store.Versions(v.ctx(), v.pool(), id)
	if err != nil {
		return err
	}
	slices.Reverse(versions)
	about := documentPage{Document: repository.Document{ID: id}, Version: versions[0], Versions: versions}
	if err := s.addRecord(v, id, &about); err != nil {
		return err
	}
	if about.Filed { // its place, which leads back
		words, err := v.callings()
		if err != nil {
			return err
		}
		about.Panel = s.filedPanel(v, &about, words)
	}
	page := comparePage{Document: id, Versions: versions}
	if page.Old.Version, page.New.Version, err = about.chooseTwo(v.query("a"), v.query("b")); err != nil {
		return err
	}
	for _, x := range []*comparedVersion{&page.Old, &page.New} {
		if err := s.loadCompared(v, x); err != nil {
			return err
		}
	}
	if err := s.compare(v, &page); err != nil {
		return err
	}
	page.Frame = v.frame(v.T("compare.title", page.Old.Number, page.New.Number), append(about.crumbs(v), Crumb{about.title(), "/documents/" + id.String()})...)
	return v.show(http.StatusOK, "compare.html", page)
}

// chooseTwo takes the versions that the address names, else the newest and the one before.
func (p documentPage) chooseTwo(a, b string) (old, new repository.Version, err error) {
	if len(p.Versions) < 2 {
		return old, new, fault.New(fault.NotFound, "This document has one version. There is nothing to compare it with.")
	}
	if err := p.choose(b); err != nil {
		return old, new, err
	}
	new = p.Version
	if a == "" {
		a = itoa(max(new.Number-1, 1))
	}
	err = p.choose(a)
	return p.Version, new, err
}

// loadCompared reads the pages of a version and their words as they stand in the text.
func (s *Server) loadCompared(v *visit, c *comparedVersion) (err error) {
	if err := s.shown(v, c.Version); err != nil {
		return err
	}
	if c.renditions, err = s.config.Store.Renditions(v.ctx(), v.pool(), c.Document, c.Number); err != nil {
		return err
	}
	texts, err := s.config.Store.VersionTexts(v.ctx(), v.pool(), c.Document, c.Number)
	if err != nil {
		return err
	}
	c.View = newViewer(c.Document, c.Number, c.renditions)
	c.View.addTexts(texts)
	if c.cut = len(c.View.Pages) > maxCompared; c.cut {
		c.View.Pages = c.View.Pages[:maxCompared]
	}
	c.words = make([]difference.Page, len(c.View.Pages))
	for i, p := range c.View.Pages {
		c.words[i] = difference.PageOf(p.Number, p.Text)
	}
	return nil
}

// placeChanges reads where the changed words of pages stand, from the layouts of these pages alone: a version has many, which take long
// to read. A page of which no layout is known, or one of other words, has no marks.
func (s *Server) placeChanges(v *visit, c *comparedVersion, sides []difference.Side) error {
	group, ctx := errgroup.WithContext(v.ctx())
	group.SetLimit(8)
	c.marks = make(map[int][]difference.Mark, len(sides))
	var mu sync.Mutex
	for _, side := range sides {
		i := slices.IndexFunc(c.words, func(p difference.Page) bool { return p.Number == side.Page })
		j := slices.IndexFunc(c.renditions, func(r repository.Rendition) bool { return r.Kind == repository.PageLayout && r.Page == side.Page })
		if i < 0 || j < 0 {
			continue
		}
		group.Go(func() error {
			layout, err := s.config.Store.ReadLayout(ctx, c.renditions[j])
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			c.marks[side.Page] = side.Marks(c.words[i].Placed(layout))
			return err
		})
	}
	return group.Wait()
}
