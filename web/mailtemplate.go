package web

import (
	"cmp"
	"strings"

	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"
	writing "docket/workflow/letter"

	"github.com/google/uuid"
)

// A mailTemplatePage is one template as a form, a language at a time, with what it says of an example or of a real ticket.
type mailTemplatePage struct {
	Frame
	Template  workflow.Template
	Tongue    string // the language whose text is shown; the page itself is in Language
	Tongues   []tongue
	Processes []option
	Variables []writing.Variable
	Ticket    string // the number of the ticket that the preview is of; empty: an example
	Preview   mailPreview
	Problem   string
	Stale     bool // somebody else saved it in the meantime
	Live      bool // only the preview is sent, and what is wrong takes its place in the page
	Past      []templateRevision
}

// New says whether there is no such template yet.
func (p mailTemplatePage) New() bool { return p.Template.Version == 0 }

// Path is the address that the form is sent to.
func (p mailTemplatePage) Path() string {
	if p.New() {
		return mailTemplatePath("new")
	}
	return mailTemplatePath(p.Template.ID)
}

// Acknowledges says whether the template is for acknowledgements.
func (p mailTemplatePage) Acknowledges() bool { return p.Template.Purpose == workflow.Acknowledgement }

// A tongue is the template in one language.
type tongue struct {
	Code, Title         string
	Name, Subject, Body string
	Here                bool // it is the one that is shown
	Live                bool
	Mistake             *writing.Mistake // nil for none
}

// Written says whether there is a text.
func (t tongue) Written() bool { return strings.TrimSpace(t.Body) != "" }

// InSubject is what is wrong with the subject, or nothing.
func (t tongue) InSubject() mistakeView { return t.in(writing.InSubject) }

// InText is what is wrong with the text, or nothing.
func (t tongue) InText() mistakeView { return t.in(writing.InText) }

func (t tongue) in(part writing.Part) mistakeView {
	view := mistakeView{Place: string(part) + "-" + t.Code, Live: t.Live}
	if t.Mistake != nil && t.Mistake.Part == part {
		view.Mistake = t.Mistake
	}
	return view
}

// A mistakeView is what stands beside a field that holds a mistake, or the place for it.
type mistakeView struct {
	Place   string
	Live    bool
	Mistake *writing.Mistake
}

// A mailPreview is what the template says in the language that is shown.
type mailPreview struct {
	Subject, Text string
	Ticket        workflow.Ticket // without a number: an example
	Problem       string          // with the number of the ticket
	Mistaken      bool            // there is no preview before a mistake is mended
	Instead       string          // there is no text in this language: the language that customers get instead
	Shipped       bool            // or the text that comes with the program
}

// draft lays what is typed over the template.
func (p *mailTemplatePage) draft(v *visit) {
	p.Tongue, p.Ticket = languageOf(v.form("language")), strings.ToUpper(strings.TrimSpace(limited(v.form("ticket"), 60)))
	t := &p.Template
	if t.Version == 0 {
		t.ID, t.Purpose = strings.TrimSpace(limited(v.form("id"), 100)), workflow.OutgoingKind(v.form("purpose"))
	}
	t.Process, t.Titles, t.Texts = v.form("process"), v.typedTitles(), map[string]workflow.TemplateText{}
	for _, l := range taxonomy.Languages {
		text := workflow.TemplateText{Subject: v.form("subject." + l), Body: strings.ReplaceAll(v.form("body."+l), "\r\n", "\n")}
		if text != (workflow.TemplateText{}) {
			t.Texts[l] = text
		}
	}
}

// sendMailTemplate fills the form from the template as it is drafted and shows it.
func (s *Server) sendMailTemplate(v *visit, status int, page mailTemplatePage) error {
	if err := s.fillMailTemplate(v, &page); err != nil {
		return err
	}
	processes, err := s.config.Desk.Processes(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	for _, p := range processes {
		page.Processes = append(page.Processes, option{p.ID, p.Titles.In(v.Code, p.ID), p.ID == page.Template.Process})
	}
	page.Variables = letterVariables()
	title := page.Template.Title(v.Code)
	if page.New() {
		title = v.T("templates.new")
	} else if page.Past, err = s.templatePast(v, page.Template.ID); err != nil {
		return err
	}
	page.Frame = v.frame(title, Crumb{v.T("templates.title"), "/admin/templates"})
	return v.show(status, "mailtemplate.html", page)
}

// fillMailTemplate parts the template into languages, with what is wrong with each, and makes the preview. What is shown is the language
// that was chosen unless the mistakes are elsewhere, and at first the person's own.
func (s *Server) fillMailTemplate(v *visit, page *mailTemplatePage) error {
	wrong := map[string]*writing.Mistake{}
	mistakes := page.Template.Mistakes()
	for _, m := range mistakes {
		wrong[m.Language] = m
	}
	if page.Problem != "" && len(mistakes) > 0 && wrong[page.Tongue] == nil {
		page.Tongue = mistakes[0].Language
	}
	page.Tongue = cmp.Or(page.Tongue, v.Code)
	for _, l := range languageTitles {
		text := page.Template.Texts[l.Code]
		page.Tongues = append(page.Tongues, tongue{Code: l.Code, Title: l.Title, Name: page.Template.Titles[l.Code], Subject: text.Subject, Body: text.Body,
			Here: l.Code == page.Tongue, Live: page.Live, Mistake: wrong[l.Code]})
	}
	if page.Preview.Mistaken = wrong[page.Tongue] != nil; page.Preview.Mistaken {
		return nil
	}
	return s.previewTemplate(v, page)
}

// previewTemplate says what the template says in the language that is shown, of a real ticket where one is named.
func (s *Server) previewTemplate(v *visit, page *mailTemplatePage) error {
	p, text := &page.Preview, page.Template.Texts[page.Tongue]
	if strings.TrimSpace(text.Body) == "" {
		_, language, there := page.Template.In()
		p.Shipped = page.Acknowledges()
		if there {
			p.Instead = languageTitle(language)
		}
		return nil
	}
	if page.Ticket != "" {
		t, err := s.config.Desk.ByNumber(v.ctx(), v.pool(), v.reader(), page.Ticket)
		if fault.Is(err, fault.NotFound) {
			p.Problem = v.T("templates.no_ticket", page.Ticket)
		} else if err != nil {
			return err
		} else {
			p.Ticket = t
			by := v.user
			if page.Acknowledges() {
				by = workflow.User{} // nobody writes it
			}
			w, err := s.config.Desk.WriteTemplate(v.ctx(), v.pool(), by, t, uuid.Nil, page.Template, page.Tongue)
			p.Subject, p.Text = w.Subject, w.Text
			return err
		}
	}
	parsed, err := writing.NewTemplate(page.Tongue, text.Subject, text.Body)
	if err == nil {
		p.Subject, p.Text, err = parsed.Example()
	}
	return err
}
