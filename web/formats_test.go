package web

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Run "go test ./web -run TestPhrases -phrases" after a sentence was added or changed; then translate it.
var writePhrases = flag.Bool("phrases", false, "write phrases/en.json anew from the source")

// speaking are the functions whose formats a person reads, with the place of the format among their arguments.
var speaking = map[string]int{
	"fault.New": 1, "fault.Wrap": 2, "postgres.Missing": 1, "say.Text": 0,
	"p.problem":   1, // search: what is wrong with a query
	"badTemplate": 3, // taxonomy: what is wrong with a naming template
	"wrong":       0, // taxonomy: what is wrong with a class
}

// unseen are the folders whose sentences no page shows: they are for a terminal, or for the programs that use the API.
var unseen = []string{"cmd", "repository/bagit", "repository/embedded", "web/api", "web/gallery", "web/node_modules"}

// TestPhrasesAreThoseOfTheSource holds the English catalogue to the source, so that every sentence is known to translators and
// none stays that nobody says any more.
func TestPhrasesAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	english := map[string]string{}
	for format := range formats(t) {
		english[format] = englishOf(format)
	}
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(english); err != nil {
		t.Fatal(err)
	}
	if *writePhrases {
		if err := os.WriteFile("phrases/en.json", want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Log("phrases/en.json is written anew; translate what is new in it")
		return
	}
	known := phrasesOf(t, "en")
	for format, where := range formats(t) {
		if known[format] == nil {
			t.Errorf("%s: %q is not in phrases/en.json; see the flag -phrases", where, format)
		}
	}
	for format := range known {
		if english[format] == "" {
			t.Errorf("phrases/en.json: nobody says %q any more", format)
		}
	}
}

// TestPhrasesAgree holds every language to the English catalogue: the same formats, the same places, and where a number has plural
// forms, all that the language needs.
func TestPhrasesAgree(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	english := phrasesOf(t, "en")
	for code, l := range all {
		phrases := phrasesOf(t, code)
		if phrases == nil {
			continue
		}
		agree(t, l, phrases, english, func(have, _ text) bool { return len(have) > 1 })
	}
}

// phrasesOf is a language's catalogue, nil when it has none.
func phrasesOf(t *testing.T, code string) (all map[string]text) {
	t.Helper()
	raw, err := messageFiles.ReadFile("phrases/" + code + ".json")
	if err != nil {
		return nil
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// formats are those of the source that hold words of their own, each with where it stands.
func formats(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if folder, _ := filepath.Rel("..", path); slices.Contains(unseen, folder) || d.Name() == "testdata" {
			return filepath.SkipDir
		}
		maps.Copy(all, formatsIn(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// formatsIn are the formats of one package.
func formatsIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	constants := map[string]ast.Expr{}
	set := token.NewFileSet()
	files := sourceFiles(t, set, dir)
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i, name := range v.Names {
					constants[name.Name] = v.Values[i]
				}
			}
			return true
		})
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if at, ok := speaking[called(call.Fun)]; ok && at < len(call.Args) {
				if format, ok := constant(call.Args[at], constants); ok && telling(format) {
					found[format] = set.Position(call.Pos()).String()
				}
			}
			return true
		})
	}
	return found
}

func sourceFiles(t *testing.T, set *token.FileSet, dir string) (all []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// called is the name of a function as it is called.
func called(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
	}
	return ""
}

// constant is the value of a string expression: a literal, a sum of them, or a constant of the package.
func constant(e ast.Expr, constants map[string]ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		a, ok := constant(e.X, constants)
		b, also := constant(e.Y, constants)
		return a + b, ok && also
	case *ast.Ident:
		return constant(constants[e.Name], nil)
	}
	return "", false
}
