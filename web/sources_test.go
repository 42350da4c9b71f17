package web

import (
	"net/http"
	"strings"
	"testing"

	"docket/capture"
)

// TestSourcesAreAddedAndPaused walks the page of the sources as an administrator does.
func TestSourcesAreAddedAndPaused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "ada")
	h.set(t, h.receive(t, "a.pdf", "branch/Graz", "a"), capture.Exception, "The file ends too early.")
	if r := b.get("/admin/sources"); !strings.Contains(r.body, "branch/Graz") || !strings.Contains(r.body, "The file ends too early.") {
		t.Errorf("the list lacks the source or its trouble: %d", r.status)
	}
	if r := b.post("/admin/sources", "name", "invoices", "note", "<b>the scanner</b>", "folder", "on"); r.status != http.StatusSeeOther {
		t.Fatalf("adding: %d %s", r.status, r.body)
	}
	if r := b.get("/admin/sources"); !strings.Contains(r.body, "hotfolder/invoices") || strings.Contains(r.body, "<b>the") {
		t.Error("the source that was added is not in the list, or its note is markup")
	}
	if r := b.post("/admin/sources", "name", "../etc", "folder", "on"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="../etc"`) {
		t.Errorf("a source outside the hot folder: %d", r.status)
	}
	b.post("/admin/sources/pause", "source", "branch/Graz", "do", "pause")
	if _, err := h.config.Intake.Receive(t.Context(), capture.Item{Name: "b.pdf", Source: "branch/Graz", By: "mia", Content: strings.NewReader("b")}); err == nil {
		t.Error("a paused source handed in")
	}
	if r := b.get("/admin/sources"); !strings.Contains(r.body, "Resume") {
		t.Error("the list does not offer to resume")
	}
	b.post("/admin/sources/pause", "source", "branch/Graz", "do", "resume")
	h.receive(t, "b.pdf", "branch/Graz", "b")
	for _, name := range []string{"mia", "ben", "rosa"} {
		if r := h.as(t, name).post("/admin/sources/pause", "source", "branch/Graz", "do", "pause"); r.status != http.StatusForbidden {
			t.Errorf("%s paused a source: %d", name, r.status)
		}
	}
}
