package web

import (
	"net/url"

	"docket/search"
	"docket/taxonomy"
	"docket/workflow"
)

// showTicketElsewhere answers for a ticket that is not here. The number of a ticket of another house leads to the documents that
// were brought over from there and carry it, as far as the reader may see them. A ticket that is here and not for the reader
// stays one that does not exist.
func (s *Server) showTicketElsewhere(v *visit, missing error) error {
	number := v.param("number")
	if !taxonomy.ValidNumber(number) {
		return missing
	}
	if here, err := workflow.NumberTaken(v.ctx(), v.pool(), number); err != nil || here {
		return missing
	}
	query := "ticket:" + number
	found, err := s.config.Search.Search(v.ctx(), search.Request{Query: query, Reader: v.reader(), Today: v.now, Limit: 1})
	if err != nil || found.Total == 0 {
		return missing
	}
	return v.redirect("/search?" + url.Values{"q": {query}}.Encode())
}
