package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/search"
	"docket/taxonomy"
)

// A searchPage is a query and what it found.
type searchPage struct {
	Frame
	Asked   bool
	Results search.Results
	Hits    []hitRow
	Facets  []facetList
	Chips   []chip // filters that are set
	Sort    search.Sort
	Sorts   []choice
	Problem *problem
	Clear   string // address without filters
	Next    string
	Suggest string // address of the suggested query
}

// A hitRow is a document that was found.
type hitRow struct {
	search.Hit
	ClassTitle string
	Parts      []markedText
	Path       string // to the page of the hit, with what to mark there
}

// markedText is a run of text that was hit or not.
type markedText struct {
	Text string
	Hit  bool
}

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

// A chip is a filter that is set, with the address that drops it.
type chip struct{ Title, Value, Drop string }

// A choice is one of several views, with its address.
type choice struct {
	Title, Path string
	Chosen      bool
}

// A problem shows what is wrong with a query and where.
type problem struct {
	Say                  string
	Before, Wrong, After string
	Suggestion           string
}

// facetNames are the facets in their order on the page, with the field of the query language that filters by them.
var facetNames = []struct{ facet, field, title string }{
	{"class", "class", "facet.class"}, {"state", "state", "facet.state"}, {"year", "date", "facet.year"},
	{"source", "source", "facet.source"}, {"language", "lang", "facet.language"},
}

// showSearch answers GET /search?q=&class=&state=&date=&source=&lang=&sort=&cursor=.
func (s *Server) showSearch(v *visit) error {
	page := searchPage{Sort: search.Sort(v.query("sort"))}
	query, filters := v.query("q"), setFilters(v.gin.Request.URL.Query())
	page.Asked = query != "" || len(filters) > 0
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	page.addChips(v, catalogue, filters)
	if page.Asked {
		err = s.search(v, catalogue, query, filters, &page)
	}
	if p, ok := errors.AsType[*search.Problem](err); ok {
		page.Problem, err = newProblem(p, query), nil
	}
	if err != nil {
		return err
	}
	page.Frame = v.frame(v.T("search.title"))
	page.Query = query
	if page.Asked && page.Problem == nil {
		page.Lead = v.N("search.found", page.Results.Total)
	}
	return v.show(http.StatusOK, "search.html", page)
}

func (s *Server) search(v *visit, catalogue *taxonomy.Catalogue, query string, filters []filter, page *searchPage) error {
	results, err := s.config.Search.Search(v.ctx(), search.Request{Query: filtered(query, filters), Reader: v.reader(), Today: v.now,
		Sort: page.Sort, Cursor: v.query("cursor"), Facets: true, Limit: 20})
	if err != nil {
		return err
	}
	page.Results = results
	for _, h := range results.Hits {
		page.Hits = append(page.Hits, newHitRow(h, query, catalogue, v.Code))
	}
	page.addFacets(v, catalogue, filters)
	page.addSorts(v)
	if results.Next != "" {
		page.Next = v.with("cursor", results.Next)
	}
	if results.Suggestion != "" && len(filters) == 0 {
		page.Suggest = "/search?q=" + url.QueryEscape(results.Suggestion)
	}
	return nil
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
		query += ` ` + f.field + `:"` + strings.NewReplacer(`"`, "", `\`, "").Replace(f.value) + `"`
	}
	return strings.TrimSpace(query)
}

// newProblem shows where a query is wrong. Places are those of what was sent, which may stand in parentheses.
func newProblem(p *search.Problem, query string) *problem {
	shift := max(0, strings.Index(p.Query, query))
	at := func(i int) int { return min(max(i-shift, 0), len(query)) }
	start, end := at(p.Start), at(p.End)
	return &problem{Say: p.Message, Before: query[:start], Wrong: query[start:end], After: query[end:], Suggestion: p.Suggestion}
}

func newHitRow(h search.Hit, query string, c *taxonomy.Catalogue, language string) hitRow {
	class, _ := c.Class(h.Class)
	path := "/documents/" + h.Document.String()
	if q := (url.Values{"q": {query}}); query != "" {
		if h.Page > 0 {
			q.Set("page", itoa(h.Page))
		}
		path += "?" + q.Encode()
	}
	if h.Page > 0 {
		path += "#page-" + itoa(h.Page)
	}
	return hitRow{Hit: h, ClassTitle: class.Titles.In(language, string(h.Class)), Parts: marked(h.Snippet), Path: path}
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

func (p *searchPage) addFacets(v *visit, c *taxonomy.Catalogue, filters []filter) {
	for _, name := range facetNames {
		f := p.Results.Facets[name.facet]
		set := slices.ContainsFunc(filters, func(x filter) bool { return x.facet == name.facet })
		if set || len(f.Values) == 0 {
			continue
		}
		list := facetList{Title: v.T(name.title), Other: f.Other}
		for _, value := range f.Values {
			list.Values = append(list.Values, facetValue{v.facetTitle(c, name.facet, value.Value), value.Count, v.with(name.facet, value.Value)})
		}
		p.Facets = append(p.Facets, list)
	}
}

func (p *searchPage) addChips(v *visit, c *taxonomy.Catalogue, filters []filter) {
	for _, f := range filters {
		title := f.facet
		for _, n := range facetNames {
			if n.facet == f.facet {
				title = v.T(n.title)
			}
		}
		p.Chips = append(p.Chips, chip{title, v.facetTitle(c, f.facet, f.value), v.with(f.facet, "")})
	}
	p.Clear = "/search?q=" + url.QueryEscape(v.query("q"))
}

func (p *searchPage) addSorts(v *visit) {
	for _, s := range []struct {
		sort  search.Sort
		title string
	}{{search.Relevance, v.T("search.relevance")}, {search.ByDate, v.T("search.by_date")}, {search.ByReceived, v.T("search.by_received")}} {
		p.Sorts = append(p.Sorts, choice{s.title, v.with("sort", string(s.sort)), s.sort == p.Sort})
	}
}

// facetTitle is what people call a facet's value.
func (v *visit) facetTitle(c *taxonomy.Catalogue, facet, value string) string {
	switch facet {
	case "class":
		if class, ok := c.Class(taxonomy.ClassID(value)); ok {
			return class.Titles.In(v.Code, value)
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

// with is this page's address with one parameter set, or dropped when value is empty. Another page of results is never kept.
func (v *visit) with(name, value string) string {
	u := *v.gin.Request.URL
	q := u.Query()
	q.Del("cursor")
	q.Del("after")
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

// withOnly is this page's address with one parameter and no other.
func (v *visit) withOnly(name, value string) string {
	return v.gin.Request.URL.Path + "?" + url.Values{name: {value}}.Encode()
}

// invalid says whether err is about what was asked.
func invalid(err error) bool { return fault.Is(err, fault.Invalid) }
