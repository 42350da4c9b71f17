package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// TemplateChanged is appended when a template is made, changed, retired or used again. Detail: id, version, and changes: the old and the
// new of each part that differs, "title.de", "subject.de", "text.de", "process", "retired". What the program ships is no change of anybody's.
const TemplateChanged journal.Verb = "template.changed"

// A Template is a text for what the house writes often, in several languages, with places for what is known of a ticket; see
// [docket/workflow/letter.Template] for what may stand in it.
type Template struct {
	ID        string                  `json:"-"`                 // a short name; it never changes
	Purpose   OutgoingKind            `json:"purpose"`           // Reply or Acknowledgement; it never changes
	Process   string                  `json:"process,omitempty"` // only for tickets of this process; empty: of all
	Titles    taxonomy.Titles         `json:"titles"`            // what people who choose it read
	Texts     map[string]TemplateText `json:"texts"`             // by language, at least one
	Shipped   bool                    `json:"-"`                 // it is as it came with the program
	RetiredAt time.Time               `json:"-"`                 // nobody is offered it from then on; zero while it is in use
	Version   int                     `json:"-"`                 // counts changes, so that the last save never silently wins
	ChangedBy journal.Actor           `json:"-"`
	ChangedAt time.Time               `json:"-"`
}

// A TemplateText is what a template says in one language.
type TemplateText struct {
	Subject string `json:"subject,omitempty"` // of a reply it may be empty, and counts only where a conversation has none
	Body    string `json:"body"`
}

// Retired says whether nobody is offered the template any more.
func (t Template) Retired() bool { return !t.RetiredAt.IsZero() }

// Title is what the template is called in a language, else in English, else in any.
func (t Template) Title(language string) string {
	for _, l := range append([]string{language}, taxonomy.Languages...) {
		if t.Titles[l] != "" {
			return t.Titles[l]
		}
	}
	return t.ID
}

// In gives the text in the first of some languages that there is one in, else in English, else in any, and that language. It is false
// when there is none at all.
func (t Template) In(languages ...string) (TemplateText, string, bool) {
	for _, l := range slices.Concat(languages, taxonomy.Languages) {
		if text := t.Texts[l]; text.Body != "" {
			return text, l, true
		}
	}
	return TemplateText{}, "", false
}

// Languages are those that the template has a text in.
func (t Template) Languages() (all []string) {
	for _, l := range taxonomy.Languages {
		if t.Texts[l].Body != "" {
			all = append(all, l)
		}
	}
	return all
}

// Templates are those of a house, in their order.
type Templates []Template

// LoadTemplates gives all templates, those that are retired too.
func LoadTemplates(ctx context.Context, q postgres.Querier) (Templates, error) {
	return selectTemplates(ctx, q, "body")
}

// TemplateTitles gives all templates without their texts, for whoever chooses one.
func TemplateTitles(ctx context.Context, q postgres.Querier) (Templates, error) {
	return selectTemplates(ctx, q, "body - 'texts'")
}

func selectTemplates(ctx context.Context, q postgres.Querier, body string) (Templates, error) {
	rows, err := q.Query(ctx, "select id, "+body+`, body is not distinct from shipped, coalesce(retired_at, '0001-01-01 00:00:00+00'), version, changed_by, changed_at
		from workflow.template order by position, id`)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanTemplate)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	return all, nil
}

func scanTemplate(row pgx.CollectableRow) (t Template, err error) {
	var body []byte
	if err := row.Scan(&t.ID, &body, &t.Shipped, &t.RetiredAt, &t.Version, &t.ChangedBy, &t.ChangedAt); err != nil {
		return t, err
	}
	return t, json.Unmarshal(body, &t)
}

// Find gives a template. One that is not there is a fault of kind NotFound.
func (all Templates) Find(id string) (Template, error) {
	if i := slices.IndexFunc(all, func(t Template) bool { return t.ID == id }); i >= 0 {
		return all[i], nil
	}
	return Template{}, fault.New(fault.NotFound, "There is no template “%s”.", id)
}

// Replies gives those that an agent may use for a ticket of a process: its own first, then those for all tickets.
func (all Templates) Replies(process string) (own, general Templates) {
	for _, t := range all {
		switch {
		case t.Purpose != Reply || t.Retired():
		case t.Process == "":
			general = append(general, t)
		case t.Process == process:
			own = append(own, t)
		}
	}
	return own, general
}

// acknowledgement is what the house says in a language when something was received: its text for the process, else the one for all.
func (all Templates) acknowledgement(process, language string) (TemplateText, bool) {
	for _, p := range []string{process, ""} {
		for _, t := range all {
			if text := t.Texts[language]; t.Purpose == Acknowledgement && !t.Retired() && t.Process == p && text.Body != "" {
				return text, true
			}
		}
	}
	return TemplateText{}, false
}

// TemplateSubject is what the journal calls a template.
func TemplateSubject(id string) journal.Subject {
	return journal.Subject{Kind: "template", ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("docket:template/"+id))}
}
