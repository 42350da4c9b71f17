package api_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"docket/capture"
	"docket/repository"
	"docket/taxonomy"
	"docket/web/api"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// filed hands a text in and files it.
func (h *house) filed(name, text string, class taxonomy.ClassID) repository.DocumentID {
	h.t.Helper()
	return h.file(h.handIn("agent-ben", name, text), class)
}

// hide lets only records managers see a record.
func (h *house) hide(id repository.DocumentID) {
	h.t.Helper()
	h.exec("update taxonomy.record set readers = '{role:records-manager}' where document = $1", id)
}

// paged stores an image, a layout and a text for page 1 of a document.
func (h *house) paged(id repository.DocumentID) {
	h.t.Helper()
	layout := repository.Layout{Page: 1, Width: 100, Height: 200, Words: []repository.Word{{Text: "Dear"}}}
	raw, err := json.Marshal(layout)
	if err != nil {
		h.t.Fatal(err)
	}
	h.inTx(func(tx pgx.Tx) error {
		for _, r := range []struct {
			kind        repository.RenditionKind
			media, body string
		}{{repository.PageImage, "image/png", "picture"}, {repository.PageLayout, "application/json", string(raw)}} {
			stored, err := h.store.PutRendition(h.t.Context(), id, 1, r.kind, 1, r.media, strings.NewReader(r.body))
			if err != nil {
				return err
			}
			if err := h.store.AddRenditions(h.t.Context(), tx, []repository.Rendition{stored}); err != nil {
				return err
			}
		}
		return h.store.SetTexts(h.t.Context(), tx, id, 1, []repository.PageText{{Page: 1, Text: "Dear Sirs", Language: "en", Confidence: 0.9}})
	})
}

func TestADocumentWithAllThatIsKnown(t *testing.T) {
	h := openHouse(t)
	id := h.filed("a.txt", "Dear Sirs", taxonomy.Complaint)
	var d api.Document
	h.get("agent-ben", "/documents/"+id.String()).into(200, &d)
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte("Dear Sirs")))
	if len(d.Versions) != 1 || d.Versions[0].SHA256 != sum || d.Versions[0].Size != 9 || d.Versions[0].Name != "a.txt" {
		t.Errorf("versions: %+v", d.Versions)
	}
	if d.Record == nil || d.Record.Class != "complaint" || d.Record.Fields["amount"].Value != "12.50 EUR" || d.Title != d.Record.Title {
		t.Errorf("record: %+v", d.Record)
	}
	if d.Reading == nil || d.Reading.Pages != 2 || len(d.Tickets) != 1 || d.Tickets[0] != d.Record.Ticket || len(d.Receipts) != 1 {
		t.Errorf("%+v", d)
	}
}

func TestBytesAndPages(t *testing.T) {
	h := openHouse(t)
	id := h.filed("schöner Brief.txt", "Dear Sirs", taxonomy.Invoice)
	h.paged(id)
	base := "/documents/" + id.String()
	whole := h.get("agent-ben", base+"/content")
	if whole.into(200, nil); string(whole.body) != "Dear Sirs" || !strings.HasPrefix(whole.header.Get("Content-Type"), "text/plain") {
		t.Errorf("%s: %s", whole.header, whole.body)
	}
	if d := whole.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || !strings.Contains(d, "sch%C3%B6ner") {
		t.Error(d)
	}
	if csp := whole.header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") {
		t.Error(csp)
	}
	part := h.do("agent-ben", "GET", base+"/content?version=1", nil, "Range", "bytes=5-6")
	if part.into(206, nil); string(part.body) != "Si" || part.header.Get("Content-Range") != "bytes 5-6/9" {
		t.Errorf("%s %s", part.header, part.body)
	}
	h.do("agent-ben", "GET", base+"/content", nil, "If-None-Match", whole.header.Get("ETag")).into(304, nil)
	if a := h.get("agent-ben", base+"/pages/1/image"); string(a.body) != "picture" || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("%s %s", a.header, a.body)
	}
	var layout repository.Layout
	h.get("agent-ben", base+"/pages/1/layout").into(200, &layout)
	var text api.Text
	h.get("agent-ben", base+"/text").into(200, &text)
	if diff := cmp.Diff([]api.PageText{{Page: 1, Text: "Dear Sirs", Language: "en", Confidence: 0.9}}, text.Pages); diff != "" || layout.Words[0].Text != "Dear" {
		t.Error(layout, diff)
	}
	h.get("agent-ben", base+"/pages/2/image").problem(404)
	h.get("agent-ben", base+"/pages/0/image").problem(422)
	h.get("agent-ben", base+"/content?version=2").problem(404)
}

