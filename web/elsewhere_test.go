package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/search"
	"docket/workflow"
)

// The number of another house's ticket leads to the documents that carry it, for those who may see them.
func TestTicketsOfAnotherHouseLeadToTheirDocuments(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	number := workflow.Number("OLD", 2019, 7)
	ben := h.as(t, "ben")
	if r := ben.get("/tickets/" + number); r.status != http.StatusNotFound {
		t.Errorf("before the import: %d", r.status)
	}
	h.exec(t, "update taxonomy.record set ticket = $1", number)
	records := &search.Records{Store: h.config.Store, Plan: h.config.Plan, Zone: time.UTC}
	entries, err := records.Load(t.Context(), h.config.Pool, []repository.DocumentID{h.filed.Document})
	if err == nil {
		err = h.config.Search.Index(t.Context(), entries)
	}
	if err != nil {
		t.Fatal(err)
	}
	if r := ben.get("/tickets/" + number); r.status != http.StatusSeeOther || !strings.HasPrefix(r.header.Get("Location"), "/search?q=ticket%3AOLD-2019-000007-") {
		t.Errorf("%d to %q", r.status, r.header.Get("Location"))
	}
	for _, e := range entries {
		e.Readers = []string{"role:records-manager"}
		if err := h.config.Search.Index(t.Context(), []search.Entry{e}); err != nil {
			t.Fatal(err)
		}
	}
	if r := ben.get("/tickets/" + number); r.status != http.StatusNotFound {
		t.Errorf("without access: %d", r.status)
	}
}
