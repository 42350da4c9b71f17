package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/search"
	"docket/taxonomy"
)

// A documentPage is one document: its pages, its text, what is known of it and what happened to it.
type documentPage struct {
	Frame
	Document   repository.Document
	Version    repository.Version
	Versions   []repository.Version // the newest first
	Holding    holding
	Record     taxonomy.Record // zero while it is not filed
	Filed      bool
	Pages      []pageView
	Fields     []fieldRow
	Pieces     []capture.Piece
	Inside     []insider // what came inside it
	Around     insider   // what it came in; zero when it came by itself
	History    []eventRow
	Searchable bool
	Marked     string // the query whose hits are marked
	Hits       []pageHits
	Base       string // address of this version's files
}

// A pageView is one page as it is shown.
type pageView struct {
	Number        int
	Image         bool
	Width, Height int
	Text          string
	Marks         []repository.Box // hits, in pixels of the image
	Found         repository.Box   // where the value that was clicked stands
}

// pageHits says how often a query is found on a page.
type pageHits struct {
	Page, Hits int
	Path       string
}

// A fieldRow is a piece of metadata with where and how it was found.
type fieldRow struct {
	Title      string
	Value      string
	Confidence float64
	Page       int
	How        string
	Path       string // shows the place on its page, empty when there is none
	Sure       bool
}

// showDocument answers GET /documents/:document?version=&page=&q=&box=.
func (s *Server) showDocument(v *visit) error {
	id, err := v.documentID()
	if err != nil {
		return err
	}
	if err := s.readable(v, id); err != nil {
		return err
	}
	page := documentPage{Marked: v.query("q")}
	if err := s.loadDocument(v, id, &page); err != nil {
		return err
	}
	if err := s.markHits(v, &page); err != nil {
		return err
	}
	page.markBox(v.query("page"), v.query("box"))
	page.Frame = v.frame(page.title(), page.crumbs(v)...)
	page.Query = page.Marked
	if len(page.Pages) > 0 {
		page.Lead = v.N("document.pages", len(page.Pages))
	}
	return v.show(http.StatusOK, "document.html", page)
}

// Newest says whether the version that is shown is the newest one.
func (p documentPage) Newest() bool { return p.Version.Number == p.Document.Latest }

// Holds says whether the document is a container, which shows what it held in place of pages.
func (p documentPage) Holds() bool { return p.Record.Class == taxonomy.Container && len(p.Inside) > 0 }

func (p documentPage) title() string {
	if p.Filed {
		return p.Record.Title
	}
	return p.Version.Name
}

func (p documentPage) crumbs(v *visit) []Crumb {
	if !p.Filed {
		return v.mailroomCrumb()
	}
	return []Crumb{{v.T("nav.plan"), "/records"}, {p.Record.Place, "/records/" + url.PathEscape(p.Record.Category) + "?folder=" + p.Record.Folder.String()}}
}

// loadDocument reads what is known of a document. The number of statements does not depend on the number of pages.
func (s *Server) loadDocument(v *visit, id repository.DocumentID, page *documentPage) (err error) {
	ctx, q := v.ctx(), v.pool()
	if page.Document, err = s.config.Store.Get(ctx, q, id); err != nil {
		return err
	}
	page.Holding = v.holding(page.Document)
	if page.Versions, err = s.config.Store.Versions(ctx, q, id); err != nil {
		return err
	}
	slices.Reverse(page.Versions)
	if err := page.choose(v.query("version")); err != nil {
		return err
	}
	page.Base = fmt.Sprintf("/documents/%s/versions/%d", id, page.Version.Number)
	renditions, err := s.config.Store.Renditions(ctx, q, id, page.Version.Number)
	if err != nil {
		return err
	}
	texts, err := s.config.Store.Texts(ctx, q, []repository.DocumentID{id})
	if err != nil {
		return err
	}
	page.addPages(renditions, texts[id])
	if err := s.addRecord(v, id, page); err != nil {
		return err
	}
	if page.Pieces, err = capture.OfDocument(ctx, q, id); err != nil {
		return err
	}
	if err := s.addInside(v, page); err != nil {
		return err
	}
	events, err := journal.BySubject(ctx, q, id, 200)
	page.History = v.events(events)
	return err
}

// choose takes the version that the address names, else the newest.
func (p *documentPage) choose(version string) error {
	p.Version = p.Versions[0]
	if version == "" {
		return nil
	}
	n, err := strconv.Atoi(version)
	if err != nil || n < 1 || n > len(p.Versions) {
		return fault.New(fault.NotFound, "This document has no version %q. It has versions 1 to %d.", limited(version, 20), len(p.Versions))
	}
	p.Version = p.Versions[len(p.Versions)-n]
	return nil
}

