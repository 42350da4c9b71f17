package workflow

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"docket/repository/journal"
	"docket/taxonomy"
	letters "docket/workflow/letter"

	"github.com/jackc/pgx/v5"
)

//go:embed templates
var templateFiles embed.FS

// shippedTemplates reads and checks the templates that ship with the program, in their order: templates/index.json, and for each a
// folder with a text for every language; those of the acknowledgement are package letter's. Do not change the result.
var shippedTemplates = sync.OnceValues(func() (Templates, error) {
	raw, err := templateFiles.ReadFile("templates/index.json")
	if err != nil {
		return nil, err
	}
	var index []struct {
		ID string `json:"id"`
		Template
	}
	if err := json.Unmarshal(raw, &index); err != nil {
		return nil, fmt.Errorf("templates/index.json: %w", err)
	}
	var all Templates
	for _, x := range index {
		t := x.Template
		t.ID, t.Texts = x.ID, map[string]TemplateText{}
		for _, l := range taxonomy.Languages {
			if t.Texts[l], err = shippedText(t, l); err != nil {
				return nil, fmt.Errorf("template %s in %s: %w", t.ID, l, err)
			}
		}
		t = t.tidy()
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("template %s: %w", t.ID, err)
		}
		all = append(all, t)
	}
	return all, nil
})

// shippedText is what a shipped template says in a language.
func shippedText(t Template, language string) (text TemplateText, err error) {
	var parsed *letters.Template
	if t.Purpose == Acknowledgement {
		parsed, _, err = letters.Acknowledgement(language)
	} else {
		var raw []byte
		if raw, err = fs.ReadFile(templateFiles, "templates/"+t.ID+"/"+language+".txt"); err != nil {
			return text, err
		}
		parsed, err = letters.ParseTemplate(language, string(raw))
	}
	if err == nil {
		text.Subject, text.Body = parsed.Source()
	}
	return text, err
}

// installTemplates writes templates into the database. It can be run again with the same or later ones: what an administrator has changed
// stays as it is, what nobody has touched follows the program, what is retired stays so.
func installTemplates(ctx context.Context, tx pgx.Tx, all Templates) error {
	batch := &pgx.Batch{}
	for i, t := range all {
		body, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("install template %s: %w", t.ID, err)
		}
		batch.Queue(`insert into workflow.template as t (id, position, body, shipped, changed_by) values ($1, $2, $3::jsonb, $3::jsonb, $4)
			on conflict (id) do update set body = excluded.body, shipped = excluded.shipped, version = t.version + 1,
				changed_by = excluded.changed_by, changed_at = now()
			where t.body = t.shipped and t.shipped <> excluded.shipped`, t.ID, i, string(body), journal.System("pack"))
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("install templates: %w", err)
	}
	return nil
}
