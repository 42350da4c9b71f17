package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"
	"docket/workflow"
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
	Panel      recordPanel
	Viewer     viewer
	Mail       mailView // zero for what is no message
	Screened   screened
	AsText     bool // the whole text is shown in place of the pages
	Fields     []fieldRow
	Pieces     []capture.Piece
	Inside     []insider // what came inside it
	Around     insider   // what it came in; zero when it came by itself
	History    []eventRow
	Searchable bool

	deliveries []capture.Delivery // of a message
}

// A fieldRow is a piece of metadata with where and how it was found.
type fieldRow struct {
	Title      string
	Value      string
	Confidence float64
	Page       int
	Box        repository.Box
	How        string
	Path       string // shows the place on its page, empty when there is none
	Sure       bool
}

// showDocument answers GET /documents/:document?version=&page=&q=&box=&annotation=&view=. An address with version, page and box is a
// citation: a version never changes, so it leads to the same words for as long as the document is kept.
func (s *Server) showDocument(v *visit) error {
	id, err := v.documentID()
	if err != nil {
		return err
	}
	if err := s.readable(v, id); err != nil {
		return err
	}
	page := documentPage{AsText: v.query("view") == "text"}
	if err := s.loadDocument(v, id, &page); err != nil {
		return err
	}
	if err := s.markHits(v, &page); err != nil {
		return err
	}
	page.Frame = v.frame(page.title(), page.crumbs(v)...)
	page.Query = page.Viewer.Marked
	if len(page.Viewer.Pages) > 0 {
		page.Lead = v.N("document.pages", len(page.Viewer.Pages))
	}
	return v.show(http.StatusOK, "document.html", page)
}

// Newest says whether the version that is shown is the newest one.
func (p documentPage) Newest() bool { return p.Version.Number == p.Document.Latest }

// Before and After are the versions that are compared unless somebody chooses others: the one that is shown, and the one before
// it.
func (p documentPage) Before() int { return max(p.After()-1, 1) }

// After is the version with which Before is compared. The first has none before it and is compared with the second.
func (p documentPage) After() int { return max(p.Version.Number, min(p.Document.Latest, 2)) }

// State is how far the document has come at the mailroom: that of the piece it came as, empty when it is not known.
func (p documentPage) State() capture.State {
	came, _ := capture.CameAs(p.Pieces)
	return came.State
}

// Undecided says whether the person may decide what this document is, which somebody is asked for.
func (p documentPage) Undecided() bool {
	return p.State() == capture.Waiting && p.User.Has(workflow.Mailroom)
}

// Correctable says whether the person may correct what was decided about this document.
func (p documentPage) Correctable() bool {
	return p.Filed && p.Record.Class != taxonomy.Container && p.State() == capture.Filed && p.User.Has(workflow.Mailroom)
}

// Desk is where the document is decided or corrected.
func (p documentPage) Desk() string { return validationPath(p.Document.ID) }

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
	line := append([]Crumb{{v.T("nav.plan"), "/records"}}, p.Panel.Line...)
	return append(line, Crumb{p.Panel.Folder, p.Panel.FolderPath})
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
	if page.Screened, err = s.screened(v, page.Version); err != nil {
		return err
	}
	if err := s.addPages(v, page); err != nil {
		return err
	}
	if err := s.addRecord(v, id, page); err != nil {
		return err
	}
	if page.Pieces, err = capture.OfDocument(ctx, q, id); err != nil {
		return err
	}
	if err := s.addInside(v, page); err != nil {
		return err
	}
	if err := s.addMail(v, page); err != nil {
		return err
	}
	if page.Panel, err = s.recordPanel(v, page); err != nil {
		return err
	}
	events, err := journal.BySubject(ctx, q, id, 200)
	if err != nil {
		return err
	}
	page.History, err = s.events(v, events)
	return err
}

// addPages shows the pages of the chosen version, with what is written and marked on them. Of one that is held there are none.
func (s *Server) addPages(v *visit, page *documentPage) error {
	id := page.Version.Document
	renditions, err := s.config.Store.Renditions(v.ctx(), v.pool(), id, page.Version.Number)
	if err != nil {
		return err
	}
	if page.Screened.Held != "" {
		renditions = nil
	}
	texts, err := s.config.Store.Texts(v.ctx(), v.pool(), []repository.DocumentID{id})
	if err != nil {
		return err
	}
	page.Viewer = newViewer(id, page.Version.Number, renditions)
	page.Viewer.Marked, page.Viewer.Fine = v.query("q"), capture.DrawsAnew(page.Version.MediaType)
	if page.Newest() {
		page.Viewer.addTexts(texts[id])
	}
	notes, err := s.annotations(v, &page.Viewer, v.query("annotation"))
	if err != nil {
		return err
	}
	page.Viewer.annotate(notes)
	page.Viewer.turnTo(v.query("page"), v.query("box"))
	page.Searchable = slices.ContainsFunc(renditions, func(r repository.Rendition) bool { return r.Kind == repository.SearchablePDF })
	return nil
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

func (s *Server) addRecord(v *visit, id repository.DocumentID, page *documentPage) error {
	record, err := s.config.Plan.Record(v.ctx(), v.pool(), id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	catalogue, err := v.catalogue()
	if err != nil {
		return err
	}
	page.Record, page.Filed = record, true
	page.Fields = fieldRows(catalogue, record, v.Locale)
	return nil
}

// fieldRows are a record's values in the order of its class, then the others.
func fieldRows(c *taxonomy.Catalogue, r taxonomy.Record, l *Locale) []fieldRow {
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
		row := fieldRow{Title: field.Titles.In(l.Code, string(id)), Value: l.Shown(c, id, value.Value), Confidence: value.Confidence,
			Page: value.Page, Box: value.Box, How: l.Phrase(value.How), Sure: value.Confidence >= sure}
		if value.Page > 0 && !value.Box.IsZero() {
			row.Path = fmt.Sprintf("?page=%d&box=%s", value.Page, boxText(value.Box))
		}
		rows = append(rows, row)
	}
	return rows
}

// sure is the confidence from which a value is shown without a mark of doubt.
const sure = 0.8

func itoa(n int) string { return strconv.Itoa(n) }

// atoi is the number that s is, or -1.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
