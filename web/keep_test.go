package web

import (
	"fmt"
	"testing"

	"docket/workflow"

	"github.com/chromedp/chromedp"
)

// TestWhatIsTypedOutlivesTheSession: a note that is sent after the session has ended is in its field again once its writer has signed in,
// and nothing of it was stored meanwhile. The next one, which is taken, does not come back. Nobody else gets it who signs in.
func TestWhatIsTypedOutlivesTheSession(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	h.exec(t, "update workflow.ticket set owner = '' where id = $1", ticket.ID)
	w := &walker{tab: newTab(t, h.url)}
	page := "/tickets/" + ticket.Number
	at := fmt.Sprintf("location.pathname === %q", page)
	again := func(name string) {
		w.run(chromedp.SendKeys(chromedp.CSS("#name"), name), chromedp.SendKeys(chromedp.CSS("#password"), "correct horse\r"))
	}
	w.signIn("ben")
	w.open(page)
	h.exec(t, "delete from web.session")
	w.key("n")
	w.write("Depot called <b>twice</b>.")
	w.press("Tab", 0)
	w.press("Enter", 0)
	w.until(`location.pathname === "/sign-in" && document.querySelector(".alert").textContent.includes("session has ended")`)
	again("ben")
	w.until(at + ` && document.querySelector("#note").value === "Depot called <b>twice</b>." && document.activeElement.id === "note"`)
	w.axe("a note that came back")
	if n := h.notes(t, ticket); n != 0 {
		t.Errorf("%d notes were stored by nobody", n)
	}
	w.press("Tab", 0)
	w.press("Enter", 0)
	w.until(at + ` && document.querySelector("#note").value === "" && document.querySelector(".story-notes") !== null`)

	w.key("n")
	w.write("For my eyes.")
	h.exec(t, "delete from web.session")
	w.press("Tab", 0)
	w.press("Enter", 0)
	w.until(`location.pathname === "/sign-in"`)
	again("rosa")
	w.until(at + ` && document.querySelector("#note")?.value !== "For my eyes."`)
}

// TestATicketIsTakenByAKey: who looks at a ticket that nobody has takes it with one key, and is not offered it again.
func TestATicketIsTakenByAKey(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	h.exec(t, "update workflow.ticket set owner = '' where id = $1", ticket.ID)
	w := &walker{tab: newTab(t, h.url)}
	w.signIn("ben")
	w.open("/tickets/" + ticket.Number)
	w.until(`document.querySelector("[data-take]")`)
	w.key("t")
	w.until(`document.querySelector(".alert-success") && !document.querySelector("[data-take]")`)
	got, err := h.config.Desk.ByNumber(t.Context(), h.config.Pool, person("ben", workflow.Agent).Reader(), ticket.Number)
	if err != nil || got.Owner != "ben" || got.Team != ticket.Team {
		t.Errorf("it belongs to %q of %q, %v", got.Owner, got.Team, err)
	}
}

func (h *house) notes(t *testing.T, ticket workflow.Ticket) (n int) {
	t.Helper()
	if err := h.config.Pool.QueryRow(t.Context(), "select count(*) from workflow.note where ticket = $1", ticket.ID).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
