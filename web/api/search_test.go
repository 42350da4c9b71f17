package api_test

import (
	"net/url"
	"testing"
	"time"

	"docket/repository"
	"docket/search"
	"docket/taxonomy"
	"docket/web/api"

	"github.com/google/go-cmp/cmp"
)

// indexed files a text and puts it into the index.
func (h *house) indexed(name, text string, class taxonomy.ClassID) repository.DocumentID {
	h.t.Helper()
	id := h.filed(name, text, class)
	record, err := h.plan.Record(h.t.Context(), h.pool, id)
	if err == nil {
		err = h.index.Index(h.t.Context(), []search.Entry{{Document: id, Version: 1, Title: record.Title, Class: class, State: "filed", Source: "api", Language: "en",
			Date: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC), Received: record.ReceivedAt, Readers: record.Readers, Pages: []string{"first page", text}}})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) find(who, query string, more ...string) (found api.SearchAnswer) {
	h.t.Helper()
	q := url.Values{"q": {query}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	h.get(who, "/search?"+q.Encode()).into(200, &found)
	return found
}

func TestSearchTellsWhatWasFoundAndWhere(t *testing.T) {
	h := openHouse(t)
	id := h.indexed("a.txt", "Größe über zebra", taxonomy.Complaint)
	h.indexed("b.txt", "nothing of the kind", taxonomy.Invoice)
	found := h.find("agent-ben", "zebra")
	if found.Total != 1 || len(found.Hits) != 1 {
		t.Fatalf("%+v", found)
	}
	hit := found.Hits[0]
	if hit.Document != id.String() || hit.Page != 2 || hit.Date != "2026-03-14" || hit.Class != "complaint" || !taxonomy.ValidNumber(hit.Ticket) || hit.Score <= 0 {
		t.Errorf("%+v", hit)
	}
	var marked []string
	for _, m := range hit.Marks {
		marked = append(marked, string([]rune(hit.Snippet)[m.Start:m.End]))
	}
	if diff := cmp.Diff([]string{"zebra"}, marked); diff != "" {
		t.Errorf("%q: %s", hit.Snippet, diff)
	}
	if diff := cmp.Diff([]search.FacetValue{{Value: "complaint", Count: 1}}, found.Facets["class"].Values); diff != "" {
		t.Error(diff)
	}
}

// What the virus scanner holds is found, and tells nothing of what stands in it (rule 42).
func TestSearchDoesNotQuoteWhatIsHeld(t *testing.T) {
	h := openHouse(t)
	id := h.indexed("a.txt", "zebra crossing", taxonomy.Complaint)
	if _, err := h.pool.Exec(t.Context(), "insert into capture.screening (document, version, verdict, found) values ($1, 1, 'infected', 'Win.Test.Harmful')", id); err != nil {
		t.Fatal(err)
	}
	found := h.find("agent-ben", "zebra")
	if len(found.Hits) != 1 || found.Hits[0].Snippet != "" || len(found.Hits[0].Marks) > 0 || found.Hits[0].Page != 0 {
		t.Errorf("%+v", found.Hits)
	}
}

func TestSearchIsPagedAndFixedInStatements(t *testing.T) {
	h := openHouse(t)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		h.indexed(name, "zebra "+name, taxonomy.Invoice)
	}
	seen := map[string]bool{}
	cursor := ""
	for range 3 {
		found := h.find("agent-ben", "zebra", "limit", "2", "sort", "received", "cursor", cursor)
		for _, hit := range found.Hits {
			seen[hit.Document] = true
		}
		cursor = found.Next
	}
	if len(seen) != 5 || cursor != "" {
		t.Errorf("%d documents on three pages, then %q", len(seen), cursor)
	}
	h.fixed("agent-ben", "/search?q=zebra&limit=1", "/search?q=zebra&limit=100", 3) // who asks, the records, what the scanner holds
}

func TestSearchHidesWhatOneMayNotSee(t *testing.T) {
	h := openHouse(t)
	secret, open := h.indexed("a.txt", "secret zebra", taxonomy.Complaint), h.indexed("b.txt", "open zebra", taxonomy.Complaint)
	h.hide(secret) // the index does not know yet
	for _, hit := range h.find("agent-ben", "zebra").Hits {
		if hit.Document != open.String() {
			t.Errorf("found %s", hit.Title)
		}
	}
}

func TestAQueryThatIsWrongSaysWhere(t *testing.T) {
	h := openHouse(t)
	p := h.get("agent-ben", "/search?q="+url.QueryEscape("größe amount:xyz")).problem(422)
	if p.Position == nil || string([]rune("größe amount:xyz")[p.Position.Start:p.Position.End]) != "xyz" {
		t.Errorf("%+v %+v", p, p.Position)
	}
	h.get("agent-ben", "/search?q=a&limit=0").problem(422)
	h.get("agent-ben", "/search?q=a&sort=colour").problem(422)
	h.get("agent-ben", "/search?q=a&cursor=nonsense").problem(422)
}
