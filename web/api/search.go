package api

import (
	"time"
	"unicode/utf8"

	"docket/capture"
	"docket/repository"
	"docket/search"
)

// A SearchAnswer is what a search found.
type SearchAnswer struct {
	Total      int                     `json:"total" doc:"documents that match and that you may see"`
	TookMS     int64                   `json:"took_ms" doc:"milliseconds that the search took"`
	Hits       []Hit                   `json:"hits"`
	Facets     map[string]search.Facet `json:"facets,omitempty" doc:"counts of all documents that match by class, state, source, year, party and language"`
	Next       string                  `json:"next,omitempty" doc:"pass as cursor for the next page; absent on the last"`
	Suggestion string                  `json:"suggestion,omitempty" doc:"the query with likelier spellings, when it found little"`
}

// A Hit is one document that was found.
type Hit struct {
	Document string    `json:"document"`
	Title    string    `json:"title"`
	Score    float64   `json:"score" doc:"compares hits of one answer; 0 when they are not ranked"`
	Snippet  string    `json:"snippet" doc:"text around the best place, or what an annotation says; nothing in it is escaped"`
	Marks    []Span    `json:"marks" doc:"the words in the snippet that match"`
	Page     int       `json:"page" doc:"page of the snippet, from 1; 0 when no page matches"`
	Note     *HitNote  `json:"note,omitempty" doc:"the annotation that the snippet is from; absent when it is from the page itself"`
	Pages    int       `json:"pages"`
	Version  int       `json:"version"`
	Class    string    `json:"class"`
	State    string    `json:"state"`
	Source   string    `json:"source"`
	Language string    `json:"language"`
	Date     string    `json:"date" doc:"of the letter, as 2026-03-14; empty when not known"`
	Received time.Time `json:"received,omitzero"`
	Ticket   string    `json:"ticket" doc:"number of its ticket; empty for none"`
}

// A HitNote is an annotation that was found by what it says.
type HitNote struct {
	Annotation string `json:"annotation"`
	Version    int    `json:"version" doc:"version on whose page it stands"`
}

type searchInput struct {
	Query  string `query:"q" maxLength:"2000" doc:"in the query language; empty finds everything"`
	Sort   string `query:"sort" enum:"relevance,date,received" default:"relevance"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"next of the page before"`
	Facets bool   `query:"facets" default:"true" doc:"count the facets"`
}

type searchOutput struct{ Body SearchAnswer }

// search answers GET /search.
func (s *server) search(v *visit, in *searchInput) (*searchOutput, error) {
	r := search.Request{Query: in.Query, Reader: v.reader(), Today: s.Now().In(s.Zone), Limit: in.Limit, Cursor: in.Cursor, Facets: in.Facets}
	if in.Sort != "relevance" {
		r.Sort = search.Sort(in.Sort)
	}
	found, err := s.Search.Search(v.ctx(), r)
	if err != nil {
		return nil, err
	}
	out := &searchOutput{SearchAnswer{Total: found.Total, TookMS: found.Took.Milliseconds(), Facets: found.Facets, Next: found.Next, Suggestion: found.Suggestion}}
	out.Body.Hits, err = s.hits(v, found.Hits)
	return out, err
}

// hits adds to what the index found what only the database knows. The index follows seconds later, so that a record which was
// closed to the reader meanwhile is left out here, and one that the virus scanner holds tells nothing of what stands in it.
func (s *server) hits(v *visit, found []search.Hit) ([]Hit, error) {
	ids := make([]repository.DocumentID, len(found))
	for i, h := range found {
		ids[i] = h.Document
	}
	records, err := s.Plan.Records(v.ctx(), s.Pool, ids)
	if err != nil {
		return nil, err
	}
	hidden, err := capture.Hidden(v.ctx(), s.Pool, ids)
	if err != nil {
		return nil, err
	}
	hits := make([]Hit, 0, len(found))
	for _, h := range found {
		if hidden[h.Document] {
			h = h.Untold()
		}
		record, filed := records[h.Document]
		if filed && !v.reader().May(record.Readers) {
			continue
		}
		hit := newHit(h)
		hit.Ticket = record.Ticket
		hits = append(hits, hit)
	}
	return hits, nil
}

func newHit(h search.Hit) Hit {
	hit := Hit{Document: h.Document.String(), Title: h.Title, Score: h.Score, Snippet: h.Snippet.Text, Marks: marks(h.Snippet), Page: h.Page,
		Pages: h.Pages, Version: h.Version, Class: string(h.Class), State: h.State, Source: h.Source, Language: h.Language, Received: h.Received}
	if n := h.Note; n != nil {
		hit.Note = &HitNote{n.Annotation.String(), n.Version}
	}
	if !h.Date.IsZero() {
		hit.Date = h.Date.Format(time.DateOnly)
	}
	return hit
}

// marks counts the places of a snippet in characters. Places come in order, so that the text is gone through once.
func marks(s search.Snippet) []Span {
	spans := make([]Span, 0, len(s.Marks))
	at, n := 0, 0
	count := func(to int) int {
		n += utf8.RuneCountInString(s.Text[at:to])
		at = to
		return n
	}
	for _, m := range s.Marks {
		start := count(m.Start)
		spans = append(spans, Span{start, count(m.End)})
	}
	return spans
}
