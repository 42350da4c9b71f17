package search

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// facetNames are the facets, by the letter with which their values begin in the index.
var facetNames = map[byte]string{'c': "class", 's': "state", 'o': "source", 'y': "year", 'p': "party", 'l': "language"}

// facetTerm is a facet's value as it stands in the column of facets: one letter for the facet, then the value.
func facetTerm(name, value string) string {
	for letter, n := range facetNames {
		if n == name {
			return string(letter) + value
		}
	}
	panic("search: no such facet: " + name)
}

// facets counts the documents of a set by each facet.
func (s *snapshot) facets(set *roaring.Bitmap, most int) (map[string]Facet, error) {
	if most <= 0 {
		most = defaultTerms
	}
	counts, terms, err := s.counts(set)
	if err != nil {
		return nil, err
	}
	return facetsOf(counts, terms, most), nil
}

// facetsOf sorts counts by facet and falling count.
func facetsOf(counts []int, terms []string, most int) map[string]Facet {
	facets := make(map[string]Facet, len(facetNames))
	for _, name := range facetNames {
		facets[name] = Facet{Values: []FacetValue{}}
	}
	for code, n := range counts {
		if n == 0 {
			continue
		}
		name := facetNames[terms[code][0]]
		f := facets[name]
		f.Values = append(f.Values, FacetValue{terms[code][1:], n})
		facets[name] = f
	}
	for name, f := range facets {
		slices.SortFunc(f.Values, func(a, b FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		for len(f.Values) > most {
			f.Other += f.Values[len(f.Values)-1].Count
			f.Values = f.Values[:len(f.Values)-1]
		}
		facets[name] = f
	}
	return facets
}
