package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"docket/repository"
	"docket/repository/fault"
	"docket/search"
)

// Where a hit stands on its page. The marks over a thumbnail are a picture of their own, asked for when it is looked at: a page
// of results then needs no page layout from the store, and its first byte does not wait for twenty.

// markedTerms is the most words of a page that are marked on its thumbnail.
const markedTerms = 24

// setPaths sets the addresses of a hit's thumbnail, of its page, of the marks over both, and of the place itself.
func (r *hitRow) setPaths(query string) {
	h := r.Hit
	r.Path = "/documents/" + h.Document.String()
	if h.Pages == 0 && h.Note == nil {
		return
	}
	base := fmt.Sprintf("%s/versions/%d/pages/%d/", r.Path, r.Shown(), max(h.Page, 1))
	r.Thumbnail, r.Picture = base+"thumbnail", base+"image"
	if n := h.Note; n != nil {
		q := url.Values{"version": {itoa(n.Version)}, "page": {itoa(n.Page)}, "annotation": {n.Annotation.String()}, "q": {query}}
		r.Path += "?" + q.Encode()
		return
	}
	i := slices.IndexFunc(h.Terms, func(t search.PageTerms) bool { return t.Page == h.Page })
	if i < 0 {
		if query != "" {
			r.Path += "?" + url.Values{"q": {query}}.Encode()
		}
		return
	}
	terms := h.Terms[i].Terms
	q := url.Values{"t": terms[:min(markedTerms, len(terms))]}
	r.Marks = base + "marks.svg?" + q.Encode()
	q.Set("q", query)
	r.Path = base + "hit?" + q.Encode()
}

// Shown is the version whose page is shown: the newest, but for a note on another.
func (r hitRow) Shown() int {
	if r.Note != nil {
		return r.Note.Version
	}
	return r.Version
}

// layoutOf is the layout of the page that the address names, and the boxes of the words in t. A page without a layout has none.
func (s *Server) layoutOf(v *visit) (version repository.Version, l repository.Layout, found []repository.Box, err error) {
	if version, err = s.version(v); err != nil {
		return version, l, nil, err
	}
	page, err := strconv.Atoi(v.param("page"))
	if err != nil || page < 1 {
		return version, l, nil, fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	l, err = s.config.Store.Layout(v.ctx(), v.pool(), version.Document, version.Number, page)
	if fault.Is(err, fault.NotFound) {
		return version, repository.Layout{Page: page}, nil, nil
	}
	l.Page = page
	terms := v.gin.Request.URL.Query()["t"]
	return version, l, boxes(l, terms[:min(markedTerms, len(terms))]), err
}

// serveMarks answers GET /documents/:document/versions/:version/pages/:page/marks.svg?t=word&t=word with a picture of the page's size
// that shows nothing but where the words stand.
func (s *Server) serveMarks(v *visit) error {
	_, l, found, err := s.layoutOf(v)
	if err != nil {
		return err
	}
	v.gin.Header("Cache-Control", "private, max-age=3600")
	v.gin.Data(http.StatusOK, "image/svg+xml", drawMarks(l, found))
	return nil
}

// drawMarks draws boxes so that they are seen on a page the size of a stamp: a stroke that does not shrink with the page.
func drawMarks(l repository.Layout, found []repository.Box) []byte {
	var b bytes.Buffer
	w, h := max(l.Width, 1), max(l.Height, 1)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">`, w, h, w, h)
	b.WriteString(`<g fill="#ffd400" fill-opacity=".55" stroke="#e08600" stroke-opacity=".8" stroke-width="1.5" stroke-linejoin="round">`)
	for _, m := range found {
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" vector-effect="non-scaling-stroke"/>`, m.X, m.Y, m.W, m.H)
	}
	b.WriteString(`</g></svg>`)
	return b.Bytes()
}

// showHit answers GET /documents/:document/versions/:version/pages/:page/hit?q=&t=word by going to the place on the page. The address
// that is arrived at names document, version, page and box, so it can be cited: it means the same place for good.
func (s *Server) showHit(v *visit) error {
	version, l, found, err := s.layoutOf(v)
	if err != nil {
		return err
	}
	q := url.Values{"version": {strconv.Itoa(version.Number)}, "page": {strconv.Itoa(l.Page)}}
	if query := v.query("q"); query != "" {
		q.Set("q", query)
	}
	if b := busiest(found); !b.IsZero() {
		q.Set("box", fmt.Sprintf("%d,%d,%d,%d", b.X, b.Y, b.W, b.H))
	}
	return v.redirect(fmt.Sprintf("/documents/%s?%s#page-%d", version.Document, q.Encode(), l.Page))
}

// busiest is the stretch of a few lines with the most marks, the first of those with as many.
func busiest(marks []repository.Box) repository.Box {
	const lines = 4 // times the height of a mark
	marks = slices.SortedStableFunc(slices.Values(marks), func(a, b repository.Box) int { return a.Y - b.Y })
	var best repository.Box
	most := 0
	for i, first := range marks {
		var around repository.Box
		n := 0
		for _, m := range marks[i:] {
			if m.Y > first.Y+lines*first.H {
				break
			}
			around = around.Union(m)
			n++
		}
		if n > most {
			best, most = around, n
		}
	}
	return best
}
