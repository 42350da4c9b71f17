package web

import (
	"net/http"
	"strings"
	"testing"

	"docket/capture"
	"docket/taxonomy"
)

func TestAPersonDecides(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.receive(t, "a.pdf", "scanner", "a"), h.receive(t, "b.pdf", "scanner", "b")
	for _, p := range []capture.Piece{first, second} {
		h.read(t, p, letters[0], 0.55)
		h.set(t, p, capture.Waiting, "It is not certain what this is.")
	}
	mia := h.as(t, "mia")
	if list := mia.get("/mailroom/validation").body; !strings.Contains(list, "a.pdf") || !strings.Contains(list, "2 documents wait") {
		t.Error("the list lacks what waits")
	}
	address := "/mailroom/validation/" + first.Document.String()
	if form := mia.get(address).body; !strings.Contains(form, `value="K-20418833"`) || !strings.Contains(form, "Margaret Whitcombe") {
		t.Error("the form lacks what was read")
	}
	if r := mia.post(address, "rev", "1", "class", "complaint", "field.letter_date", "31.2.2026"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "31.2.2026") {
		t.Errorf("an impossible date: %d", r.status)
	}
	rev := revOf(t, mia.get(address).body)
	r := mia.post(address, "rev", rev, "class", "question", "field.sender_name", "Margaret  Whitcombe-Jones", "field.letter_date", "14.3.2026",
		"field.customer_number", "K-20418833", "field.subject", "")
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/mailroom/validation/"+second.Document.String() {
		t.Fatalf("decided: %d to %q %s", r.status, r.header.Get("Location"), r.body)
	}
	record, err := h.config.Plan.Record(t.Context(), h.config.Pool, first.Document)
	if err != nil {
		t.Fatal(err)
	}
	name, number := record.Values[taxonomy.SenderName], record.Values[taxonomy.CustomerNumber]
	if record.Class != taxonomy.Question || name.Value != "Margaret Whitcombe-Jones" || name.How != "typed by mia" {
		t.Errorf("filed as %+v", record)
	}
	if number.Page != 1 || number.Box.IsZero() || number.Confidence != 1 {
		t.Errorf("a value that was left as it was lost its place: %+v", number)
	}
	if _, ok := record.Values[taxonomy.Subject]; ok {
		t.Error("a value that was removed is still there")
	}
	if r := h.as(t, "ada").post(address, "rev", rev, "class", "complaint"); r.status != http.StatusConflict {
		t.Errorf("deciding what somebody has decided: %d", r.status)
	}
}

func revOf(t *testing.T, form string) string {
	t.Helper()
	_, rest, ok := strings.Cut(form, `name="rev" value="`)
	if !ok {
		t.Fatal("the form has no rev")
	}
	rev, _, _ := strings.Cut(rest, `"`)
	return rev
}

// TestTheFormFollowsTheClass asks for the form of another class: typed values stay, names and fields change.
func TestTheFormFollowsTheClass(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receive(t, "a.pdf", "scanner", "a")
	h.read(t, p, letters[0], 0.55)
	h.set(t, p, capture.Waiting, "unsure")
	b := h.as(t, "mia")
	r, err := http.NewRequest("GET", b.base+"/mailroom/validation/"+p.Document.String()+"?class=invoice&field.sender_name=Typed+Name", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("HX-Request", "true")
	got := b.do(r)
	if got.status != 200 || strings.Contains(got.body, "<html") || !strings.Contains(got.body, "Typed Name") || !strings.Contains(got.body, "Invoice") || !strings.Contains(got.body, "Finance") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestRetryAndReject(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mia := h.as(t, "mia")
	state := func(p capture.Piece) capture.State {
		now, err := capture.FindPiece(t.Context(), h.config.Pool, p.Receipt)
		if err != nil {
			t.Fatal(err)
		}
		return now.State
	}
	p := h.receive(t, "a.pdf", "scanner", "a")
	h.set(t, p, capture.Exception, "broken")
	path := "/mailroom/pieces/" + p.Receipt.String()
	if r := mia.post(path + "/retry"); r.status != http.StatusSeeOther || state(p) != capture.Stored {
		t.Errorf("retry: %d, %s", r.status, state(p))
	}
	h.set(t, p, capture.Exception, "broken")
	if r := mia.post(path+"/reject", "reason", " "); r.status != http.StatusUnprocessableEntity || state(p) != capture.Exception {
		t.Errorf("reject without a reason: %d, %s", r.status, state(p))
	}
	if r := mia.post(path+"/reject", "reason", "Advertising."); r.status != http.StatusSeeOther || state(p) != capture.Rejected {
		t.Errorf("reject: %d, %s", r.status, state(p))
	}
	if r := h.as(t, "ben").post(path + "/retry"); r.status != http.StatusForbidden {
		t.Errorf("an agent retries: %d", r.status)
	}
}
