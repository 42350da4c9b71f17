package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"
	letters "docket/workflow/letter"

	"github.com/jackc/pgx/v5"
)

// Bounds of what a template is called.
const (
	maxTemplateTitle   = 100 // characters
	maxTemplateSubject = 300 // characters, places included
)

// tidy brings a template into the form in which it is kept: nothing around the texts, no language without anything.
func (t Template) tidy() Template {
	titles, texts := taxonomy.Titles{}, map[string]TemplateText{}
	for _, l := range taxonomy.Languages {
		if s := strings.Join(strings.Fields(t.Titles[l]), " "); s != "" {
			titles[l] = s
		}
		text := t.Texts[l]
		text.Subject = strings.Join(strings.Fields(text.Subject), " ")
		text.Body = strings.Trim(strings.ReplaceAll(text.Body, "\r\n", "\n"), "\n")
		if strings.TrimSpace(text.Body) == "" {
			text.Body = ""
		}
		if text != (TemplateText{}) {
			texts[l] = text
		}
	}
	t.Titles, t.Texts = titles, texts
	return t
}

// Mistakes are what is wrong with the texts of a template, at most one for each language.
func (t Template) Mistakes() (all []*letters.Mistake) {
	t = t.tidy()
	for _, l := range taxonomy.Languages {
		text, there := t.Texts[l]
		if !there {
			continue
		}
		_, err := letters.NewTemplate(l, text.Subject, text.Body)
		m, bad := errors.AsType[*letters.Mistake](err)
		switch {
		case bad:
			all = append(all, m)
		case text.Body == "":
			all = append(all, &letters.Mistake{Language: l, Part: letters.InText, Say: say.Text("There is a subject, but no text.")})
		case len([]rune(text.Subject)) > maxTemplateSubject:
			all = append(all, &letters.Mistake{Language: l, Part: letters.InSubject, Say: say.Text("A subject has at most %d characters.", maxTemplateSubject)})
		case t.Purpose == Acknowledgement && Gap(text.Body) != "":
			all = append(all, &letters.Mistake{Language: l, Part: letters.InText, Say: say.Text("Nobody fills in “%s” in an acknowledgement.", Gap(text.Body))})
		case text.Subject == "" && t.Purpose == Acknowledgement:
			all = append(all, &letters.Mistake{Language: l, Part: letters.InSubject, Say: say.Text("An acknowledgement needs a subject.")})
		}
	}
	return all
}

// check says what keeps a template from being saved.
func (t Template) check() error {
	for _, title := range t.Titles {
		if len([]rune(title)) > maxTemplateTitle {
			return fault.New(fault.Invalid, "A template's name has at most %d characters. Nothing was saved.", maxTemplateTitle)
		}
	}
	if t.Purpose != Reply && t.Purpose != Acknowledgement {
		return fault.New(fault.Invalid, "A template is for answers or for acknowledgements. Nothing was saved.")
	}
	if len(t.Titles) == 0 {
		return fault.New(fault.Invalid, "The template needs a name, in one language at least. Nothing was saved.")
	}
	if all := t.Mistakes(); len(all) > 0 {
		return fault.Wrap(all[0], fault.Invalid, "There is a mistake in the template; it stands beside the text. Nothing was saved.")
	}
	if len(t.Texts) == 0 {
		return fault.New(fault.Invalid, "The template needs a text, in one language at least. Nothing was saved.")
	}
	return nil
}

// SaveTemplate writes a template that an administrator has made, with version 0, or changed. The version is the one that the
// administrator saw; somebody else's change in between is a Conflict. What keeps it from being saved is a sentence; see also Mistakes.
func (d *Desk) SaveTemplate(ctx context.Context, tx pgx.Tx, by journal.Actor, t Template) (Template, error) {
	t = t.tidy()
	all, err := LoadTemplates(ctx, tx)
	if err != nil {
		return t, err
	}
	old, err := all.Find(t.ID)
	there := err == nil
	if t.Version == 0 {
		if err := taxonomy.CheckNew(t.ID, there); err != nil {
			return t, err
		}
	} else if !there {
		return t, err
	} else {
		t.Purpose = old.Purpose
	}
	if err := errors.Join(t.check(), d.checkProcess(ctx, tx, t, all)); err != nil {
		return t, err
	}
	return d.putTemplate(ctx, tx, by, old, t)
}

// checkProcess wants a process that there is, and one acknowledgement for it.
func (d *Desk) checkProcess(ctx context.Context, q postgres.Querier, t Template, all Templates) error {
	if t.Process != "" {
		if _, err := d.Process(ctx, q, t.Process, 0); err != nil {
			return err
		}
	}
	if t.Purpose != Acknowledgement || t.Retired() {
		return nil
	}
	i := slices.IndexFunc(all, func(o Template) bool {
		return o.ID != t.ID && o.Purpose == Acknowledgement && !o.Retired() && o.Process == t.Process
	})
	if i >= 0 {
		return fault.New(fault.Conflict, "“%s” is the acknowledgement for the same tickets. Change it, or retire it first. Nothing was saved.", all[i].ID)
	}
	return nil
}

func (d *Desk) putTemplate(ctx context.Context, tx pgx.Tx, by journal.Actor, old, t Template) (Template, error) {
	body, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	seen := t.Version
	t.ChangedBy, t.ChangedAt = by, d.now()
	err = tx.QueryRow(ctx, `insert into workflow.template as t (id, position, body, retired_at, changed_by, changed_at)
		values ($1, (select coalesce(max(position), 0) + 1 from workflow.template), $2::jsonb, nullif($3, '0001-01-01 00:00:00+00'::timestamptz), $4, $5)
		on conflict (id) do update set body = excluded.body, retired_at = excluded.retired_at, changed_by = excluded.changed_by,
			changed_at = excluded.changed_at, version = t.version + 1
		where t.version = $6 returning version, body is not distinct from shipped`,
		t.ID, string(body), t.RetiredAt, by, t.ChangedAt, seen).Scan(&t.Version, &t.Shipped)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, fault.New(fault.Conflict, "“%s” was changed by somebody else in the meantime. Nothing was saved; look at it again.", t.ID)
	}
	if err != nil {
		return t, fmt.Errorf("save template %s: %w", t.ID, err)
	}
	_, err = d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: TemplateChanged, Subject: TemplateSubject(t.ID),
		Detail: map[string]any{"id": t.ID, "version": t.Version, "changes": templateChanges(old, t)}})
	return t, err
}

// templateChanges are the old and the new of each part that differs.
func templateChanges(old, now Template) map[string]any {
	changes := map[string]any{}
	add := func(part string, was, is any) {
		if was != is {
			changes[part] = map[string]any{"old": was, "new": is}
		}
	}
	add("process", old.Process, now.Process)
	add("retired", old.Retired(), now.Retired())
	for _, l := range taxonomy.Languages {
		add("title."+l, old.Titles[l], now.Titles[l])
		add("subject."+l, old.Texts[l].Subject, now.Texts[l].Subject)
		add("text."+l, old.Texts[l].Body, now.Texts[l].Body)
	}
	return changes
}
