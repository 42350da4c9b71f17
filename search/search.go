package search

import (
	"context"
	"time"

	"docket/repository/fault"

	"github.com/RoaringBitmap/roaring/v2"
)

// Limits of a page of hits and of a facet.
const (
	defaultLimit = 20
	maxLimit     = 200
	defaultTerms = 12
)

// Search implements Engine.
func (x *Index) Search(ctx context.Context, r Request) (Results, error) {
	start := time.Now()
	n, problem := r.parse(x.schema.Load())
	if problem != nil {
		return Results{}, problem.fault()
	}
	s, err := x.snapshot(ctx)
	if err != nil {
		return Results{}, err
	}
	defer s.close()
	results, err := s.search(r, n)
	results.Took = time.Since(start)
	return results, err
}

// parse reads the request's query.
func (r Request) parse(schema *Schema) (node, *Problem) {
	if r.Plain {
		return parsePlain(r.Query), nil
	}
	return parse(r.Query, schema, r.Today)
}

func (s *snapshot) search(r Request, n node) (Results, error) {
	limit, err := pageSize(r.Limit)
	if err != nil {
		return Results{}, err
	}
	allowed, err := s.readable(r.Reader)
	if err != nil {
		return Results{}, err
	}
	m := &matcher{snapshot: s, allowed: allowed}
	found, err := m.match(n)
	if err != nil {
		return Results{}, err
	}
	if allowed != nil {
		found.And(allowed)
	}
	results := Results{Total: int(found.GetCardinality())}
	if r.Facets {
		if results.Facets, err = s.facets(found, r.Terms); err != nil {
			return Results{}, err
		}
	}
	order, err := m.order(r, found, limit)
	if err != nil {
		return Results{}, err
	}
	if results.Hits, err = m.hits(order.page); err != nil {
		return Results{}, err
	}
	if n := len(results.Hits); order.more && n > 0 {
		last := results.Hits[n-1]
		results.Next = cursor{true, order.sort, order.page[n-1].sortKey, key(last.Document)}.String()
	}
	if results.Total <= fewHits && r.Cursor == "" {
		results.Suggestion, err = m.suggestion(r.Query, n)
	}
	return results, err
}

// fewHits is up to how many results another spelling is looked for.
const fewHits = 2

func pageSize(limit int) (int, error) {
	switch {
	case limit == 0:
		return defaultLimit, nil
	case limit < 0 || limit > maxLimit:
		return 0, fault.New(fault.Invalid, "A page of results holds 1 to %d hits.", maxLimit)
	}
	return limit, nil
}

// scored gives the documents of a set their scores: what all ranked parts of the query are worth in them, and first those that hold all words.
func (m *matcher) scored(found *roaring.Bitmap) *scores {
	scores := newScores(found)
	for _, r := range m.bags {
		r.score(scores)
	}
	for _, r := range m.exact {
		r.score(scores)
	}
	return scores
}

// lift puts documents that hold all words before those that do not: it adds to their scores the most that a document can have.
func (m *matcher) lift(scores *scores) {
	for _, r := range m.bags {
		if len(r.words) > 1 {
			scores.addSet(r.complete(), r.most())
		}
	}
}
