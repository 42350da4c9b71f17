package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestScreens looks at every page in light and dark, on a desk and on a phone: no violation of WCAG 2.2 AA, no complaint of
// the browser, nothing from another host, no horizontal scroll. With DOCKET_SCREENS=folder it saves pictures.
func TestScreens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish(t)
	b := newTab(t, h.url)
	b.open("/sign-in")
	b.inspect("sign-in")
	b.open("/sign-in?ended=1&next=/tickets")
	b.inspect("session-ended")
	b.signIn("ada")
	for _, s := range h.screens(t) {
		b.open(s.path)
		b.forget(s.expected)
		b.inspect(s.name)
	}
}

// TestScreensInOtherLanguages looks at every page in the languages whose words are the longest: nothing runs out of its place, on
// a desk and on a phone, the page says which language it is in, and nothing is left in English that a catalogue has.
func TestScreensInOtherLanguages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish(t)
	b := newTab(t, h.url)
	b.signIn("ada")
	for _, language := range []string{"de", "ru"} {
		b.speak(language)
		for _, s := range h.screens(t) {
			b.open(s.path)
			b.forget(s.expected)
			if got := evaluate[string](b, "document.documentElement.lang"); got != language {
				t.Errorf("%s says it is in %q", s.name, got)
			}
			for _, width := range []int64{1440, 390} {
				where := fmt.Sprintf("%s-%d-%s", s.name, width, language)
				b.look(width, "light")
				b.picture(where)
				b.narrow(where, width)
			}
			for _, width := range []int64{1280, 1024, 768} {
				b.look(width, "light")
				b.narrow(fmt.Sprintf("%s-%d-%s", s.name, width, language), width)
			}
			b.quiet(s.name + " in " + language)
		}
		b.axe("the last page in " + language)
	}
}

// speak changes the language of the person who is signed in.
func (b *tab) speak(language string) {
	b.t.Helper()
	if status := evaluate[int](b, fmt.Sprintf(`fetch("/preferences", {method: "POST", body: new URLSearchParams({language: %q})}).then(r => r.status)`, language)); status != 200 {
		b.t.Fatalf("language %s: %d", language, status)
	}
}

// narrow fails the test when the page is wider than the window.
func (b *tab) narrow(where string, width int64) {
	b.t.Helper()
	if wide := evaluate[int](b, "document.documentElement.scrollWidth"); wide > int(width) {
		b.t.Errorf("%s scrolls sideways: %d pixels wide", where, wide)
	}
}

// A screen is a page to look at. Expected is what the browser may say of it while loading.
type screen struct{ name, path, expected string }

// forget drops the complaints that hold a text.
func (b *tab) forget(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if text != "" {
		b.complaints = slices.DeleteFunc(b.complaints, func(c string) bool { return strings.Contains(c, text) })
	}
}

// inspect looks at the page that is open in all four ways.
func (b *tab) inspect(name string) {
	b.t.Helper()
	for _, width := range []int64{1440, 390} {
		for _, theme := range []string{"light", "dark"} {
			b.look(width, theme)
			b.until(fmt.Sprintf("document.documentElement.dataset.bsTheme === %q", theme))
			where := fmt.Sprintf("%s-%d-%s", name, width, theme)
			b.picture(where)
			switch {
			case theme == "light":
				b.axe(where)
			case width > 400:
				b.axeFor(where, colourRules) // the page is the same but for its colours
			}
			b.narrow(where, width)
			b.quiet(where)
		}
	}
}

// screens are the pages that TestScreens looks at.
func (h *house) screens(t *testing.T) []screen {
	t.Helper()
	return []screen{
		{name: "home", path: "/"},
		{name: "board", path: "/mailroom"},
		{name: "batches", path: "/mailroom/batches"},
		{name: "batch", path: "/mailroom/batches/1"},
		{name: "piece", path: "/mailroom/pieces/" + h.exception.Receipt.String()},
		{name: "upload", path: "/upload?batch=mia-20261122-074012"},
		{name: "queue", path: "/mailroom/validation"},
		{name: "validate", path: "/mailroom/validation/" + h.waits.Document.String()},
		{name: "search-help", path: "/search"},
		{name: "search", path: "/search?q=delivery"},
		{name: "search-like", path: "/search?q=like:" + h.filed.Document.String()},
		{name: "similar", path: "/documents/" + h.filed.Document.String() + "/similar"},
		{name: "search-problem", path: "/search?q=clas:complaint+late"},
		{name: "document", path: "/documents/" + h.filed.Document.String()},
		{name: "document-held", path: "/documents/" + h.held.Document.String() + "#versions"},
		{name: "message", path: "/documents/" + h.message.Document.String()},
		{name: "message-source", path: "/documents/" + h.message.Document.String() + "?view=source"},
		{name: "leave", path: "/leave?to=" + url.QueryEscape("http://bank.example/claim?"+strings.Repeat("a", 200))},
		{name: "compare-unread", path: "/documents/" + h.held.Document.String() + "/compare"},
		{name: "records", path: "/records"},
		{name: "category", path: "/records/10"},
		{name: "category-above", path: "/records/30"},
		{name: "tickets", path: "/tickets"},
		{name: "tickets-narrow", path: "/tickets?view=all&waiting=not-started&q=whitcombe"},
		{name: "tickets-bulk", path: "/tickets/bulk?t=" + h.ticket},
		{name: "ticket", path: "/tickets/" + h.ticket},
		{name: "classes", path: "/admin/classes"},
		{name: "class", path: "/admin/classes/complaint"},
		{name: "class-history", path: "/admin/classes/complaint/history"},
		{name: "channel-history", path: channelPath(h.box.Channel) + "/history"},
		{name: "class-new", path: "/admin/classes/new"},
		{name: "fields", path: "/admin/fields"},
		{name: "field", path: "/admin/fields/amount"},
		{name: "vocabulary", path: "/admin/vocabulary/subject"},
		{name: "term", path: "/admin/vocabulary/subject/late-delivery"},
		{name: "users", path: "/admin/users"},
		{name: "settings", path: "/settings"},
		{name: "sources", path: "/admin/sources"},
		{name: "outbox", path: "/outbox"},
		{name: "suppressed", path: "/outbox/suppressed"},
		{name: "ticket-reply", path: "/tickets/" + h.ticket + "#reply"},
		{name: "quarantine", path: "/quarantine"},
		{name: "channels", path: "/admin/channels"},
		{name: "channel", path: channelPath(h.box.Channel)},
		{name: "mailbox", path: h.box.Path()},
		{name: "templates", path: "/admin/templates"},
		{name: "template", path: "/admin/templates/more-information"},
		{name: "template-acknowledgement", path: "/admin/templates/acknowledgement?language=hu"},
		{name: "health", path: "/admin/health"},
		{name: "error", path: "/nowhere", expected: "404"},
	}
}
