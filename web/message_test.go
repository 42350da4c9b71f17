package web

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// built are keys that the program puts together from parts.
var built = regexp.MustCompile(`^(error\.\d+\.(title|sentence)|key\..*|health\..*|change\..*|readers\..*|state\..*|event\..*|facet\..*|tickets\.view\..*|tickets\.waiting\..*|contact\..*|role\..*|type\..*|placeholder\..*|told\..*|todo\.kind\..*|outbox\.(state|kind)\..*|templates\.variable\..*|check\.(dkim|spf|dmarc|arc|result)\..*|mail\.flag\..*|screening\..*)$`)

// TestEveryMessageExistsAndIsUsed compares the English catalogue with what templates and handlers ask for.
func TestEveryMessageExistsAndIsUsed(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for name, source := range sources(t) {
		for _, m := range regexp.MustCompile(`(?:\b[tn] |\b[TN]\()"([a-z_0-9]+\.[a-z_.0-9]+)"`).FindAllStringSubmatch(source, -1) {
			if strings.HasSuffix(m[1], ".") {
				continue // the beginning of a key that is built
			}
			used[m[1]] = true
			if all["en"].texts[m[1]] == nil {
				t.Errorf("%s asks for message %q, which does not exist", name, m[1])
			}
		}
	}
	for key := range all["en"].texts {
		if !used[key] && !built.MatchString(key) {
			t.Errorf("message %q is used nowhere", key)
		}
	}
}

// TestCataloguesAgree holds every language to the English catalogue: the same keys, the same places for values, all the plural
// forms that the language needs.
func TestCataloguesAgree(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	english := all["en"].texts
	for _, l := range all {
		agree(t, l, l.texts, english, func(_, want text) bool { return len(want) > 1 }, "one", "two") // "a page" names no number
	}
}

// agree holds a catalogue to the English one: the same keys, the same places for values, but in forms that are free to name no number,
// and all the plural forms that the language needs of a text that has some.
func agree(t *testing.T, l *Locale, have, english map[string]text, plural func(have, want text) bool, free ...string) {
	t.Helper()
	for key, want := range english {
		got, ok := have[key]
		if !ok {
			t.Errorf("%s lacks %q", l.Code, key)
			continue
		}
		for _, c := range categories(l.tag) {
			if plural(got, want) && got[c] == "" {
				t.Errorf("%s: %q lacks the plural form %q", l.Code, key, c)
			}
		}
		for form, s := range got {
			if p, q := places(s), places(want["other"]); !slices.Equal(p, q) && !slices.Contains(free, form) {
				t.Errorf("%s: %q has places %v (%s), English has %v", l.Code, key, p, form, q)
			}
		}
	}
	for key := range have {
		if english[key] == nil {
			t.Errorf("%s has %q, which English has not", l.Code, key)
		}
	}
}

func places(s string) []string {
	p := regexp.MustCompile(`\{\d\}`).FindAllString(s, -1)
	slices.Sort(p)
	return slices.Compact(p)
}

// categories are the plural categories that whole numbers take in a language.
func categories(tag language.Tag) []string {
	seen := map[string]bool{}
	for n := range 200 {
		seen[category(tag, n)] = true
	}
	var all []string
	for c := range seen {
		all = append(all, c)
	}
	return all
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language string
		n        int
		want     string
	}{
		{"en", 1, "one"}, {"en", 0, "other"}, {"hu", 1, "one"}, {"de", 2, "other"},
		{"pl", 1, "one"}, {"pl", 3, "few"}, {"pl", 5, "many"}, {"pl", 22, "few"},
		{"ru", 1, "one"}, {"ru", 21, "one"}, {"ru", 11, "many"}, {"ru", 104, "few"},
		{"sl", 1, "one"}, {"sl", 2, "two"}, {"sl", 4, "few"}, {"sl", 102, "two"}, {"sl", 5, "other"},
	} {
		if got := category(language.Make(c.language), c.n); got != c.want {
			t.Errorf("%s %d: %s, want %s", c.language, c.n, got, c.want)
		}
	}
}

func TestMessagesSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	l := &Locale{Code: "de", tag: language.German, fallback: map[string]text{"a.b": {"other": "English {0}"}}}
	if got := l.T("a.b", "x"); got != "English x" {
		t.Errorf("fallback: %q", got)
	}
	if got := l.T("no.such"); !strings.Contains(got, "no.such") {
		t.Errorf("unknown key: %q", got)
	}
}