// What one may not see is answered exactly as what is not there, on every address of a document.
func TestHiddenDocumentsAreAsAbsentOnes(t *testing.T) {
	h := openHouse(t)
	hidden, unfiled, absent := h.filed("a.txt", "a", taxonomy.Complaint), h.handIn("agent-ben", "b.txt", "b").Documents[0].Document, uuid.NewString()
	h.paged(hidden)
	h.hide(hidden)
	for _, c := range []struct{ method, path string }{
		{"GET", ""}, {"GET", "/content"}, {"GET", "/content?version=1"}, {"GET", "/text"}, {"GET", "/pages/1/image"}, {"GET", "/pages/1/layout"},
		{"POST", "/checkout"}, {"POST", "/checkin"}, {"POST", "/cancel-checkout"},
		{"GET", "/versions/1/annotations"},
	} {
		ask := func(id string) (p api.Problem) {
			t.Helper()
			p = h.do("agent-eva", c.method, "/documents/"+id+c.path, strings.NewReader("")).problem(404)
			p.Detail = strings.ReplaceAll(p.Detail, id, "ID")
			return p
		}
		want := ask(absent)
		for name, id := range map[string]string{"hidden": hidden.String(), "unfiled": unfiled} {
			if diff := cmp.Diff(want, ask(id)); diff != "" {
				t.Errorf("%s %s of a %s document: %s", c.method, c.path, name, diff)
			}
		}
	}
	h.get("records-manager-rosa", "/documents/"+hidden.String()).into(200, nil)
	h.get("agent-ben", "/documents/"+unfiled).into(200, nil) // who handed it in
	h.get("mailroom-mia", "/documents/"+unfiled).into(200, nil)
}

func TestListsOfDocuments(t *testing.T) {
	h := openHouse(t)
	var ids []string
	for i := range 6 {
		ids = append(ids, h.filed(fmt.Sprint(i), fmt.Sprint(i), taxonomy.Invoice).String())
	}
	h.filed("c", "c", taxonomy.Contract)
	h.hide(uuid.MustParse(ids[2]))
	type list struct {
		Records []api.Record
		Next    string
	}
	var all []string
	for next := ""; ; {
		var got list
		h.get("agent-ben", "/documents?class=invoice&limit=2"+next).into(200, &got)
		for _, r := range got.Records {
			all = append(all, r.Document)
		}
		if got.Next == "" {
			break
		}
		next = "&before=" + got.Next
	}
	if diff := cmp.Diff([]string{ids[5], ids[4], ids[3], ids[1], ids[0]}, all); diff != "" {
		t.Error(diff)
	}
	h.fixed("agent-ben", "/documents?limit=1", "/documents?limit=100", 3)
}

// fixed checks that a long list costs no more statements than a short one.
func (h *house) fixed(who, short, long string, most int64) {
	h.t.Helper()
	count := func(path string) int64 { return h.statements.Of(func() { h.get(who, path).into(200, nil) }) }
	if a, b := count(short), count(long); a != b || b > most {
		h.t.Errorf("%d statements for %s, %d for %s, want at most %d for both", a, short, b, long, most)
	}
}

func TestCheckOutAndIn(t *testing.T) {
	h := openHouse(t)
	id := h.filed("a.txt", "first", taxonomy.Contract)
	base := "/documents/" + id.String()
	var d api.Document
	h.do("agent-ben", "POST", base+"/checkin", strings.NewReader("x")).problem(409)
	h.post("agent-ben", base+"/checkout", nil).into(200, &d)
	if d.CheckedOutBy != "agent-ben" {
		t.Errorf("%+v", d)
	}
	h.post("agent-eva", base+"/checkout", nil).problem(409)
	h.do("agent-eva", "POST", base+"/checkin", strings.NewReader("hers")).problem(409)
	h.post("agent-eva", base+"/cancel-checkout", nil).problem(409)
	h.do("agent-ben", "POST", base+"/checkin?comment=shorter", strings.NewReader("second")).into(200, &d)
	if len(d.Versions) != 2 || d.Versions[1].Comment != "shorter" || d.Versions[1].Name != "a.txt" || d.CheckedOutBy != "" {
		t.Errorf("%+v", d)
	}
	for version, want := range map[string]string{"1": "first", "2": "second"} {
		if a := h.get("agent-ben", base+"/content?version="+version); string(a.body) != want {
			t.Errorf("version %s: %s", version, a.body)
		}
	}
	var jobs int
	if err := h.pool.QueryRow(t.Context(), "select count(*) from job where kind = $1", capture.ReadArgs{}.Kind()).Scan(&jobs); err != nil || jobs != 2 {
		t.Errorf("%d reading jobs, want one for each version (%v)", jobs, err)
	}
	h.post("agent-eva", base+"/checkout", nil).into(200, nil)
	h.post("records-manager-rosa", base+"/cancel-checkout", nil).into(200, &d)
	if d.CheckedOutBy != "" || len(d.Versions) != 2 {
		t.Errorf("%+v", d)
	}
}

// Rule 42: what the virus scanner holds is given to no program either; what was made of a message whose own words are clean is.
func TestHeldBytesAreNotGiven(t *testing.T) {
	h := openHouse(t)
	id := h.filed("a.txt", "Dear Sirs", taxonomy.Invoice)
	h.paged(id)
	base := "/documents/" + id.String()
	for _, test := range []struct {
		verdict        string
		inside         bool
		content, image int
	}{{"pending", false, 503, 503}, {"infected", false, 403, 403}, {"infected", true, 403, 200}, {"clean", false, 200, 200}} {
		h.exec("delete from capture.screening")
		h.exec("insert into capture.screening (document, version, verdict, inside, found) values ($1, 1, $2, $3, 'Win.Test')", id, test.verdict, test.inside)
		text := test.image
		if test.verdict == "pending" { // none yet
			text = 200
		}
		for path, want := range map[string]int{"/text": text, "/content": test.content, "/content?version=1": test.content, "/pages/1/image": test.image, "/pages/1/layout": test.image} {
			if a := h.get("agent-ben", base+path); a.status != want {
				t.Errorf("%s (inside: %v): %s answers %d, want %d\n%s", test.verdict, test.inside, path, a.status, want, a.body)
			}
		}
	}
}
