package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// A classPage is one class as a form, with what its templates make of real documents.
type classPage struct {
	Frame
	Class      taxonomy.Class
	New        bool
	Version    int // that the form was made from; 0 for a new class
	Titles     []titleInput
	Percent    string // the threshold
	Fields     []classFieldRow
	Addable    []option
	Categories []option
	Processes  []option
	Readers    []option
	Cues       int
	Words      []placeholder
	Trial      trial
	Past       []taxonomy.Revision
	Problems   []string
	Stale      bool // somebody else saved it in the meantime
}

// Path is the address that the form is sent to.
func (p classPage) Path() string {
	if p.New {
		return "/admin/classes/new"
	}
	return "/admin/classes/" + string(p.Class.ID)
}

// A titleInput is the title in one language.
type titleInput struct {
	Code, Language, Value string
	Required              bool
}

// A classFieldRow is a field of the class in its order.
type classFieldRow struct {
	ID          taxonomy.FieldID
	Title, Type string
	Required    bool
	First, Last bool
}

// A placeholder is what a template may hold, and what it stands for.
type placeholder struct{ Name, Title string }

// A trial is what a draft's templates make of real documents, or what is wrong with them.
type trial struct {
	Trials          []taxonomy.Trial
	Problem         string
	Before, At, End string // the template around the place of the problem
}

// trialRows is how many real documents a template is tried on.
const trialRows = 5

// showClass answers GET /admin/classes/:class; "new" is a form for another one.
func (s *Server) showClass(v *visit) error {
	page, c, err := s.classPage(v)
	if err != nil {
		return err
	}
	return s.sendClass(v, c, page, http.StatusOK)
}

// classPage is the page of the class in the address as it is saved.
func (s *Server) classPage(v *visit) (classPage, *taxonomy.Catalogue, error) {
	var page classPage
	c, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return page, c, err
	}
	id := v.param("class")
	if page.New = id == "new"; page.New {
		page.Class = taxonomy.Class{Titles: taxonomy.Titles{}, Threshold: 0.8, Name: "{date} {class} – {party}", Path: "{year}/{month}", Readers: taxonomy.Unfiled}
		return page, c, nil
	}
	var ok bool
	if page.Class, ok = c.Class(taxonomy.ClassID(id)); !ok {
		return page, c, fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	page.Past, err = taxonomy.PastRevisions(v.ctx(), v.pool(), "class", id)
	if len(page.Past) > 0 {
		page.Version = page.Past[0].Version
	}
	return page, c, err
}

