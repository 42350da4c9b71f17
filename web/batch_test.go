package web

import (
	"fmt"
	"strings"
	"testing"

	"docket/capture"
)

func TestABatchShowsItsPiecesAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish(t)
	b := h.as(t, "mia")
	page := b.get("/mailroom/batches").body
	if !strings.Contains(page, "mia-20261122-074012") || !strings.Contains(page, `class="meter-filed"`) {
		t.Error("the list of batches lacks the batch or its bar")
	}
	to := b.get("/mailroom/batches/named?name=mia-20261122-074012").header.Get("Location")
	if to == "" {
		t.Fatal("the batch is not found by its name")
	}
	batch, err := capture.BatchNamed(t.Context(), h.config.Pool, "mia-20261122-074012")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{fmt.Sprintf("%d pieces received", batch.Pieces()), "again.pdf"} {
		if page := b.get(to).body; !strings.Contains(page, want) {
			t.Errorf("the batch's page lacks %q", want)
		}
	}
	if page := b.get(to + "?state=rejected").body; strings.Contains(page, "again.pdf") || !strings.Contains(page, "Advertising.") {
		t.Error("the filter does not filter")
	}
	b.post(to+"/expected", "expected", fmt.Sprint(batch.HandedIn+2))
	if page := b.get(to).body; !strings.Contains(page, "2 pieces are missing") {
		t.Error("the page does not say what is missing")
	}
	if r := b.post(to+"/expected", "expected", "many"); r.status != 422 || !strings.Contains(r.body, "“many” is not a number") {
		t.Errorf("%d", r.status)
	}
	if r := h.as(t, "ben").get(to); r.status != 403 {
		t.Errorf("an agent sees a batch: %d", r.status)
	}
	if r := b.get("/mailroom/batches/99999"); r.status != 404 {
		t.Errorf("a batch that is not: %d", r.status)
	}
}
