package web

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestKeys walks by keyboard alone: search, places, lists and the list of keys.
func TestKeys(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	b := newTab(t, h.url)
	b.signIn("ada")
	press := func(keys ...string) {
		t.Helper()
		for _, k := range keys {
			b.run(chromedp.KeyEvent(k))
		}
	}
	press("?")
	b.until(`document.querySelector("#help").open`)
	b.axe("help")
	press("\x1b")
	b.until(`!document.querySelector("#help").open`)
	at := func(path string) {
		t.Helper()
		b.until("location.pathname === '" + path + "'")
		b.ready()
	}
	press("g", "t")
	at("/tickets")
	b.until(`document.querySelector("[data-row]")`)
	press("j", "\r")
	at("/tickets/" + ticket.Number)
	press("g", "m")
	at("/mailroom")
	b.key("/")
	b.until(`document.activeElement.id === "q"`)
	press("g", "t", "?")
	if got := evaluate[string](b, `document.querySelector("#q").value`); got != "gt?" {
		t.Errorf("typing into the search box gave %q", got)
	}
	b.quiet("keys")
}

// TestTheMenuClosesOnEscape opens the user's menu and leaves it by keyboard, with the focus back on its button.
func TestTheMenuClosesOnEscape(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := newTab(t, h.url)
	b.signIn("ada")
	b.run(chromedp.Click(chromedp.CSS("summary.btn-icon")))
	b.until(`document.querySelector("details.menu[open]")`)
	b.axe("menu")
	b.picture("menu")
	b.run(chromedp.KeyEvent("\x1b"))
	b.until(`!document.querySelector("details.menu[open]") && document.activeElement.matches("summary.btn-icon")`)
	b.run(chromedp.Click(chromedp.CSS("summary.btn-icon")), chromedp.Click(chromedp.CSS("button[name=theme][value=dark]")))
	b.until(`document.documentElement.dataset.bsTheme === "dark"`)
	b.look(390, "light")
	b.open("/")
	b.run(chromedp.Click(chromedp.CSS(".top-menu")))
	b.until(`document.querySelector("#side").matches(":popover-open")`)
	b.picture("menu-390")
	b.axe("menu-390")
	b.quiet("menus")
}
