package web

import (
	"strings"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/search"
	"docket/taxonomy"
)

// A hitRow is a document that was found.
type hitRow struct {
	search.Hit
	ClassTitle string
	PartyName  string // empty when the title says it already
	Ticket     string
	DateShown  bool // the title does not say it already
	Parts      []markedText
	Thumbnail  string // of the hit's page, empty when the document has no pages
	Picture    string // of the same page at its full size
	Marks      string // a picture to lay over both, empty when nothing is marked
	Path       string // to the marked place
	Similar    string
}

// markedText is a run of text that was hit or not.
type markedText struct {
	Text string
	Hit  bool
}

// hitRows adds what the database knows of hits, in two queries. A document that the person may not see any more, which the index has
// yet to learn, is left out; one that the virus scanner holds tells nothing of what stands in it.
func (s *Server) hitRows(v *visit, hits []search.Hit, query string, c *taxonomy.Catalogue) ([]hitRow, error) {
	ids := make([]repository.DocumentID, len(hits))
	for i, h := range hits {
		ids[i] = h.Document
	}
	records, err := s.config.Plan.Records(v.ctx(), v.pool(), ids)
	if err != nil {
		return nil, err
	}
	hidden, err := capture.Hidden(v.ctx(), v.pool(), ids)
	if err != nil {
		return nil, err
	}
	var rows []hitRow
	for _, h := range hits {
		if hidden[h.Document] {
			h = h.Untold()
		}
		r, filed := records[h.Document]
		if filed && !v.reader().May(r.Readers) {
			continue
		}
		class, _ := c.Class(h.Class)
		row := hitRow{Hit: h, ClassTitle: class.Titles.In(v.Code, string(h.Class)), Ticket: r.Ticket, Parts: marked(h.Snippet),
			DateShown: !h.Date.IsZero() && !strings.Contains(h.Title, h.Date.Format(time.DateOnly)),
			Similar:   "/search?q=like%3A" + h.Document.String()}
		if !strings.Contains(h.Title, r.PartyName) {
			row.PartyName = r.PartyName
		}
		row.setPaths(query)
		rows = append(rows, row)
	}
	return rows, nil
}

// marked cuts a snippet into runs of hit and other text.
func marked(s search.Snippet) []markedText {
	var parts []markedText
	at := 0
	add := func(to int, hit bool) {
		if to > at {
			parts = append(parts, markedText{s.Text[at:to], hit})
			at = to
		}
	}
	for _, m := range s.Marks {
		if m.Start < at || m.End > len(s.Text) {
			continue
		}
		add(m.Start, false)
		add(m.End, true)
	}
	add(len(s.Text), false)
	return parts
}
