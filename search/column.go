package search

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// columns remember the facets of the documents of each part of the index in use, some thirty bytes a document: counting is then a
// thousandth of the time that reading them takes. A part is read when it is first counted.
type columns struct {
	mu    sync.Mutex
	of    index.Index
	parts map[uint64]column
	codes map[string]uint32
	terms []string // by code; see facetTerm
}

// A column is the facets of a part's documents: those of document n are codes[begins[n]:begins[n+1]].
type column struct{ begins, codes []uint32 }

// counts is how many documents of a set have each term. The terms are for reading.
func (s *snapshot) counts(set *roaring.Bitmap) (counts []int, terms []string, err error) {
	parts, err := s.parts()
	if err != nil {
		return nil, nil, err
	}
	all, terms, err := s.index.columns.take(s, parts)
	if err != nil {
		return nil, nil, err
	}
	counts = make([]int, len(terms))
	it := set.Iterator()
	for i, p := range parts {
		begins, codes, end := all[i].begins, all[i].codes, p.offset+uint64(len(all[i].begins))-1
		for it.HasNext() && uint64(it.PeekNext()) < end {
			n := uint64(it.Next()) - p.offset
			for _, code := range codes[begins[n]:begins[n+1]] {
				counts[code]++
			}
		}
		if err := s.ctx.Err(); err != nil {
			return nil, nil, err
		}
	}
	return counts, terms, nil
}

// take gives the columns of parts and all terms, and reads the columns that are new.
func (c *columns) take(s *snapshot, parts []part) ([]column, []string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of != s.index.current {
		c.of, c.parts, c.codes, c.terms = s.index.current, map[uint64]column{}, map[string]uint32{}, nil
	}
	all := make([]column, len(parts))
	for i, p := range parts {
		known, ok := c.parts[p.Id()]
		if !ok {
			var err error
			if known, err = c.read(s, p); err != nil {
				return nil, nil, fmt.Errorf("count facets: %w", err)
			}
			c.parts[p.Id()] = known
		}
		all[i] = known
	}
	maps.DeleteFunc(c.parts, func(id uint64, _ column) bool {
		return !slices.ContainsFunc(parts, func(p part) bool { return p.Id() == id }) // merged into another
	})
	return all, c.terms, nil
}

// read makes the column of a part, in the order of its documents.
func (c *columns) read(s *snapshot, p part) (column, error) {
	values, err := s.reader.DocValueReader([]string{inFacet})
	if err != nil {
		return column{}, err
	}
	documents := p.Segment().Count()
	made := column{begins: make([]uint32, 1, documents+1)}
	add := func(_ string, term []byte) {
		code, ok := c.codes[string(term)]
		if !ok {
			code = uint32(len(c.terms))
			c.terms = append(c.terms, string(term))
			c.codes[c.terms[code]] = code
		}
		made.codes = append(made.codes, code)
	}
	for n := range documents {
		if n&0xfff == 0 && s.ctx.Err() != nil {
			return column{}, s.ctx.Err()
		}
		if err := values.VisitDocValues(id(uint32(p.offset+n)), add); err != nil {
			return column{}, err
		}
		made.begins = append(made.begins, uint32(len(made.codes)))
	}
	return made, nil
}
