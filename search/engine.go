package search

import (
	"context"
	"time"

	"docket/repository"
	"docket/repository/blob"
	"docket/taxonomy"
)

// An Engine keeps entries and finds documents. Package search has one, [Index], which lies in a folder of this machine and
// belongs to one process. Engines are safe for concurrent use; a search sees all batches that were done before it began.
type Engine interface {
	// Index adds entries, each in place of the one its document had. The batch is visible at once or, on error, not at all.
	Index(ctx context.Context, entries []Entry) error
	// Delete takes documents out of the index. Unknown ones are not an error.
	Delete(ctx context.Context, documents []repository.DocumentID) error
	// Search answers a request. A query that cannot be understood is a fault of kind Invalid whose cause is a *Problem.
	Search(ctx context.Context, r Request) (Results, error)
	// Count is the number of documents in the index.
	Count() (int, error)
	// Stamps calls f with what every entry was made from, in order of documents, until it returns false.
	Stamps(ctx context.Context, f func(Stamp) bool) error
	// Rebuild makes the index anew from what fill adds, beside the one in use, which goes on answering and taking changes, and
	// then takes its place. On error the index in use stays as it was.
	Rebuild(ctx context.Context, fill func(add func(context.Context, []Entry) error) error) error
	// Close ends it. Searches that are under way are finished first.
	Close() error
}

// A Stamp says which version an entry was made from.
type Stamp struct {
	Document repository.DocumentID
	Version  int
	Digest   blob.SHA256
}

// A Request is a search.
type Request struct {
	Query  string          // in the query language; empty for everything
	Plain  bool            // Query is text, not query language: each word of it is looked for and nothing in it is an error
	Reader taxonomy.Reader // whose rights count; the zero Reader finds nothing
	Today  time.Time       // what "today" means, in the asker's time zone
	Sort   Sort
	Limit  int    // hits a page, 1 to 200; 0 means 20
	Cursor string // Results.Next of the page before, empty for the first
	Facets bool   // count the facets as well
	Terms  int    // how many values a facet lists at most; 0 means 12
}

// Sort is the order of results.
type Sort string

// The orders. A query without words to rank by comes in the order of receipt, newest first, where relevance was asked for.
const (
	Relevance  Sort = "" // best first
	ByDate     Sort = "date"
	ByReceived Sort = "received"
)

// Results are the answer to a request.
type Results struct {
	Total      int              `json:"total"` // documents that match and the reader may see
	Took       time.Duration    `json:"took"`
	Hits       []Hit            `json:"hits"`
	Facets     map[string]Facet `json:"facets,omitempty"`     // by name: class, state, source, year, party, language
	Next       string           `json:"next,omitempty"`       // cursor of the next page, empty on the last
	Suggestion string           `json:"suggestion,omitempty"` // the query with likelier spellings, when it found little
}

// A Hit is one document that matches.
type Hit struct {
	Document repository.DocumentID `json:"document"`
	Version  int                   `json:"version"`
	Title    string                `json:"title"`
	Class    taxonomy.ClassID      `json:"class"`
	State    string                `json:"state"`
	Source   string                `json:"source"`
	Language string                `json:"language"`
	Date     time.Time             `json:"date,omitzero"`
	Received time.Time             `json:"received,omitzero"`
	Pages    int                   `json:"pages"`
	Score    float64               `json:"score"`          // of no meaning but within one answer; 0 when not ranked
	Page     int                   `json:"page"`           // 1-based page of the best hit; 0 when no page holds one
	Snippet  Snippet               `json:"snippet"`        // from that page, or from a note on it
	Note     *Note                 `json:"note,omitzero"`  // the note that the snippet is from, whose version the page is of; nil when it is from the page itself
	Terms    []PageTerms           `json:"terms,omitzero"` // what to mark on which page
}

// Untold is the hit without anything that stands in the document.
func (h Hit) Untold() Hit {
	h.Pages, h.Page, h.Snippet, h.Note, h.Terms = 0, 0, Snippet{}, nil, nil
	return h
}

// A Snippet is a piece of text with the places of hits in it. Nothing in it is escaped.
type Snippet struct {
	Text  string `json:"text"`
	Marks []Mark `json:"marks"` // in order, not overlapping
}

// A Mark is a range of bytes.
type Mark struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// PageTerms are the words of a page that match, as they stand there, each once.
type PageTerms struct {
	Page  int      `json:"page"` // 1-based
	Terms []string `json:"terms"`
	Hits  int      `json:"hits"` // how many places of the page match
}

// A Facet counts the matching documents by one property. Values are ordered by falling count.
type Facet struct {
	Values []FacetValue `json:"values"`
	Other  int          `json:"other"` // how many documents have values that are not listed
}

// A FacetValue is one property with its count. Value is what the query language takes, for a party its ID.
type FacetValue struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}
