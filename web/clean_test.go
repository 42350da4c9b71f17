package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestWhatIsNoTextIsTakenOut: bytes that no text has do no harm, in addresses, forms and the name that somebody signs in with.
func TestWhatIsNoTextIsTakenOut(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	ada := h.as(t, "ada")
	for _, path := range []string{"/mailroom/validation?class=%00&source=%ff", "/tickets?view=%00&owner=a%ffb", "/search?q=%00late%ff", "/records/10?class=%ff"} {
		if r := ada.get(path); r.status != http.StatusOK {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	if r := ada.post("/tickets/"+ticket.Number+"/notes", "text", "a\x00 good \xffnote"); r.status != http.StatusSeeOther {
		t.Errorf("a note with bytes that are no text: %d", r.status)
	}
	if page := ada.get("/tickets/" + ticket.Number).body; !strings.Contains(page, "a good note") {
		t.Error("what is text of the note is not there")
	}
	if r := h.browser(t).post("/sign-in", "name", strings.Repeat("ä", 300)+"\xff", "password", "\x00"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a name that is cut within a letter: %d", r.status)
	}
}

// TestNamesAreBounded: a name of ten thousand characters is refused in a sentence that is itself short, wherever names are given.
func TestNamesAreBounded(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	ada := h.as(t, "ada")
	long := strings.Repeat("ÄЖ", 5000)
	class := func(pairs ...string) []string { return classForm(t, h, "1", pairs...) }
	for what, r := range map[string]answer{
		"full name":         ada.post("/admin/users", "name", "long", "title", long, "password", "correct horse", "role", "agent"),
		"team of a user":    ada.post("/admin/users", "name", "long", "title", "Long", "password", "correct horse", "role", "agent", "teams", long),
		"title of a class":  ada.post("/admin/classes/complaint", class("title.en", long)...),
		"reader of a class": ada.post("/admin/classes/complaint", class("reader", long)...),
		"owner of a ticket": ada.post("/tickets/"+ticket.Number+"/assign", "version", itoa(ticket.Version), "owner", long, "team", ticket.Team),
		"team of a ticket":  ada.post("/tickets/"+ticket.Number+"/assign", "version", itoa(ticket.Version), "owner", "", "team", long),
	} {
		sentences := 0
		for _, part := range strings.Split(r.body, ">") {
			if strings.Contains(part, "ÄЖÄЖ") && !strings.Contains(part, "value=\"") && len([]rune(part)) > 700 {
				sentences++
			}
		}
		if r.status != http.StatusUnprocessableEntity || sentences > 0 {
			t.Errorf("%s: %d, %d long sentences", what, r.status, sentences)
		}
	}
}