// sendClass fills the form from the class as it is drafted and shows it.
func (s *Server) sendClass(v *visit, c *taxonomy.Catalogue, page classPage, status int) error {
	k := page.Class
	page.Titles = titleInputs(c, k.Titles)
	page.Percent = cmp.Or(page.Percent, percentText(k.Threshold))
	page.addFields(v, c)
	for _, category := range c.Categories {
		page.Categories = append(page.Categories, option{category.Code, category.Code + " " + category.Titles.In(v.Code, ""), category.Code == k.Category})
	}
	processes, err := s.config.Desk.Processes(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	for _, p := range processes {
		page.Processes = append(page.Processes, option{p.ID, p.Titles.In(v.Code, p.ID), p.ID == k.Process})
	}
	page.Readers = readerOptions(v, k.Readers)
	for _, cues := range k.Cues {
		page.Cues += len(cues)
	}
	page.Words = placeholdersOf(v, c)
	if page.Trial, err = s.try(v, k); err != nil {
		return err
	}
	title := limited(k.Titles.In(v.Code, string(k.ID)), 200)
	if page.New {
		title = v.T("classes.new")
	}
	page.Frame = v.frame(title, Crumb{v.T("classes.title"), "/admin/classes"})
	if v.partial() {
		return v.showPart("class.html", "fields", page)
	}
	return v.show(status, "class.html", page)
}

// titleInputs asks for a title in every language, first in those that must have one.
func titleInputs(c *taxonomy.Catalogue, titles taxonomy.Titles) []titleInput {
	var all []titleInput
	for _, l := range languageTitles {
		all = append(all, titleInput{l.Code, l.Title, titles[l.Code], l.Code == "en" || l.Code == c.Language})
	}
	slices.SortStableFunc(all, func(a, b titleInput) int {
		return cmp.Compare(b2i(b.Required), b2i(a.Required))
	})
	return all
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (p *classPage) addFields(v *visit, c *taxonomy.Catalogue) {
	for i, cf := range p.Class.Fields {
		f, _ := c.Field(cf.Field)
		p.Fields = append(p.Fields, classFieldRow{cf.Field, f.Titles.In(v.Code, string(cf.Field)), v.T("type." + string(f.Type)), cf.Required,
			i == 0, i == len(p.Class.Fields)-1})
	}
	for _, f := range c.Fields {
		if !slices.ContainsFunc(p.Class.Fields, func(cf taxonomy.ClassField) bool { return cf.Field == f.ID }) {
			p.Addable = append(p.Addable, option{Value: string(f.ID), Title: f.Titles.In(v.Code, string(f.ID))})
		}
	}
	sortOptions(v.Locale, p.Addable)
}

// readerOptions are the access tokens that a class can be opened to: everyone, the roles, and what it is opened to already.
func readerOptions(v *visit, chosen []string) []option {
	all := []option{{taxonomy.Everyone, v.T("class.everyone"), slices.Contains(chosen, taxonomy.Everyone)}}
	for _, r := range roles[:len(roles)-1] { // administrators see everything
		token := "role:" + string(r)
		all = append(all, option{token, v.T("role." + string(r)), slices.Contains(chosen, token)})
	}
	for _, token := range chosen {
		if !slices.ContainsFunc(all, func(o option) bool { return o.Value == token }) {
			all = append(all, option{token, limited(token, 100), true})
		}
	}
	return all
}

func placeholdersOf(v *visit, c *taxonomy.Catalogue) []placeholder {
	var all []placeholder
	for _, name := range taxonomy.Placeholders {
		all = append(all, placeholder{"{" + name + "}", v.T("placeholder." + name)})
	}
	for _, f := range c.Fields {
		all = append(all, placeholder{"{" + string(f.ID) + "}", f.Titles.In(v.Code, string(f.ID))})
	}
	return all
}

// try is what a draft's templates make of real documents.
func (s *Server) try(v *visit, k taxonomy.Class) (trial, error) {
	trials, err := s.config.Plan.Try(v.ctx(), v.pool(), v.reader(), k, trialRows)
	if bad, ok := errors.AsType[*taxonomy.TemplateError](err); ok {
		return trial{Problem: v.Phrase(bad.Say), Before: bad.Template[:bad.At], At: bad.Template[bad.At:bad.End], End: bad.Template[bad.End:]}, nil
	}
	return trial{Trials: trials}, err
}

// tryClass answers POST /admin/classes/:class/trial: what is typed so far, on real documents.
func (s *Server) tryClass(v *visit) error {
	page, c, err := s.classPage(v)
	if err != nil {
		return err
	}
	page.draft(v, c)
	if page.Trial, err = s.try(v, page.Class); err != nil {
		return err
	}
	return v.showPart("class.html", "trial", page)
}

// changeClass answers POST /admin/classes/:class: fields are moved, added and dropped in the draft; "save" saves it.
func (s *Server) changeClass(v *visit) error {
	page, c, err := s.classPage(v)
	if err != nil {
		return err
	}
	page.draft(v, c)
	if do := v.form("do"); do != "save" {
		page.arrange(do, taxonomy.FieldID(v.form("add")))
		return s.sendClass(v, c, page, http.StatusOK)
	}
	if err := s.checkProcess(v, &page); err != nil {
		return err
	}
	if len(page.Problems) == 0 {
		err = v.inTx(func(tx pgx.Tx) error {
			return s.config.Plan.SaveClass(v.ctx(), tx, v.actor(), page.Class, page.Version)
		})
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Stale = fault.Is(err, fault.Conflict) && !page.New
		page.Problems = append(page.Problems, v.Sentence(err))
		return s.sendClass(v, c, page, Status(err))
	}
	if err != nil {
		return err
	}
	if len(page.Problems) > 0 {
		return s.sendClass(v, c, page, http.StatusUnprocessableEntity)
	}
	v.flash("success", v.T("class.saved", page.Class.Titles.In(v.Code, string(page.Class.ID))))
	return v.redirect("/admin/classes/" + string(page.Class.ID))
}

// checkProcess wants a process that exists: taxonomy, which checks everything else of a class, knows none.
func (s *Server) checkProcess(v *visit, page *classPage) error {
	processes, err := s.config.Desk.Processes(v.ctx(), v.pool())
	chosen := page.Class.Process
	if chosen != "" && !slices.ContainsFunc(processes, func(p *workflow.Process) bool { return p.ID == chosen }) {
		page.Problems = append(page.Problems, v.T("class.unknown_process"))
	}
	return err
}

// draft lays what is typed over the class. What the form does not show, such as cues, stays.
func (p *classPage) draft(v *visit, c *taxonomy.Catalogue) {
	p.Version = max(0, atoi(v.form("version")))
	k := &p.Class
	if p.New {
		k.ID, p.Version = taxonomy.ClassID(strings.TrimSpace(v.form("id"))), 0
	}
	k.Titles = v.typedTitles()
	k.Name, k.Path = v.form("name"), strings.TrimSpace(v.form("path"))
	k.Category, k.Process = v.form("category"), v.form("process")
	k.Readers = v.gin.Request.PostForm["reader"]
	p.Percent = strings.TrimSpace(v.form("threshold"))
	if n := atoi(strings.TrimSuffix(p.Percent, "%")); n >= 1 && n <= 100 {
		k.Threshold = float64(n) / 100
	} else {
		p.Problems = append(p.Problems, v.T("class.bad_threshold"))
	}
	if len(k.Readers) == 0 {
		p.Problems = append(p.Problems, v.T("class.no_reader"))
	}
	required := v.gin.Request.PostForm["required"]
	k.Fields = nil
	for _, id := range v.gin.Request.PostForm["field"] {
		if _, known := c.Field(taxonomy.FieldID(id)); known {
			k.Fields = append(k.Fields, taxonomy.ClassField{Field: taxonomy.FieldID(id), Required: slices.Contains(required, id)})
		}
	}
}

// typedTitles are the titles of a form, by language.
func (v *visit) typedTitles() taxonomy.Titles {
	titles := taxonomy.Titles{}
	for _, l := range taxonomy.Languages {
		if s := strings.TrimSpace(v.form("title." + l)); s != "" {
			titles[l] = s
		}
	}
	return titles
}

// arrange changes the draft's fields: "up:amount" and "down:amount" move one, "drop:amount" takes it out, "add" adds one.
func (p *classPage) arrange(do string, add taxonomy.FieldID) {
	what, id, _ := strings.Cut(do, ":")
	fields := p.Class.Fields
	i := slices.IndexFunc(fields, func(f taxonomy.ClassField) bool { return string(f.Field) == id })
	has := slices.ContainsFunc(fields, func(f taxonomy.ClassField) bool { return f.Field == add })
	switch {
	case what == "up" && i > 0:
		fields[i-1], fields[i] = fields[i], fields[i-1]
	case what == "down" && i >= 0 && i < len(fields)-1:
		fields[i+1], fields[i] = fields[i], fields[i+1]
	case what == "drop" && i >= 0:
		p.Class.Fields = slices.Delete(fields, i, i+1)
	case what == "add" && add != "" && !has:
		p.Class.Fields = append(fields, taxonomy.ClassField{Field: add})
	}
}

// percentText writes a share as whole per cent.
func percentText(share float64) string { return itoa(int(share*100 + 0.5)) }
