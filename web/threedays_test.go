package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestThreeDays walks the clerk's, the agent's and the records manager's day by keyboard, from signing in to signing out, in three
// languages. What is looked for are places and values, so that the walk is the same in each.
func TestThreeDays(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "hu", "pl"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			h, ticket := raised(t)
			first, second := h.waitingPiece(t, "first.pdf", letters[0]), h.waitingPiece(t, "second.pdf", letters[1])
			b := newTab(t, h.url)
			w := &walker{tab: b}
			b.look(1440, "light")

			w.arrive("mia", language)
			w.follow("/mailroom/validation")
			w.key("j")
			w.press("Enter", 0)
			w.at(first, "class")
			w.press("Enter", withCtrl)
			w.at(second, "class")
			w.press("Enter", withCtrl)
			b.until(`location.pathname === "/mailroom/validation" && document.querySelector("#live .empty-state") !== null`)
			w.leave()

			w.arrive("ben", language)
			w.key("g")
			w.key("t")
			b.until(fmt.Sprintf(`document.querySelector("a[data-row][href='/tickets/%s']") !== null`, ticket.Number))
			b.ready()
			evaluate[bool](b, fmt.Sprintf(`document.querySelector("a[data-row][href='/tickets/%s']").focus(), true`, ticket.Number))
			w.press("Enter", 0)
			b.until(fmt.Sprintf(`location.pathname === "/tickets/%s"`, ticket.Number))
			b.ready()
			evaluate[bool](b, `document.querySelector("textarea[name=text]").focus(), true`)
			w.write("Depot called.")
			w.press("Tab", 0)
			w.press("Enter", 0)
			b.until(`document.querySelector("main").textContent.includes("Depot called.") && document.querySelector(".alert-success") !== null`)
			w.leave()

			w.arrive("rosa", language)
			w.follow("/records")
			evaluate[bool](b, `document.querySelector("a[data-row][href='/records/10']").focus(), true`)
			w.press("Enter", 0)
			b.until(`location.pathname === "/records/10" && document.querySelector("a[data-row][href^='/documents/']") !== null`)
			b.ready()
			evaluate[bool](b, `document.querySelector("a[data-row][href^='/documents/']").focus(), true`)
			w.press("Enter", 0)
			b.until(`location.pathname.startsWith("/documents/") && document.querySelector(".timeline") !== null`)
			b.ready()
			b.until(`document.querySelector(".viewer-on")`)
			w.leave()
		})
	}
}

// arrive signs somebody in, who then reads the screens in a language.
func (w *walker) arrive(name, language string) {
	w.t.Helper()
	w.signIn(name)
	w.speak(language)
	w.open("/")
	if got := evaluate[string](w.tab, "document.documentElement.lang"); got != language {
		w.t.Errorf("%s reads the screens in %q", name, got)
	}
}

// follow presses a link of the navigation.
func (w *walker) follow(path string) {
	w.t.Helper()
	evaluate[bool](w.tab, fmt.Sprintf(`document.querySelector(".side-link[href='%s']").focus(), true`, path))
	w.press("Enter", 0)
	w.until(fmt.Sprintf(`location.pathname === %q && document.querySelector("[data-row]") !== null`, path))
	w.ready()
}

// leave signs out by the menu. Nothing was complained of meanwhile.
func (w *walker) leave() {
	w.t.Helper()
	w.quiet(strings.TrimSpace(evaluate[string](w.tab, "location.pathname")))
	evaluate[bool](w.tab, `document.querySelector("summary.btn-icon").focus(), true`)
	w.press("Enter", 0)
	w.until(`document.querySelector("details.menu[open]")`)
	evaluate[bool](w.tab, `document.querySelector("form[action='/sign-out'] button").focus(), true`)
	w.press("Enter", 0)
	w.run(chromedp.WaitReady(chromedp.CSS("#password")))
	w.ready()
}
