package search

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// facetFields are the fields counted, by the names of the facets.
var facetFields = map[string]string{
	"class": inClass, "state": inState, "source": inSource, "year": inDate, "party": inPartyID, "language": inLanguage,
}

// facets counts the documents of a set by each facet. It goes through posting lists, each document's once: measured faster than
// reading every document's properties, and without a table that each change of the index would make stale.
func (s *snapshot) facets(set *roaring.Bitmap, most int) (map[string]Facet, error) {
	if most <= 0 {
		most = defaultTerms
	}
	facets := make(map[string]Facet, len(facetFields))
	for name, field := range facetFields {
		f, err := s.facet(set, field, most)
		if err != nil {
			return nil, err
		}
		facets[name] = f
	}
	return facets, nil
}

func (s *snapshot) facet(set *roaring.Bitmap, field string, most int) (Facet, error) {
	values, err := s.facetValues(field)
	if err != nil {
		return Facet{}, err
	}
	var f Facet
	for _, v := range values {
		if set.IsEmpty() {
			break
		}
		n := 0
		if err := s.postings(field, v, func(doc uint32, _ int, _ float64) {
			if set.Contains(doc) {
				n++
			}
		}); err != nil {
			return Facet{}, err
		}
		if n > 0 {
			f.Values = append(f.Values, FacetValue{v, n})
		}
	}
	slices.SortFunc(f.Values, func(a, b FacetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	for len(f.Values) > most {
		f.Other += f.Values[len(f.Values)-1].Count
		f.Values = f.Values[:len(f.Values)-1]
	}
	return f, nil
}

// facetValues are the values of a facet's field; of dates only the years.
func (s *snapshot) facetValues(field string) ([]string, error) {
	var values []string
	dict, err := s.reader.FieldDict(field)
	err = terms(dict, err, func(e index.DictEntry) bool {
		if field != inDate || len(e.Term) == len("2006") {
			values = append(values, e.Term)
		}
		return true
	})
	return values, err
}
