package web

import (
	"net/http"
	"strings"

	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// A fieldsPage lists all fields that classes can have.
type fieldsPage struct {
	Frame
	Fields []definedField
}

// A definedField is a field and the classes that have it.
type definedField struct {
	taxonomy.Field
	Title, Type string
	Classes     []classLink
}

// A classLink leads to a class.
type classLink struct {
	ID    taxonomy.ClassID
	Title string
}

// showFields answers GET /admin/fields.
func (s *Server) showFields(v *visit) error {
	c, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	page := fieldsPage{Frame: v.frame(v.T("fields.title"))}
	page.Lead = v.Number(len(c.Fields))
	for _, f := range c.Fields {
		page.Fields = append(page.Fields, definedField{f, f.Titles.In(v.Code, string(f.ID)), v.T("type." + string(f.Type)), classesWith(c, f.ID, v.Code)})
	}
	sortBy(v.Locale, page.Fields, func(f definedField) string { return f.Title })
	return v.show(http.StatusOK, "fields.html", page)
}

func classesWith(c *taxonomy.Catalogue, id taxonomy.FieldID, language string) []classLink {
	var all []classLink
	for _, k := range c.Classes {
		for _, f := range k.Fields {
			if f.Field == id {
				all = append(all, classLink{k.ID, k.Titles.In(language, string(k.ID))})
			}
		}
	}
	return all
}

// A fieldPage is one field as a form.
type fieldPage struct {
	Frame
	Field    taxonomy.Field
	New      bool
	Version  int
	Titles   []titleInput
	Types    []option
	Classes  []classLink
	Past     []taxonomy.Revision
	Problems []string
}

// Path is the address that the form is sent to.
func (p fieldPage) Path() string {
	if p.New {
		return "/admin/fields/new"
	}
	return "/admin/fields/" + string(p.Field.ID)
}

// HasTerms says whether the field's values come from a vocabulary that can be looked at.
func (p fieldPage) HasTerms() bool { return !p.New && p.Field.Type == taxonomy.TermField }

// fieldPage is the page of the field in the address as it is saved.
func (s *Server) fieldPage(v *visit) (page fieldPage, c *taxonomy.Catalogue, err error) {
	if c, err = s.config.Plan.Catalogue(v.ctx(), v.pool()); err != nil {
		return page, c, err
	}
	id := v.param("field")
	if page.New = id == "new"; page.New {
		page.Field = taxonomy.Field{Type: taxonomy.TextField, Titles: taxonomy.Titles{}}
		return page, c, nil
	}
	var ok bool
	if page.Field, ok = c.Field(taxonomy.FieldID(id)); !ok {
		return page, c, fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	page.Classes = classesWith(c, page.Field.ID, v.Code)
	page.Past, err = taxonomy.PastRevisions(v.ctx(), v.pool(), "field", id)
	if len(page.Past) > 0 {
		page.Version = page.Past[0].Version
	}
	return page, c, err
}

// showField answers GET /admin/fields/:field; "new" is a form for another one.
func (s *Server) showField(v *visit) error {
	page, c, err := s.fieldPage(v)
	if err != nil {
		return err
	}
	return s.sendField(v, c, page, http.StatusOK)
}

func (s *Server) sendField(v *visit, c *taxonomy.Catalogue, page fieldPage, status int) error {
	f := page.Field
	page.Titles = titleInputs(c, f.Titles)
	for _, t := range taxonomy.FieldTypes {
		page.Types = append(page.Types, option{string(t), v.T("type." + string(t)), t == f.Type})
	}
	title := f.Titles.In(v.Code, string(f.ID))
	if page.New {
		title = v.T("fields.new")
	}
	page.Frame = v.frame(title, Crumb{v.T("fields.title"), "/admin/fields"})
	return v.show(status, "field.html", page)
}

// changeField answers POST /admin/fields/:field.
func (s *Server) changeField(v *visit) error {
	page, c, err := s.fieldPage(v)
	if err != nil {
		return err
	}
	page.Version = max(0, atoi(v.form("version")))
	if page.New {
		page.Field.ID, page.Version = taxonomy.FieldID(strings.TrimSpace(v.form("id"))), 0
	}
	page.Field.Type, page.Field.Titles = taxonomy.FieldType(v.form("type")), v.typedTitles()
	err = v.inTx(func(tx pgx.Tx) error {
		return s.config.Plan.SaveField(v.ctx(), tx, v.actor(), page.Field, page.Version)
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Problems = []string{v.Sentence(err)}
		return s.sendField(v, c, page, Status(err))
	}
	if err != nil {
		return err
	}
	v.flash("success", v.T("fields.saved", page.Field.Titles.In(v.Code, string(page.Field.ID))))
	if page.New && page.Field.Type == taxonomy.TermField {
		return v.redirect("/admin/vocabulary/" + string(page.Field.ID))
	}
	return v.redirect("/admin/fields")
}
