package web

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"docket/repository/fault"
	"docket/search"
	"docket/workflow"
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
	Pending int    // changes that the index has yet to follow
	Saved   savedBar
	Export  string     // the query of the address, for exports
	Most    int        // rows that an export has at most
	Like    string     // title of the document that the results are like
	Ticket  *ticketRow // the ticket whose number was searched for
}

// A problem shows what is wrong with a query and where.
type problem struct {
	Say                  string
	Before, Wrong, After string
	Suggestion           string
}

// A chip is a filter that is set, with the address that drops it.
type chip struct{ Title, Value, Drop string }

// A choice is one of several views, with its address.
type choice struct {
	Title, Path string
	Chosen      bool
}

// What a page of results shows of hits, and of the values of a facet.
const (
	hitsShown   = 20
	facetsShown = 8
)

// showSearch answers GET /search?q=&class=&state=&date=&source=&lang=&party=&sort=&cursor=.
func (s *Server) showSearch(v *visit) error {
	page := searchPage{Sort: search.Sort(v.query("sort")), Most: exportRows}
	query, filters := v.query("q"), setFilters(v.gin.Request.URL.Query())
	page.Asked = strings.TrimSpace(query) != "" || len(filters) > 0
	var err error
	if page.Asked {
		err = s.search(v, query, filters, &page)
	}
	if p, ok := errors.AsType[*search.Problem](err); ok {
		page.Problem = newProblem(p, query)
		page.Problem.Say = v.Phrase(page.Problem.Say)
		err = s.addProblemChips(v, &page, filters)
	}
	if err != nil {
		return err
	}
	if err := s.addSearchSurroundings(v, &page); err != nil {
		return err
	}
	page.Frame = v.frame(v.T("search.title"))
	page.Query = query
	if page.Asked && page.Problem == nil {
		page.Title, page.Lead = searchTitle(v, query, page.Like), v.N("search.found", page.Results.Total)
	}
	return v.show(http.StatusOK, "search.html", page)
}

// searchTitle says what was searched for.
func searchTitle(v *visit, query, like string) string {
	switch {
	case like != "":
		return v.T("search.title_like", clipped(like, 80))
	case strings.TrimSpace(query) == "":
		return v.T("search.title")
	}
	return v.T("search.title_of", clipped(query, 80))
}

// clipped is a text of at most n characters.
func clipped(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// addSearchSurroundings adds what stands around results: what is kept, and how much is not searchable yet.
func (s *Server) addSearchSurroundings(v *visit, page *searchPage) (err error) {
	page.Export = canonical(v.gin.Request.URL.Query())
	if page.Saved, err = v.savedBar("search", page.Export); err != nil {
		return err
	}
	page.Pending, err = search.Pending(v.ctx(), v.pool())
	return err
}

func (s *Server) search(v *visit, query string, filters []filter, page *searchPage) error {
	results, err := s.config.Search.Search(v.ctx(), search.Request{Query: filtered(query, filters), Reader: v.reader(), Today: v.now,
		Sort: page.Sort, Cursor: v.query("cursor"), Facets: true, Terms: facetsShown, Limit: hitsShown})
	if err != nil {
		return err
	}
	page.Results = results
	words, err := s.facetWords(v, results, filters)
	if err != nil {
		return err
	}
	if page.Hits, err = s.hitRows(v, results.Hits, query, words.catalogue); err != nil {
		return err
	}
	page.addFacets(v, words, filters)
	page.addChips(v, words, filters)
	page.addSorts(v)
	if results.Next != "" {
		page.Next = v.with("cursor", results.Next)
	}
	if results.Suggestion != "" && len(filters) == 0 {
		page.Suggest = "/search?q=" + url.QueryEscape(results.Suggestion)
	}
	if page.Like, err = s.likeTitle(v, query); err != nil {
		return err
	}
	page.Ticket, err = s.ticketNamed(v, query)
	return err
}

// ticketNumber is what the number of a ticket looks like.
var ticketNumber = regexp.MustCompile(`^\p{Lu}{2,5}-\d{4}-\d{6}-\d$`)

// ticketNamed is the ticket whose number a query is, nil when it is none that the person may see.
func (s *Server) ticketNamed(v *visit, query string) (*ticketRow, error) {
	number := strings.ToUpper(strings.TrimSpace(query))
	if !ticketNumber.MatchString(number) {
		return nil, nil
	}
	t, err := s.config.Desk.ByNumber(v.ctx(), v.pool(), v.reader(), number)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := s.ticketRows(v, []workflow.Ticket{t})
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// addProblemChips shows the filters of a query that is wrong: they may be what is wrong with it.
func (s *Server) addProblemChips(v *visit, page *searchPage, filters []filter) error {
	words, err := s.facetWords(v, search.Results{}, filters)
	page.addChips(v, words, filters)
	return err
}

// likeTitle is the title of the document that a query asks for the like of, empty when it asks for something else.
func (s *Server) likeTitle(v *visit, query string) (string, error) {
	id, ok := strings.CutPrefix(strings.TrimSpace(query), "like:")
	if !ok {
		return "", nil
	}
	found, err := s.config.Search.Search(v.ctx(), search.Request{Query: `document:"` + cleanValue(id) + `"`, Reader: v.reader(), Today: v.now, Limit: 1})
	if err != nil || len(found.Hits) == 0 {
		return "", err
	}
	return found.Hits[0].Title, nil
}

// newProblem shows where a query is wrong. Places are those of what was sent, which may stand in parentheses.
func newProblem(p *search.Problem, query string) *problem {
	shift := max(0, strings.Index(p.Query, query))
	at := func(i int) int { return min(max(i-shift, 0), len(query)) }
	start, end := at(p.Start), at(p.End)
	return &problem{Say: p.Message, Before: query[:start], Wrong: query[start:end], After: query[end:], Suggestion: p.Suggestion}
}

func (p *searchPage) addSorts(v *visit) {
	for _, s := range []struct {
		sort  search.Sort
		title string
	}{{search.Relevance, v.T("search.relevance")}, {search.ByDate, v.T("search.by_date")}, {search.ByReceived, v.T("search.by_received")}} {
		p.Sorts = append(p.Sorts, choice{s.title, v.with("sort", string(s.sort)), s.sort == p.Sort})
	}
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
