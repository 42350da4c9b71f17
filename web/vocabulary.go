package web

import (
	"net/http"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// A vocabularyPage lists the terms of one vocabulary.
type vocabularyPage struct {
	Frame
	Vocabularies []vocabularyLink
	Field        taxonomy.FieldID // whose values are the terms; empty when there is no vocabulary at all
	Terms        []termRow
}

// A vocabularyLink leads to the vocabulary of a field.
type vocabularyLink struct {
	Title, Path string
	Terms       int
	Here        bool
}

// A termRow is a term as its list shows it.
type termRow struct {
	ID, Title string
	Cues      string // the first of what is looked for in texts, in the language of the page or else the house's
	Count     int    // of all cues in all languages
	Documents int
	Retired   bool
	Path      string
}

// shownCues is how many characters of a term's cues its row shows.
const shownCues = 90

// showVocabulary answers GET /admin/vocabulary and GET /admin/vocabulary/:field.
func (s *Server) showVocabulary(v *visit) error {
	c, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	page := vocabularyPage{Field: taxonomy.FieldID(v.param("field"))}
	title := v.T("vocabulary.title")
	for _, f := range c.Fields {
		if f.Type != taxonomy.TermField {
			continue
		}
		if page.Field == "" {
			page.Field = f.ID
		}
		link := vocabularyLink{f.Titles.In(v.Code, string(f.ID)), "/admin/vocabulary/" + string(f.ID), len(c.Vocabularies[f.ID]), f.ID == page.Field}
		if link.Here {
			title = link.Title
		}
		page.Vocabularies = append(page.Vocabularies, link)
	}
	if !slices.ContainsFunc(page.Vocabularies, func(l vocabularyLink) bool { return l.Here }) && v.param("field") != "" {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	counts, err := taxonomy.TermCounts(v.ctx(), v.pool(), page.Field)
	if err != nil {
		return err
	}
	for _, t := range c.Vocabularies[page.Field] {
		page.Terms = append(page.Terms, v.termRow(c, page.Field, t, counts[t.ID]))
	}
	sortBy(v.Locale, page.Terms, func(t termRow) string { return t.Title })
	slices.SortStableFunc(page.Terms, func(a, b termRow) int { return b2i(a.Retired) - b2i(b.Retired) })
	page.Frame = v.frame(title, Crumb{v.T("vocabulary.title"), "/admin/vocabulary"})
	page.Lead = v.N("vocabulary.lead", len(page.Terms))
	return v.show(http.StatusOK, "vocabulary.html", page)
}

func (v *visit) termRow(c *taxonomy.Catalogue, field taxonomy.FieldID, t taxonomy.Term, documents int) termRow {
	row := termRow{ID: t.ID, Title: t.Titles.In(v.Code, t.ID), Documents: documents, Retired: t.Retired, Path: "/admin/vocabulary/" + string(field) + "/" + t.ID}
	cues := t.Synonyms[v.Code]
	if len(cues) == 0 {
		cues = t.Synonyms[c.Language]
	}
	row.Cues = firstOf(cues, shownCues)
	for _, all := range t.Synonyms {
		row.Count += len(all)
	}
	return row
}

// firstOf names the first of some phrases that have room, and shows that there are more.
func firstOf(phrases []string, room int) string {
	all := strings.Join(phrases, ", ")
	first := limited(all, room)
	if end := strings.LastIndex(first, ", "); len(first) < len(all) && end > 0 {
		return first[:end] + " …"
	}
	return first
}

// A termPage is one term as a form.
type termPage struct {
	Frame
	Field     taxonomy.Field
	Term      taxonomy.Term
	New       bool
	Version   int
	Languages []termLanguage
	Documents int
	Past      []taxonomy.Revision
	Problems  []string
}

// A termLanguage is what the term is called in one language and what people write for it.
type termLanguage struct {
	titleInput
	Cues string // one a line
}

// Path is the address that the form is sent to.
func (p termPage) Path() string {
	path := "/admin/vocabulary/" + string(p.Field.ID) + "/"
	if p.New {
		return path + "new"
	}
	return path + p.Term.ID
}

// termPage is the page of the term in the address as it is saved.
func (s *Server) termPage(v *visit) (page termPage, c *taxonomy.Catalogue, err error) {
	if c, err = s.config.Plan.Catalogue(v.ctx(), v.pool()); err != nil {
		return page, c, err
	}
	var ok bool
	if page.Field, ok = c.Field(taxonomy.FieldID(v.param("field"))); !ok || page.Field.Type != taxonomy.TermField {
		return page, c, fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	id := v.param("term")
	if page.New = id == "new"; page.New {
		page.Term = taxonomy.Term{Titles: taxonomy.Titles{}}
		return page, c, nil
	}
	if page.Term, ok = c.Term(page.Field.ID, id); !ok {
		return page, c, fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	counts, err := taxonomy.TermCounts(v.ctx(), v.pool(), page.Field.ID)
	if err != nil {
		return page, c, err
	}
	page.Documents = counts[id]
	page.Past, err = taxonomy.PastRevisions(v.ctx(), v.pool(), "term", string(page.Field.ID)+"/"+id)
	if len(page.Past) > 0 {
		page.Version = page.Past[0].Version
	}
	return page, c, err
}

// showTerm answers GET /admin/vocabulary/:field/:term; "new" is a form for another one.
func (s *Server) showTerm(v *visit) error {
	page, c, err := s.termPage(v)
	if err != nil {
		return err
	}
	return s.sendTerm(v, c, page, http.StatusOK)
}

func (s *Server) sendTerm(v *visit, c *taxonomy.Catalogue, page termPage, status int) error {
	for _, in := range titleInputs(c, page.Term.Titles) {
		page.Languages = append(page.Languages, termLanguage{in, strings.Join(page.Term.Synonyms[in.Code], "\n")})
	}
	field := page.Field.Titles.In(v.Code, string(page.Field.ID))
	title := page.Term.Titles.In(v.Code, page.Term.ID)
	if page.New {
		title = v.T("vocabulary.new")
	}
	page.Frame = v.frame(title, Crumb{v.T("vocabulary.title"), "/admin/vocabulary"}, Crumb{field, "/admin/vocabulary/" + string(page.Field.ID)})
	return v.show(status, "term.html", page)
}

// changeTerm answers POST /admin/vocabulary/:field/:term: the term is saved as typed; do=retire and do=revive do that as well.
func (s *Server) changeTerm(v *visit) error {
	page, c, err := s.termPage(v)
	if err != nil {
		return err
	}
	page.Version = max(0, atoi(v.form("version")))
	t := &page.Term
	if page.New {
		t.ID, page.Version = strings.TrimSpace(v.form("id")), 0
	}
	t.Titles, t.Synonyms = v.typedTitles(), v.typedCues()
	switch v.form("do") {
	case "retire":
		t.Retired = true
	case "revive":
		t.Retired = false
	}
	err = v.inTx(func(tx pgx.Tx) error {
		return s.config.Plan.SaveTerm(v.ctx(), tx, v.actor(), page.Field.ID, *t, page.Version)
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Problems = []string{v.Sentence(err)}
		return s.sendTerm(v, c, page, Status(err))
	}
	if err != nil {
		return err
	}
	title := t.Titles.In(v.Code, t.ID)
	if t.Retired {
		v.flash("success", v.T("vocabulary.retired_now", title))
	} else {
		v.flash("success", v.T("vocabulary.saved", title))
	}
	return v.redirect("/admin/vocabulary/" + string(page.Field.ID))
}

// typedCues are the phrases of a form, by language: one a line, or parted by commas.
func (v *visit) typedCues() map[string][]string {
	cues := map[string][]string{}
	for _, l := range taxonomy.Languages {
		for part := range strings.FieldsFuncSeq(v.form("cues."+l), func(r rune) bool { return r == '\n' || r == ',' || r == '\r' }) {
			if part = strings.Join(strings.Fields(part), " "); part != "" && !slices.Contains(cues[l], part) {
				cues[l] = append(cues[l], part)
			}
		}
	}
	return cues
}
