package web

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// addNarrowing adds by what the list can be narrowed, by what it is, and how many records that leaves. Whoever sees no record of a
// party is not told its name. A party has few records, which are counted; all others the tally knows.
func (s *Server) addNarrowing(v *visit, page *categoryPage, filter taxonomy.Filter) error {
	var folders []taxonomy.FolderID
	for _, f := range page.Node.Folders {
		if filter.Folder == uuid.Nil || filter.Folder == f.ID {
			folders = append(folders, f.ID)
		}
	}
	shares, err := s.config.Plan.Shares(v.ctx(), v.pool(), v.reader(), folders)
	if err != nil {
		return err
	}
	catalogue, err := v.catalogue()
	if err != nil {
		return err
	}
	choices, counts := shareChoices(v, catalogue, shares, filter)
	if page.Chips, err = s.ticketChips(v, choices, len(page.Records) > 0); err != nil {
		return err
	}
	for i, c := range choices {
		for k, o := range c.Options {
			choices[i].Options[k].Title = fmt.Sprintf("%s (%s)", o.Title, v.Number(counts[c.Name+o.Value]))
		}
		if len(c.Options) > 1 {
			page.Filters = append(page.Filters, choices[i])
		}
	}
	page.Mixed = len(choices[0].Options) > 1
	page.Clear = v.gin.Request.URL.Path
	if filter.Folder != uuid.Nil {
		page.Clear = v.withOnly("folder", filter.Folder.String())
	}
	return s.countList(v, page, filter, shares)
}

func (s *Server) countList(v *visit, page *categoryPage, filter taxonomy.Filter, shares []taxonomy.Share) (err error) {
	page.Count = page.Node.Records
	switch {
	case filter.Party != uuid.Nil:
		page.Count, err = s.config.Plan.Count(v.ctx(), v.pool(), v.reader(), filter)
	case page.Narrowed():
		page.Count = 0
		for _, sh := range shares {
			if (filter.Class == "" || sh.Class == filter.Class) && (filter.Year == 0 || sh.Year == filter.Year) {
				page.Count += sh.Records
			}
		}
	}
	return err
}

// shareChoices are the classes and years of records, and how many records each has, by its name and value.
func shareChoices(v *visit, c *taxonomy.Catalogue, shares []taxonomy.Share, f taxonomy.Filter) ([]ticketChoice, map[string]int) {
	classes, years := ticketChoice{Name: "class", Title: v.T("document.class")}, ticketChoice{Name: "year", Title: v.T("plan.year")}
	counts := map[string]int{}
	add := func(to *ticketChoice, value, title string, records int, chosen bool) {
		if counts[to.Name+value] == 0 {
			to.Options = append(to.Options, option{value, title, chosen})
		}
		counts[to.Name+value] += records
	}
	for _, s := range shares {
		class, _ := c.Class(s.Class)
		add(&classes, string(s.Class), class.Titles.In(v.Code, string(s.Class)), s.Records, s.Class == f.Class)
		if s.Year > 0 {
			add(&years, strconv.Itoa(s.Year), strconv.Itoa(s.Year), s.Records, s.Year == f.Year)
		}
	}
	if known, ok := c.Class(f.Class); ok && counts["class"+string(f.Class)] == 0 {
		add(&classes, string(f.Class), known.Titles.In(v.Code, string(f.Class)), 0, true)
	}
	sortOptions(v.Locale, classes.Options)
	return []ticketChoice{classes, years}, counts
}

// writeRecordCursor and readRecordCursor carry a place in a list of records through an address.
func writeRecordCursor(c taxonomy.Cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.ID.String() + c.Key))
}

func readRecordCursor(s string, order taxonomy.Order) (taxonomy.Cursor, error) {
	if s == "" {
		return taxonomy.Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	id, key := string(raw[:min(36, len(raw))]), string(raw[min(36, len(raw)):])
	document, idErr := uuid.Parse(id)
	if err != nil || idErr != nil || !utf8.ValidString(key) || strings.ContainsRune(key, 0) || !order.Has(key) {
		return taxonomy.Cursor{}, fault.New(fault.Invalid, "This is no page of the list. Start again from its first page.")
	}
	return taxonomy.Cursor{Key: key, ID: document}, nil
}
