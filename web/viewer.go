package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"docket/repository"
	"docket/repository/fault"
	"docket/search"
)

// A viewer is the pages of one version of a document as people look at them: one page at a time beside a strip of all of
// them. Without a script each page has an address; with one the page viewer takes over the same elements.
type viewer struct {
	Document repository.DocumentID
	Version  int
	Base     string // address of this version's files
	Pages    []pageView
	Shown    pageView // the one to begin with
	Marked   string   // the query whose hits are marked
	Newest   bool     // its texts are known
	Desk     bool     // it stands on the validation desk, where words fill fields
	Fine     bool     // pages that hold their text can be drawn finer

	Annotations annotations // none on the desk
}

// A pageView is one page as it is shown.
type pageView struct {
	Number        int
	Image         bool
	Width, Height int
	Text          string
	Annotated     int              // annotations that count
	Hits          int              // how often the query is found on it
	Marks         []repository.Box // where, in pixels of the image
	Found         repository.Box   // the place that the address cites
}

// thumbWidth is the width of a thumbnail in the strip, in CSS pixels.
const thumbWidth = 76

// ThumbHeight is the height that a page's thumbnail takes, so that nothing moves when it arrives. Pages of an unknown shape
// are taken to be A4.
func (p pageView) ThumbHeight() int {
	if p.Width <= 0 || p.Height <= 0 {
		return thumbWidth * 297 / 210
	}
	return min(max(thumbWidth*p.Height/p.Width, 20), 3*thumbWidth)
}

func newViewer(id repository.DocumentID, version int, renditions []repository.Rendition) viewer {
	w := viewer{Document: id, Version: version, Base: fmt.Sprintf("/documents/%s/versions/%d", id, version)}
	for _, r := range renditions {
		// A page with a layout has an image, or can be drawn when it is asked for.
		if r.Kind == repository.PageImage || r.Kind == repository.PageLayout && r.Width > 0 {
			view := w.at(r.Page)
			view.Image, view.Width, view.Height = true, r.Width, r.Height
		}
	}
	if len(w.Pages) > 0 {
		w.Shown = w.Pages[0]
	}
	return w
}

// at is the page with a number, made when it is not there.
func (w *viewer) at(number int) *pageView {
	i, found := slices.BinarySearchFunc(w.Pages, number, func(v pageView, n int) int { return v.Number - n })
	if !found {
		w.Pages = slices.Insert(w.Pages, i, pageView{Number: number})
	}
	return &w.Pages[i]
}

func (w *viewer) addTexts(texts []repository.PageText) {
	for _, t := range texts {
		w.at(t.Page).Text = t.Text
	}
	w.Newest = true
}

// turnTo shows the page that an address names, else the first, and the box on it.
func (w *viewer) turnTo(number, box string) {
	if len(w.Pages) == 0 {
		return
	}
	i := slices.IndexFunc(w.Pages, func(p pageView) bool { return strconv.Itoa(p.Number) == number })
	w.Shown = w.Pages[max(i, 0)]
	if i >= 0 {
		w.Shown.Found = boxOf(box)
	}
}

// boxOf reads "x,y,w,h" in pixels of the page image; anything else is no place.
func boxOf(text string) (b repository.Box) {
	if _, err := fmt.Sscanf(text, "%d,%d,%d,%d", &b.X, &b.Y, &b.W, &b.H); err != nil || b.W < 0 || b.H < 0 {
		return repository.Box{}
	}
	return b
}

// boxText is what boxOf reads.
func boxText(b repository.Box) string { return fmt.Sprintf("%d,%d,%d,%d", b.X, b.Y, b.W, b.H) }

// Place is the box that the address cites, for the script; empty when there is none.
func (p pageView) Place() string {
	if p.Found.IsZero() {
		return ""
	}
	return boxText(p.Found)
}

// Cite is the address of this version, to which page and box are added.
func (w viewer) Cite() string { return fmt.Sprintf("/documents/%s?version=%d", w.Document, w.Version) }

// Page is the address of a page on this page.
func (w viewer) Page(number int) string {
	address := url.Values{"page": {itoa(number)}}
	if !w.Newest && !w.Desk {
		address.Set("version", itoa(w.Version))
	}
	if w.Marked != "" {
		address.Set("q", w.Marked)
	}
	return "?" + address.Encode()
}

// Before and After are the pages around the one that is shown, 0 when there is none.
func (w viewer) Before() int { return w.beside(-1) }

// After is the page after the one that is shown, 0 when it is the last.
func (w viewer) After() int { return w.beside(1) }

func (w viewer) beside(step int) int {
	i := slices.IndexFunc(w.Pages, func(p pageView) bool { return p.Number == w.Shown.Number }) + step
	if i < 0 || i >= len(w.Pages) {
		return 0
	}
	return w.Pages[i].Number
}

// Found are the pages on which the query was found.
func (w viewer) Found() []pageView {
	return slices.DeleteFunc(slices.Clone(w.Pages), func(p pageView) bool { return p.Hits == 0 })
}

// markHits asks the index what of the query stands on which page, and finds its places on the page that is shown. When the
// address names no page, the first with a hit is shown.
func (s *Server) markHits(v *visit, page *documentPage) error {
	w := &page.Viewer
	if w.Marked == "" || !page.Newest() || !page.Filed {
		return nil
	}
	found, err := s.termsOf(v, page.Document.ID, w.Marked)
	if err != nil || len(found) == 0 {
		return err
	}
	for _, terms := range found {
		w.at(terms.Page).Hits = terms.Hits
	}
	if v.query("page") == "" {
		w.turnTo(itoa(found[0].Page), "")
	}
	w.Shown.Marks, err = s.places(v, page.Version, w.Shown.Number, found)
	return err
}

// termsOf says what of a query stands on which page of a document. A query that cannot be understood stands nowhere; the
// search page says what is wrong with it.
func (s *Server) termsOf(v *visit, id repository.DocumentID, query string) ([]search.PageTerms, error) {
	results, err := s.config.Search.Search(v.ctx(), search.Request{Query: "(" + query + ") document:" + id.String(),
		Reader: v.reader(), Today: v.now, Limit: 1})
	if invalid(err) {
		return nil, nil
	}
	if err != nil || len(results.Hits) == 0 {
		return nil, err
	}
	return results.Hits[0].Terms, nil
}

// places are where terms stand on a page, as far as its layout is known.
func (s *Server) places(v *visit, version repository.Version, number int, found []search.PageTerms) ([]repository.Box, error) {
	i := slices.IndexFunc(found, func(t search.PageTerms) bool { return t.Page == number })
	if i < 0 {
		return nil, nil
	}
	layout, err := s.config.Store.Layout(v.ctx(), v.pool(), version.Document, version.Number, number)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return boxes(layout, found[i].Terms), err
}

// servePlaces answers GET /documents/:document/versions/:version/pages/:page/places?q= with the boxes of the query's hits.
func (s *Server) servePlaces(v *visit) error {
	version, err := s.version(v)
	if err != nil {
		return err
	}
	found, err := s.termsOf(v, version.Document, v.query("q"))
	if err != nil {
		return err
	}
	all, err := s.places(v, version, atoi(v.param("page")), found)
	if err != nil {
		return err
	}
	v.gin.Header("Cache-Control", "no-store")
	v.gin.JSON(http.StatusOK, append([]repository.Box{}, all...))
	return nil
}
