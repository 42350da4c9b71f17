package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"docket/repository/fault"
	"docket/workflow"
	writing "docket/workflow/letter"

	"github.com/jackc/pgx/v5"
)

// A mailTemplatesPage lists the texts for what the house writes often.
type mailTemplatesPage struct {
	Frame
	Templates []mailTemplateRow
}

// A mailTemplateRow is a template as its list shows it.
type mailTemplateRow struct {
	workflow.Template
	Called  string // in the person's language
	Ticket  string // the process that it is for, empty for all
	Tongues []tongueMark
	Author  string
}

// Path is the address of the template's page.
func (r mailTemplateRow) Path() string { return mailTemplatePath(r.ID) }

// A tongueMark says whether there is a text in a language.
type tongueMark struct {
	Code, Title string
	There       bool
}

func mailTemplatePath(id string) string { return "/admin/templates/" + id }

// showMailTemplates answers GET /admin/templates: what is in use first.
func (s *Server) showMailTemplates(v *visit) error {
	all, err := workflow.LoadTemplates(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b workflow.Template) int { return cmp.Compare(b2i(a.Retired()), b2i(b.Retired())) })
	processes, err := s.processTitles(v)
	if err != nil {
		return err
	}
	page := mailTemplatesPage{Frame: v.frame(v.T("templates.title"))}
	page.Lead = v.N("templates.lead", len(all))
	for _, t := range all {
		row := mailTemplateRow{Template: t, Called: t.Title(v.Code), Ticket: processes[t.Process], Author: v.actorName(t.ChangedBy)}
		for _, l := range languageTitles {
			row.Tongues = append(row.Tongues, tongueMark{l.Code, l.Title, t.Texts[l.Code].Body != ""})
		}
		page.Templates = append(page.Templates, row)
	}
	return v.show(http.StatusOK, "mailtemplates.html", page)
}

// mailTemplateOf is the template that the address names; one without a version for "new".
func (s *Server) mailTemplateOf(v *visit) (workflow.Template, error) {
	if v.param("template") == "new" {
		return workflow.Template{Purpose: workflow.Reply}, nil
	}
	all, err := workflow.LoadTemplates(v.ctx(), v.pool())
	if err != nil {
		return workflow.Template{}, err
	}
	t, err := all.Find(v.param("template"))
	return t, fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
}

// showMailTemplate answers GET /admin/templates/:template; "new" is a form for another one.
func (s *Server) showMailTemplate(v *visit) error {
	t, err := s.mailTemplateOf(v)
	if err != nil {
		return err
	}
	return s.sendMailTemplate(v, http.StatusOK, mailTemplatePage{Template: t, Tongue: languageOf(v.query("language"))})
}

// saveMailTemplate answers POST /admin/templates/:template: do=retire and do=use change only whether it is offered, do=preview saves
// nothing and shows what is typed.
func (s *Server) saveMailTemplate(v *visit) error {
	t, err := s.mailTemplateOf(v)
	if err != nil {
		return err
	}
	page := mailTemplatePage{Template: t}
	done := ""
	switch do := v.form("do"); do {
	case "retire":
		page.Template.RetiredAt, done = v.now, v.T("templates.retired_now", t.Title(v.Code))
	case "use":
		page.Template.RetiredAt, done = time.Time{}, v.T("templates.used_again", t.Title(v.Code))
	default:
		page.draft(v)
		if do == "preview" {
			return s.sendMailTemplate(v, http.StatusOK, page)
		}
		done = v.T("templates.saved", page.Template.Title(v.Code))
	}
	if t.Version > 0 {
		page.Template.Version = max(1, atoi(v.form("version")))
	}
	var saved workflow.Template
	err = v.inTx(func(tx pgx.Tx) (err error) {
		saved, err = s.config.Desk.SaveTemplate(v.ctx(), tx, v.actor(), page.Template)
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Problem, page.Stale = v.Sentence(err), fault.Is(err, fault.Conflict) && t.Version > 0
		return s.sendMailTemplate(v, Status(err), page)
	}
	if err != nil {
		return err
	}
	v.flash("success", done)
	return v.redirect(mailTemplatePath(saved.ID) + "?language=" + page.Tongue)
}

// previewMailTemplate answers POST /admin/templates/:template/preview: what is typed so far, with what is wrong with it.
func (s *Server) previewMailTemplate(v *visit) error {
	t, err := s.mailTemplateOf(v)
	if err != nil {
		return err
	}
	page := mailTemplatePage{Template: t, Live: true}
	page.draft(v)
	if err := s.fillMailTemplate(v, &page); err != nil {
		return err
	}
	return v.showPart("mailtemplate.html", "preview", page)
}

// letterVariables are what a template may hold, with what each becomes of the example.
func letterVariables() []writing.Variable {
	return slices.DeleteFunc(slices.Clone(writing.Variables), func(x writing.Variable) bool { return x.Name == ".Received" })
}
