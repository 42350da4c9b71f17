package web

import (
	"net/url"
	"slices"
	"strings"

	"docket/search"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// A facetList is one way of narrowing the results.
type facetList struct {
	Title  string
	Values []facetValue
	Other  int
}

type facetValue struct {
	Title string
	Count int
	Path  string
}

// facetNames are the facets in their order on the page, with the field of the query language that filters by them.
var facetNames = []struct{ facet, field, title string }{
	{"class", "class", "facet.class"}, {"party", "party", "facet.party"}, {"year", "date", "facet.year"},
	{"state", "state", "facet.state"}, {"source", "source", "facet.source"}, {"language", "lang", "facet.language"},
}

// A filter is a facet value that the address sets.
type filter struct{ facet, field, value string }

func setFilters(q url.Values) []filter {
	var all []filter
	for _, f := range facetNames {
		if value := q.Get(f.facet); value != "" {
			all = append(all, filter{f.facet, f.field, value})
		}
	}
	return all
}

// filtered is the query with its filters in the query language. What a person wrote stands in parentheses, so that an OR in it
// does not reach out of it.
func filtered(query string, filters []filter) string {
	if len(filters) == 0 {
		return query
	}
	if strings.TrimSpace(query) != "" {
		query = "(" + query + ")"
	}
	for _, f := range filters {
		query += ` ` + f.field + `:"` + cleanValue(f.value) + `"`
	}
	return strings.TrimSpace(query)
}

// cleanValue is a value that can stand in quotation marks.
func cleanValue(s string) string { return strings.NewReplacer(`"`, "", `\`, "").Replace(s) }

// facetWords are what people call the values of facets.
type facetWords struct {
	catalogue *taxonomy.Catalogue
	parties   map[taxonomy.PartyID]string
}

// facetWords reads what the values of results and filters are called. Names of parties take one query.
func (s *Server) facetWords(v *visit, results search.Results, filters []filter) (facetWords, error) {
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return facetWords{}, err
	}
	var ids []taxonomy.PartyID
	add := func(value string) {
		if id, err := uuid.Parse(value); err == nil {
			ids = append(ids, id)
		}
	}
	for _, value := range results.Facets["party"].Values {
		add(value.Value)
	}
	if results.Total > 0 { // whoever finds nothing of a party is not told its name
		for _, f := range filters {
			if f.facet == "party" {
				add(f.value)
			}
		}
	}
	names, err := taxonomy.PartyNames(v.ctx(), v.pool(), ids)
	return facetWords{catalogue, names}, err
}

func (p *searchPage) addFacets(v *visit, words facetWords, filters []filter) {
	for _, name := range facetNames {
		f := p.Results.Facets[name.facet]
		set := slices.ContainsFunc(filters, func(x filter) bool { return x.facet == name.facet })
		if set || len(f.Values) == 0 {
			continue
		}
		list := facetList{Title: v.T(name.title), Other: f.Other}
		for _, value := range f.Values {
			list.Values = append(list.Values, facetValue{v.facetTitle(words, name.facet, value.Value), value.Count, v.with(name.facet, value.Value)})
		}
		p.Facets = append(p.Facets, list)
	}
}

func (p *searchPage) addChips(v *visit, words facetWords, filters []filter) {
	for _, f := range filters {
		p.Chips = append(p.Chips, chip{v.T("facet." + f.facet), v.facetTitle(words, f.facet, f.value), v.with(f.facet, "")})
	}
	p.Clear = "/search?q=" + url.QueryEscape(v.query("q"))
}

// facetTitle is what people call a facet's value.
func (v *visit) facetTitle(words facetWords, facet, value string) string {
	switch facet {
	case "class":
		if class, ok := words.catalogue.Class(taxonomy.ClassID(value)); ok {
			return class.Titles.In(v.Code, value)
		}
	case "party":
		if id, err := uuid.Parse(value); err == nil && words.parties[id] != "" {
			return words.parties[id]
		}
	case "language":
		for _, l := range languageTitles {
			if l.Code == value {
				return l.Title
			}
		}
	case "state":
		if key := "state." + value; v.T(key) != key {
			return v.T(key)
		}
	}
	return value
}
