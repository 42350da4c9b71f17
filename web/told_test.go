package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestDefinitionsTellWhatWasChanged changes a class, a field, a term and a person, and reads on their histories what was what before.
func TestDefinitionsTellWhatWasChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish(t)
	b := h.as(t, "ada")
	post := func(path string, form ...string) {
		t.Helper()
		if r := b.post(path, form...); r.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", path, r.status, r.body)
		}
	}
	mia, err := h.config.People.UserByName(t.Context(), h.config.Pool, "mia")
	if err != nil {
		t.Fatal(err)
	}
	history := "/admin/users/" + mia.ID.String()
	form := classForm(t, h, "1", "threshold", "91", "name", "{date} {party}")
	post("/admin/classes/complaint", append(form, "field", "nonsense")...) // what is no field is left out
	post("/admin/fields/amount", "version", "1", "type", "amount", "title.en", "Sum", "title.de", "Summe")
	post("/admin/vocabulary/subject/new", "id", "noise", "title.en", "noise", "cues.en", "too loud\nracket")
	post("/admin/vocabulary/subject/noise", "version", "1", "title.en", "noise", "cues.en", "racket\nnoisy")
	post("/admin/vocabulary/subject/noise", "version", "2", "title.en", "noise", "cues.en", "noisy\nracket", "do", "retire")
	post(history, "title", "Mia B.", "role", "mailroom", "active", "on")
	for path, want := range map[string][]string{
		"/admin/classes/complaint/history":        {"Version 2", "How documents are named: {date} {party}, before: {date} {class}", "When a person is asked: 91%, before: 80%", "<bdi>Ada</bdi> ·"},
		"/admin/fields/amount/history":            {"What it is called (English): Sum, before: Amount"},
		"/admin/vocabulary/subject/noise/history": {"Version 3", "Phrases (English): noisy, racket", "State: retired, before: in use", "Phrases (English), added: noisy", "Phrases (English), removed: too loud"},
		history + "/history":                      {"History of Mia B.", "changed"},
		channelPath(h.box.Channel) + "/history":   {"saved as version 1"},
	} {
		r := b.get(path)
		for _, s := range want {
			if r.status != http.StatusOK || !strings.Contains(r.body, s) {
				t.Errorf("%s: %d, lacks %q", path, r.status, s)
			}
		}
	}
	for path, status := range map[string]int{
		"/admin/classes/nonsense/history": http.StatusNotFound, "/admin/classes/new/history": http.StatusNotFound,
		"/admin/users/nobody/history": http.StatusNotFound, "/admin/channels/new/history": http.StatusNotFound,
	} {
		if r := b.get(path); r.status != status {
			t.Errorf("%s: %d, want %d", path, r.status, status)
		}
	}
	if r := h.as(t, "ben").get("/admin/classes/complaint/history"); r.status != http.StatusForbidden {
		t.Errorf("an agent is shown who changed a class: %d", r.status)
	}
}
