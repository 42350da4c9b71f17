package web

import (
	"net/http"
	"time"

	"docket/repository/journal"
	"docket/taxonomy"
)

// A classesPage lists the classes with what matters of each.
type classesPage struct {
	Frame
	Classes []classRow
}

// A classRow is a class as its list shows it.
type classRow struct {
	ID        taxonomy.ClassID
	Title     string
	Fields    int
	Threshold float64
	Documents int
	Place     string // the record category
	Process   string
	By        journal.Actor // who changed it last; "system:pack" when it is as it was shipped
	At        time.Time
}

// showClasses answers GET /admin/classes.
func (s *Server) showClasses(v *visit) error {
	c, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	counts, err := taxonomy.ClassCounts(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	revisions, err := taxonomy.Revisions(v.ctx(), v.pool(), "class")
	if err != nil {
		return err
	}
	titles, err := s.processTitles(v)
	if err != nil {
		return err
	}
	page := classesPage{Frame: v.frame(v.T("classes.title"))}
	page.Lead = v.Number(len(c.Classes))
	for _, k := range c.Classes {
		category, _ := c.Category(k.Category)
		last := revisions[string(k.ID)]
		page.Classes = append(page.Classes, classRow{ID: k.ID, Title: k.Titles.In(v.Code, string(k.ID)), Fields: len(k.Fields), Threshold: k.Threshold,
			Documents: counts[k.ID], Place: category.Titles.In(v.Code, k.Category), Process: titles[k.Process], By: last.By, At: last.At})
	}
	sortBy(v.Locale, page.Classes, func(r classRow) string { return r.Title })
	return v.show(http.StatusOK, "classes.html", page)
}

// processTitles are what the processes are called, by their ID.
func (s *Server) processTitles(v *visit) (map[string]string, error) {
	processes, err := s.config.Desk.Processes(v.ctx(), v.pool())
	titles := map[string]string{}
	for _, p := range processes {
		titles[p.ID] = p.Titles.In(v.Code, p.ID)
	}
	return titles, err
}
