package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"docket/repository/journal"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/go-cmp/cmp"
)

// verbs are the verbs that the program's source names: every constant of type journal.Verb. An event that is appended with a verb
// that is no constant has a complaint.
func verbs(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if kind, ok := n.Type.(*ast.SelectorExpr); ok && kind.Sel.Name == "Verb" {
					for _, value := range n.Values {
						verb, _ := strconv.Unquote(value.(*ast.BasicLit).Value)
						found[verb] = path
					}
				}
			case *ast.KeyValueExpr:
				key, _ := n.Key.(*ast.Ident)
				if _, literal := n.Value.(*ast.BasicLit); literal && key != nil && key.Name == "Verb" {
					t.Errorf("%s appends an event whose verb is no constant", path)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Every verb has a sentence, and every detail that is told a name: a history shows no word that only programs read.
func TestEveryVerbHasASentence(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	english := all["en"].texts
	told := verbs(t)
	if len(told) < 40 {
		t.Fatalf("found only %d verbs", len(told))
	}
	needs := func(key, because string) {
		if english[key] == nil {
			t.Errorf("%s has no message %q", because, key)
		}
	}
	for verb, path := range told {
		if verb == string(taxonomy.DefinitionChanged) {
			for _, kind := range []string{"class", "field", "term", "setting"} {
				needs("event."+verb+"."+kind, path)
			}
			continue
		}
		needs("event."+verb, path)
	}
	for verb, names := range toldDetails {
		if told[string(verb)] == "" {
			t.Errorf("nobody appends %s, whose details are told", verb)
		}
		for _, name := range names {
			needs("change."+name, string(verb))
		}
	}
	for _, kind := range []workflow.TaskKind{workflow.Validate, workflow.DecideTicket, workflow.DecideMail, workflow.ReviewClosed, workflow.UsePost} {
		needs("change.kind."+string(kind), "a task")
	}
}

// What changed is said in words: what it is now and what it was before, by the names that people have for it.
func TestChangesAreToldInWords(t *testing.T) {
	t.Parallel()
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	v := &visit{Locale: all["en"]}
	words := ticketWords{catalogue: &pack.Catalogue, people: []workflow.User{{Name: "anna", Title: "Anna Kovač"}}}
	change := func(old, now any) map[string]any { return map[string]any{"old": old, "new": now} }
	for _, c := range []struct {
		verb   journal.Verb
		detail map[string]any
		what   string
		want   []string
	}{
		{taxonomy.DocumentCorrected, map[string]any{"class": change("question", "complaint"), "party": change("", "Ivo Pavlin"),
			"fields": map[string]any{"subject": change("late-delivery", ""), "letter_date": change("2026-03-14", "2026-03-15")}}, "Corrected",
			[]string{"Class: Complaint, before: Question", "From: Ivo Pavlin", "Letter date: 15 Mar 2026, before: 14 Mar 2026", "Subject: removed, before: late delivery"}},
		{workflow.UserChanged, map[string]any{"name": "piotr", "active": false, "roles": []any{"agent"},
			"changes": map[string]any{"active": change(true, false), "roles": change([]any{"agent", "mailroom"}, []any{"agent"})}}, "User “piotr” changed",
			[]string{"Roles: Agent, before: Agent, Mailroom", "May sign in: no, before: yes"}},
		{workflow.TicketAssigned, map[string]any{"owner": change("", "anna"), "team": change("claims", "claims")}, "Assigned", []string{"Owner: Anna Kovač"}},
		{taxonomy.DefinitionChanged, map[string]any{"kind": "class", "id": "complaint", "version": 3.0, "changed": []any{"name", "threshold"}},
			"Class “complaint” saved as version 3", []string{"Changed: how documents are named, when a person is asked"}},
		{"source.described", map[string]any{"source": "scanner", "note": change("", "The old one")}, "Source “scanner” described", []string{"Note: The old one"}},
		{"documents.exported", map[string]any{"documents": 12000.0, "query": ""}, "Documents exported", []string{"Documents: 12,000"}},
		{"mail.exported", map[string]any{"documents": 30.0, "query": "from:anna"}, "Messages exported", []string{"Documents: 30", "Chosen by: from:anna"}},
		{taxonomy.DocumentFiled, map[string]any{"title": "Letter", "class": "nobody-knows", "place": "Claims/2026"}, "Filed as “Letter”",
			[]string{"Class: nobody-knows", "Filed in: Claims/2026"}},
	} {
		e := journal.Event{Verb: c.verb, Detail: c.detail}
		if what := v.eventWords(e); what != c.what {
			t.Errorf("%s is told as %q, want %q", c.verb, what, c.what)
		}
		if diff := cmp.Diff(c.want, v.changes(e, words)); diff != "" {
			t.Errorf("%s (-want +told):\n%s", c.verb, diff)
		}
	}
}
