package web

import (
	"net/http"
	"strings"
	"testing"

	"docket/capture"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// waiting is a piece that waits for a person.
func (h *house) waitingPiece(t *testing.T, name string, l letter) capture.Piece {
	t.Helper()
	p := h.receive(t, name, "scanner", name+l.text)
	h.read(t, p, l, 0.55)
	h.set(t, p, capture.Waiting, "It is not certain what this is.")
	return p
}

// TestPickedWordsAreProvenance fills a field from the page: the record says where its value stands and who picked it; a place
// that is on no page of the document is not believed.
func TestPickedWordsAreProvenance(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.waitingPiece(t, "a.pdf", letters[0])
	mia := h.as(t, "mia")
	address := "/mailroom/validation/" + p.Document.String()
	value := mia.get(address + "/value?picked=1&field=letter_date&text=14+March+2026").body
	if !strings.Contains(value, `"14 Mar 2026"`) {
		t.Errorf("the date in words is %s", value)
	}
	if none := mia.get(address + "/value?picked=1&field=letter_date&text=Bristol").body; !strings.Contains(none, `"problem":"“Bristol” holds no value`) {
		t.Errorf("a town as a date: %s", none)
	}
	r := mia.post(address, "rev", revOf(t, mia.get(address).body), "class", "complaint", "field.sender_name", "M. Whitcombe", "at.sender_name", "2;10,20,300,40",
		"field.policy_number", "POL-1", "at.policy_number", "9;10,20,300,40")
	if r.status != http.StatusSeeOther {
		t.Fatalf("%d %s", r.status, r.body)
	}
	record, err := h.config.Plan.Record(t.Context(), h.config.Pool, p.Document)
	if err != nil {
		t.Fatal(err)
	}
	name, policy := record.Values[taxonomy.SenderName], record.Values[taxonomy.PolicyNumber]
	if name.Page != 2 || name.Box.X != 10 || name.How != "picked by mia" || name.Confidence != 1 {
		t.Errorf("picked: %+v", name)
	}
	if policy.Page != 0 || policy.How != "typed by mia" {
		t.Errorf("picked beside all pages: %+v", policy)
	}
}

// TestTwoPeopleAtOneDocument tells the second before they type, lets the queue pass it over, and never overwrites: the second
// save is refused with everything that was typed, and can then be saved as a correction.
func TestTwoPeopleAtOneDocument(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.waitingPiece(t, "a.pdf", letters[0]), h.waitingPiece(t, "b.pdf", letters[1])
	mia, ada := h.as(t, "mia"), h.as(t, "ada")
	address := "/mailroom/validation/" + first.Document.String()
	hers := mia.get(address).body
	if strings.Contains(hers, "has this document open") {
		t.Error("mia is told of herself")
	}
	his := ada.get(address).body
	if !strings.Contains(his, "Mia has this document open") {
		t.Error("ada is not told of mia")
	}
	if other := ada.get("/mailroom/validation/" + second.Document.String()).body; strings.Contains(other, `href="`+address+`"`) {
		t.Error("ada is led to what mia has open")
	}
	if r := mia.post(address, "rev", revOf(t, hers), "class", "complaint", "field.sender_name", "Margaret Whitcombe"); r.status != http.StatusSeeOther {
		t.Fatalf("mia: %d", r.status)
	}
	refused := ada.post(address, "rev", revOf(t, his), "class", "question", "field.sender_name", "Typed by Ada")
	if refused.status != http.StatusConflict || !strings.Contains(refused.body, "Mia has filed this document") || !strings.Contains(refused.body, "Typed by Ada") {
		t.Fatalf("ada: %d %s", refused.status, refused.body)
	}
	if record, _ := h.config.Plan.Record(t.Context(), h.config.Pool, first.Document); record.Class != taxonomy.Complaint {
		t.Error("ada overwrote what mia decided")
	}
	_, version, _ := strings.Cut(refused.body, `name="version" value="`)
	version, _, _ = strings.Cut(version, `"`)
	if r := ada.post(address, "rev", revOf(t, refused.body), "version", version, "class", "question", "field.sender_name", "Typed by Ada"); r.status != http.StatusSeeOther {
		t.Fatalf("ada corrects: %d %s", r.status, r.body)
	}
	record, err := h.config.Plan.Record(t.Context(), h.config.Pool, first.Document)
	if err != nil || record.Class != taxonomy.Question || record.Values.Get(taxonomy.SenderName) != "Typed by Ada" {
		t.Errorf("corrected to %+v, %v", record, err)
	}
	if r := mia.post(address, "rev", revOf(t, refused.body), "version", version, "class", "complaint"); r.status != http.StatusConflict {
		t.Errorf("an old correction: %d", r.status)
	}
	var class, by string
	err = h.config.Pool.QueryRow(t.Context(), "select class, by from capture.example where document = $1", first.Document).Scan(&class, &by)
	if err != nil || class != "question" || by != "ada" {
		t.Errorf("the example to learn from says %s by %s, %v", class, by, err)
	}
}

// TestQueueFilters shows what a filter chooses, and leads on within it.
func TestQueueFilters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	english, german, other := h.waitingPiece(t, "en.pdf", letters[0]), h.waitingPiece(t, "de.pdf", letters[1]), h.waitingPiece(t, "en2.pdf", letters[0])
	mia := h.as(t, "mia")
	list := mia.get("/mailroom/validation?language=en").body
	if !strings.Contains(list, "en.pdf") || strings.Contains(list, "de.pdf") || !strings.Contains(list, "Deutsch (1)") {
		t.Errorf("the list of English ones: %s", list)
	}
	page := mia.get("/mailroom/validation/" + english.Document.String() + "?language=en").body
	if !strings.Contains(page, other.Document.String()+"?language=en") || strings.Contains(page, german.Document.String()) {
		t.Error("the next one is not within the filter")
	}
}

