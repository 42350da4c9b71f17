package web

import (
	"net/http"
	"strings"
	"testing"
)

// in asks for a page as a browser that prefers languages does.
func (b *browser) in(languages, path string) answer {
	b.t.Helper()
	r, err := http.NewRequest("GET", b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", languages)
	return b.do(r)
}

func speaks(a answer, code string) bool { return strings.Contains(a.body, `<html lang="`+code+`"`) }

// TestLanguageOfABrowser is that of the first preference that the interface is offered in.
func TestLanguageOfABrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for languages, want := range map[string]string{
		"": "en", "de": "de", "de-AT,en;q=0.5": "de", "fr,hu;q=0.7,de;q=0.3": "hu", "en;q=0.2,sl;q=0.9": "sl", "fr": "en", "pl-PL": "pl", "ru-RU,ru": "ru", ";;": "en", "*": "en",
	} {
		if a := h.browser(t).in(languages, "/sign-in"); !speaks(a, want) {
			t.Errorf("%q: not %s", languages, want)
		}
	}
}

// TestLanguageOfAPerson is kept with the person: it is the same in all their browsers, and nobody else's.
func TestLanguageOfAPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	office, home, colleague := h.as(t, "ben"), h.as(t, "ben"), h.as(t, "mia")
	if a := office.in("de", "/"); !speaks(a, "de") {
		t.Error("before they choose one it is not what the browser asks for")
	}
	if r := office.post("/preferences", "language", "hu", "next", "/tickets"); r.status != http.StatusSeeOther {
		t.Fatalf("choose: %d", r.status)
	}
	for name, b := range map[string]*browser{"where it was chosen": office, "in another browser": home} {
		if a := b.in("de", "/"); !speaks(a, "hu") {
			t.Errorf("%s it is another", name)
		}
	}
	if a := colleague.in("de", "/"); !speaks(a, "de") {
		t.Error("a colleague reads it too")
	}
	if r := office.post("/preferences", "language", "xx", "theme", "dark", "next", "/"); r.status != http.StatusSeeOther {
		t.Errorf("a language that is not offered: %d", r.status)
	}
	if a := home.in("de", "/"); !speaks(a, "hu") {
		t.Error("a language that is not offered took its place")
	}
}

// TestLanguageWithoutAPerson is that of the browser's last choice.
func TestLanguageWithoutAPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	if r := b.post("/preferences", "language", "sl", "next", "/sign-in"); r.status != http.StatusSeeOther {
		t.Fatalf("choose: %d", r.status)
	}
	if a := b.in("de", "/sign-in"); !speaks(a, "sl") {
		t.Error("the choice is forgotten")
	}
}
