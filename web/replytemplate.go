package web

import (
	"net/http"
	"regexp"
	"strings"

	"docket/repository/fault"
	"docket/workflow"
)

// A templateGroup is a heading in the list of templates, with those below it.
type templateGroup struct {
	Title   string
	Options []option
}

// templateChoices are the templates that an agent may use for a ticket: first those of its process.
func (s *Server) templateChoices(v *visit, t workflow.Ticket) (groups []templateGroup, err error) {
	all, err := workflow.TemplateTitles(v.ctx(), v.pool())
	if err != nil {
		return nil, err
	}
	own, general := all.Replies(t.Process)
	add := func(title string, some workflow.Templates) {
		g := templateGroup{Title: title}
		for _, x := range some {
			g.Options = append(g.Options, option{Value: x.ID, Title: x.Title(v.Code)})
		}
		if len(some) > 0 {
			groups = append(groups, g)
		}
	}
	process, err := s.config.Desk.Process(v.ctx(), v.pool(), t.Process, t.ProcessVersion)
	if err != nil {
		return nil, err
	}
	add(process.Titles.In(v.Code, process.ID), own)
	add(v.T("templates.every_process"), general)
	return groups, nil
}

// insertTemplate answers POST /tickets/:number/template: the chosen template, filled in for the ticket. A script gets its text, to put it
// where the cursor is; a form gets the page again with the text before what is quoted. Nothing that is typed is replaced, and nothing kept.
func (s *Server) insertTemplate(v *visit) error {
	t, err := v.ticket()
	if err != nil {
		return err
	}
	d := v.typedReply(t)
	w, note, err := s.writeTemplate(v, t, d)
	script := v.gin.GetHeader("Accept") == "application/json"
	v.gin.Header("Cache-Control", "no-store")
	switch {
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound):
		if script {
			v.gin.JSON(Status(err), map[string]any{"problem": v.Sentence(err)})
			return nil
		}
		return s.sendTicket(v, t, Status(err), composer{Draft: d, Problem: v.Sentence(err)})
	case err != nil:
		return err
	case script:
		v.gin.JSON(http.StatusOK, map[string]any{"subject": w.Subject, "text": w.Text, "said": note})
		return nil
	}
	d.Body = withText(d.Body, w.Text)
	return s.sendTicket(v, t, http.StatusOK, composer{Draft: d, Note: note, Suggested: w.Subject})
}

// writeTemplate fills in the template that the form names, and says in which language it is.
func (s *Server) writeTemplate(v *visit, t workflow.Ticket, d workflow.Draft) (w workflow.Written, note string, err error) {
	if v.form("template") == "" {
		return w, "", fault.New(fault.Invalid, "Choose a template first.")
	}
	all, err := workflow.LoadTemplates(v.ctx(), v.pool())
	if err != nil {
		return w, "", err
	}
	own, general := all.Replies(t.Process)
	x, err := append(own, general...).Find(v.form("template"))
	if err != nil {
		return w, "", err
	}
	if w, err = s.config.Desk.WriteTemplate(v.ctx(), v.pool(), v.user, t, d.Answers, x, ""); err != nil {
		return w, "", err
	}
	if w.Wanted != "" {
		return w, v.T("reply.inserted_instead", x.Title(v.Code), languageTitle(w.Wanted), languageTitle(w.Language)), nil
	}
	return w, v.T("reply.inserted", x.Title(v.Code), languageTitle(w.Language)), nil
}

// quotation is where an answer begins to quote: "Eva Weiß, 2026-03-14:" and the first line of what she wrote.
var quotation = regexp.MustCompile(`\n*(^|\n)[^\n]+, \d{4}-\d\d-\d\d:\n>`)

// withText puts a text below what is typed into an answer, and before what it quotes.
func withText(body, text string) string {
	typed, quoted := body, ""
	if at := quotation.FindStringIndex(body); at != nil {
		typed, quoted = body[:at[0]], "\n\n"+strings.TrimLeft(body[at[0]:], "\n")
	}
	if typed != "" {
		text = typed + "\n\n" + text
	}
	return text + quoted
}