func (p *documentPage) addPages(renditions []repository.Rendition, texts []repository.PageText) {
	at := func(number int) *pageView {
		i, found := slices.BinarySearchFunc(p.Pages, number, func(v pageView, n int) int { return v.Number - n })
		if !found {
			p.Pages = slices.Insert(p.Pages, i, pageView{Number: number})
		}
		return &p.Pages[i]
	}
	for _, r := range renditions {
		switch r.Kind {
		case repository.PageImage:
			view := at(r.Page)
			view.Image, view.Width, view.Height = true, r.Width, r.Height
		case repository.SearchablePDF:
			p.Searchable = true
		}
	}
	if p.Newest() {
		for _, t := range texts {
			at(t.Page).Text = t.Text
		}
	}
}

func (s *Server) addRecord(v *visit, id repository.DocumentID, page *documentPage) error {
	record, err := s.config.Plan.Record(v.ctx(), v.pool(), id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	page.Record, page.Filed = record, true
	page.Fields = fieldRows(catalogue, record, v.Code)
	return nil
}

// fieldRows are a record's values in the order of its class, then the others.
func fieldRows(c *taxonomy.Catalogue, r taxonomy.Record, language string) []fieldRow {
	class, _ := c.Class(r.Class)
	var order []taxonomy.FieldID
	for _, f := range class.Fields {
		order = append(order, f.Field)
	}
	for _, f := range c.Fields {
		if !slices.Contains(order, f.ID) {
			order = append(order, f.ID)
		}
	}
	var rows []fieldRow
	for _, id := range order {
		value, ok := r.Values[id]
		if !ok {
			continue
		}
		field, _ := c.Field(id)
		row := fieldRow{Title: field.Titles.In(language, string(id)), Value: shownValue(c, id, value.Value, language), Confidence: value.Confidence,
			Page: value.Page, How: value.How, Sure: value.Confidence >= sure}
		if b := value.Box; value.Page > 0 && !b.IsZero() {
			row.Path = fmt.Sprintf("?page=%d&box=%d,%d,%d,%d#page-%d", value.Page, b.X, b.Y, b.W, b.H, value.Page)
		}
		rows = append(rows, row)
	}
	return rows
}

// sure is the confidence from which a value is shown without a mark of doubt.
const sure = 0.8

// shownValue is a value as people read it: terms by their title.
func shownValue(c *taxonomy.Catalogue, field taxonomy.FieldID, value, language string) string {
	if term, ok := c.Term(field, value); ok {
		return term.Titles.In(language, value)
	}
	return value
}

// markBox shows where a value stands on its page.
func (p *documentPage) markBox(number, box string) {
	var b repository.Box
	if _, err := fmt.Sscanf(box, "%d,%d,%d,%d", &b.X, &b.Y, &b.W, &b.H); err != nil {
		return
	}
	for i := range p.Pages {
		if strconv.Itoa(p.Pages[i].Number) == number {
			p.Pages[i].Found = b
		}
	}
}

// markedPages is the most pages of which hits are marked: each needs its layout from the store.
const markedPages = 8

// markHits asks the index what of the query stands on which page, and finds the words' boxes in the pages' layouts.
func (s *Server) markHits(v *visit, page *documentPage) error {
	if page.Marked == "" || !page.Newest() || !page.Filed {
		return nil
	}
	results, err := s.config.Search.Search(v.ctx(), search.Request{Query: "(" + page.Marked + ") document:" + page.Document.ID.String(),
		Reader: v.reader(), Today: v.now, Limit: 1})
	if invalid(err) {
		return nil // a query that cannot be understood marks nothing; the search page says what is wrong with it
	}
	if err != nil || len(results.Hits) == 0 {
		return err
	}
	for i, terms := range results.Hits[0].Terms {
		address := url.Values{"q": {page.Marked}, "page": {itoa(terms.Page)}}
		page.Hits = append(page.Hits, pageHits{terms.Page, terms.Hits, "?" + address.Encode() + "#page-" + itoa(terms.Page)})
		wanted := itoa(terms.Page) == v.query("page")
		if i >= markedPages && !wanted {
			continue
		}
		if err := s.markPage(v, page, terms); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) markPage(v *visit, page *documentPage, terms search.PageTerms) error {
	layout, err := s.layout(v, page.Version, terms.Page)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for i := range page.Pages {
		if page.Pages[i].Number == terms.Page {
			page.Pages[i].Marks = boxes(layout, terms.Terms)
		}
	}
	return nil
}

// layout is the words of a page with their places.
func (s *Server) layout(v *visit, version repository.Version, number int) (repository.Layout, error) {
	var layout repository.Layout
	r, err := s.config.Store.Rendition(v.ctx(), v.pool(), version.Document, version.Number, repository.PageLayout, number)
	if err != nil {
		return layout, err
	}
	body, err := s.config.Store.OpenRendition(v.ctx(), r)
	if err != nil {
		return layout, err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(&layout); err != nil {
		return layout, fmt.Errorf("layout of page %d of %s: %w", number, version.Document, err)
	}
	return layout, nil
}

func itoa(n int) string { return strconv.Itoa(n) }

// atoi is the number that s is, or -1.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
