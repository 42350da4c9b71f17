package web

import (
	"net/http"

	"docket/search"
)

// similarShown is how many documents a document's page offers as like it.
const similarShown = 5

// A similarPart is what the index knows to be like a document.
type similarPart struct {
	Frame
	Hits []hitRow
	More string // address of all of them, empty when these are all
}

// showSimilar answers GET /documents/:document/similar with a part of the document's page, which asks for it when it is looked at.
func (s *Server) showSimilar(v *visit) error {
	id, err := v.documentID()
	if err != nil {
		return err
	}
	if err := s.readable(v, id); err != nil {
		return err
	}
	results, err := s.config.Search.Search(v.ctx(), search.Request{Query: "like:" + id.String(), Reader: v.reader(), Today: v.now, Limit: similarShown})
	if err != nil {
		return err
	}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	page := similarPart{}
	if page.Hits, err = s.hitRows(v, results.Hits, "", catalogue); err != nil {
		return err
	}
	if results.Total > similarShown {
		page.More = "/search?q=like%3A" + id.String()
	}
	page.Frame = v.bareFrame(v.T("similar.title"))
	if v.partial() {
		return v.send(http.StatusOK, "similar.html", "similar", page)
	}
	return v.show(http.StatusOK, "similar.html", page)
}
