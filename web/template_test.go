package web

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"
)

// TestTemplatesFitTheirStructs finds misspelt fields and wrong types in every page without showing it.
func TestTemplatesFitTheirStructs(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parsePages(functions(assets{}, all["en"], time.UTC, time.Now))
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range pages {
		if err := templatecheck.CheckHTML(parsed[name].Lookup("layout"), page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEveryTemplateIsAPage finds template files that nothing checks.
func TestEveryTemplateIsAPage(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	shared := []string{"layout.html", "parts.html", "viewer.html", "annotations.html", "record.html", "mail.html"}
	for _, f := range files {
		name := filepath.Base(f)
		if pages[name] == nil && !slices.Contains(shared, name) {
			t.Errorf("%s has no struct in pages", name)
		}
	}
}

// TestIconsAreInTheSprite finds icons that would be drawn as nothing.
func TestIconsAreInTheSprite(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("ui/icons.json")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	if err := json.Unmarshal(raw, &known); err != nil {
		t.Fatal(err)
	}
	for name, source := range sources(t) {
		for _, m := range regexp.MustCompile(`(?:\bicon |Icon: +)"([^"]+)"`).FindAllStringSubmatch(source, -1) {
			if !slices.Contains(known, m[1]) {
				t.Errorf("%s: icon %q is not in ui/icons.json", name, m[1])
			}
		}
	}
}

// TestNothingInline keeps the strict Content-Security-Policy honest: no style attribute, no event attribute, no inline script. What is
// not in the standard begins with data-: htmx reads its attributes so, too.
func TestNothingInline(t *testing.T) {
	t.Parallel()
	for name, source := range sources(t) {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		if m := regexp.MustCompile(`(?i)\s(style|on[a-z]+|hx-[a-z:-]+|data-hx-on[a-z:-]*)=|<style|<script>|javascript:`).FindString(source); m != "" {
			t.Errorf("%s holds %q, which the policy or the standard forbids", name, m)
		}
	}
}

// sources are the templates and Go files by path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"templates/*.html", "*.go", "api/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(f, "_test.go") {
				all[f] = string(raw)
			}
		}
	}
	return all
}
