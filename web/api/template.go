package api

import (
	"docket/repository/postgres"
	"docket/workflow"

	"github.com/google/uuid"
)

// A Template is a text that answers may be written from.
type Template struct {
	Template  string            `json:"template"`
	Titles    map[string]string `json:"titles" doc:"by language"`
	Process   string            `json:"process" doc:"only for tickets of this process; empty for all"`
	Languages []string          `json:"languages" doc:"that there is a text in"`
}

type templatesOutput struct {
	Body struct {
		Templates []Template `json:"templates"`
	}
}

// templates answers GET /templates: those in use.
func (s *server) templates(v *visit, _ *struct{}) (*templatesOutput, error) {
	all, err := workflow.LoadTemplates(v.ctx(), s.Pool)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	out := &templatesOutput{}
	out.Body.Templates = []Template{}
	for _, t := range all {
		if t.Purpose == workflow.Reply && !t.Retired() {
			out.Body.Templates = append(out.Body.Templates, Template{t.ID, t.Titles, t.Process, t.Languages()})
		}
	}
	return out, nil
}

type writeTemplateInput struct {
	Number   string    `path:"number" maxLength:"40"`
	Template string    `path:"template" maxLength:"60"`
	Answers  uuid.UUID `query:"answers" doc:"the message of the ticket that is answered: its document; absent for none"`
	Language string    `query:"language" enum:"en,de,hu,pl,ru,sl" doc:"absent: the customer's"`
}

type writeTemplateOutput struct {
	Body struct {
		Subject  string `json:"subject" doc:"for a conversation that has none; may be empty"`
		Text     string `json:"text"`
		Language string `json:"language" doc:"of the text"`
		Wanted   string `json:"wanted,omitempty" doc:"the language that was asked for, where there is no text in it"`
		Gap      string `json:"gap,omitempty" doc:"the first gap that a person has to fill in before the text can be sent"`
	}
}

// writeTemplate answers GET /tickets/{number}/templates/{template}.
func (s *server) writeTemplate(v *visit, in *writeTemplateInput) (*writeTemplateOutput, error) {
	t, err := s.find(v, in.Number)
	if err != nil {
		return nil, err
	}
	all, err := workflow.LoadTemplates(v.ctx(), s.Pool)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	own, general := all.Replies(t.Process)
	template, err := append(own, general...).Find(in.Template)
	if err != nil {
		return nil, err
	}
	w, err := s.Desk.WriteTemplate(v.ctx(), s.Pool, v.who, t, in.Answers, template, in.Language)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	out := &writeTemplateOutput{}
	out.Body.Subject, out.Body.Text, out.Body.Language, out.Body.Wanted, out.Body.Gap = w.Subject, w.Text, w.Language, w.Wanted, workflow.Gap(w.Text)
	return out, nil
}
