package web

import (
	"time"

	"docket/repository"
	"docket/search"
	"docket/taxonomy"
)

// exportPage is how many rows of an export are read at once.
const exportPage = 200

// exportSearch answers GET /search/export/:format with what a search found, as far as the person may see it, in the order of the page.
func (s *Server) exportSearch(v *visit) error {
	request := search.Request{Query: filtered(v.query("q"), setFilters(v.gin.Request.URL.Query())), Reader: v.reader(), Today: v.now,
		Sort: search.Sort(v.query("sort")), Limit: exportPage}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	results, err := s.config.Search.Search(v.ctx(), request)
	if err != nil {
		return err
	}
	return v.sendSheet("search", v.exportHead(catalogue), func(out sheet) error {
		for rows := 0; ; {
			if err := s.exportHits(v, out, results.Hits, catalogue); err != nil {
				return err
			}
			if rows += len(results.Hits); results.Next == "" || rows >= exportRows {
				return nil
			}
			request.Cursor = results.Next
			if results, err = s.config.Search.Search(v.ctx(), request); err != nil {
				return err
			}
		}
	})
}

// exportHead names the columns: what every document has, then the organisation's own fields.
func (v *visit) exportHead(c *taxonomy.Catalogue) []any {
	head := []any{v.T("document.title_of"), v.T("document.class"), v.T("list.state"), v.T("document.party"), v.T("piece.ticket"), v.T("search.by_date"),
		v.T("piece.received"), v.T("list.source"), v.T("facet.language"), v.T("search.pages"), v.T("document.place")}
	for _, f := range c.Fields {
		head = append(head, f.Titles.In(v.Code, string(f.ID)))
	}
	return append(head, v.T("search.address"))
}

func (s *Server) exportHits(v *visit, out sheet, hits []search.Hit, c *taxonomy.Catalogue) error {
	ids := make([]repository.DocumentID, len(hits))
	for i, h := range hits {
		ids[i] = h.Document
	}
	records, err := s.config.Plan.Records(v.ctx(), v.pool(), ids)
	if err != nil {
		return err
	}
	for _, h := range hits {
		r, filed := records[h.Document]
		if filed && !v.reader().May(r.Readers) {
			continue
		}
		if err := out.row(v.exportRow(h, r, c)...); err != nil {
			return err
		}
	}
	return out.flush()
}

func (v *visit) exportRow(h search.Hit, r taxonomy.Record, c *taxonomy.Catalogue) []any {
	class, _ := c.Class(h.Class)
	words := facetWords{catalogue: c}
	row := []any{h.Title, class.Titles.In(v.Code, string(h.Class)), v.facetTitle(words, "state", h.State), r.PartyName, r.Ticket, h.Date,
		h.Received.In(v.now.Location()), h.Source, v.facetTitle(words, "language", h.Language), h.Pages, r.Place}
	for _, f := range c.Fields {
		row = append(row, exportValue(c, f, r.Values[f.ID].Value, v.Code))
	}
	return append(row, v.origin()+"/documents/"+h.Document.String())
}

// exportValue is a value as a spreadsheet takes it: days as days, terms by their title.
func exportValue(c *taxonomy.Catalogue, f taxonomy.Field, value, language string) any {
	if f.Type == taxonomy.DateField {
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return day
		}
	}
	if term, ok := c.Term(f.ID, value); ok {
		return term.Titles.In(language, value)
	}
	return value
}

// origin is where this server is, as the browser called it.
func (v *visit) origin() string {
	scheme := "http"
	if v.server.encrypted(v.gin.Request) {
		scheme = "https"
	}
	return scheme + "://" + v.gin.Request.Host
}