// TestTheDeskNamesTheTicket shows which ticket a letter would join, and does not name one that the clerk may not see.
func TestTheDeskNamesTheTicket(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := h.receive(t, "before.pdf", "scanner", "before")
	h.read(t, before, letters[0], 0.97)
	h.file(t, before, letters[0])
	p := h.waitingPiece(t, "a.pdf", letters[0])
	address := "/mailroom/validation/" + p.Document.String()
	if page := h.as(t, "ada").get(address).body; !strings.Contains(page, h.ticket) || !strings.Contains(page, "same sender and same matter") {
		t.Errorf("the desk does not name %s", h.ticket)
	}
	h.exec(t, "update workflow.ticket set readers = '{nobody}'")
	if page := h.as(t, "mia").get(address).body; strings.Contains(page, h.ticket) || !strings.Contains(page, "not for you to see") {
		t.Error("the desk names a ticket that mia may not see")
	}
}

// TestANewPartyIsMadeOnce makes a party that a person asked for, although one of that name is known.
func TestANewPartyIsMadeOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	err := postgres.InTx(t.Context(), h.config.Pool, func(tx pgx.Tx) error {
		_, err := h.config.Plan.AddParty(t.Context(), tx, "ada", taxonomy.Party{Kind: "person", Name: "Margaret Whitcombe"},
			taxonomy.Hints{Name: "Margaret Whitcombe", CustomerNumbers: []string{"K-20418833"}}, [16]byte{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := h.waitingPiece(t, "a.pdf", letters[0])
	mia := h.as(t, "mia")
	address := "/mailroom/validation/" + p.Document.String()
	page := mia.get(address).body
	if !strings.Contains(page, `<option value="new">New party: Margaret Whitcombe`) {
		t.Error("a new party is not offered beside the known one")
	}
	if r := mia.post(address, "rev", revOf(t, page), "class", "complaint", "party", "new", "field.sender_name", "Margaret Whitcombe"); r.status != http.StatusSeeOther {
		t.Fatalf("%d %s", r.status, r.body)
	}
	all, err := taxonomy.FindParties(t.Context(), h.config.Pool, "Whitcombe", 9)
	record, _ := h.config.Plan.Record(t.Context(), h.config.Pool, p.Document)
	if err != nil || len(all) != 2 || record.Party != all[0].ID || all[0].Provisional {
		t.Errorf("%d parties, %v: %+v; filed under %s", len(all), err, all, record.Party)
	}
}
