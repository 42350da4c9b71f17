package web

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"docket/repository"
	"docket/search"

	"github.com/google/go-cmp/cmp"
)

// TestFromHitToItsPlace goes the way of an agent: a phrase, its page with the place marked, and the address of the place.
func TestFromHitToItsPlace(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	ben := h.as(t, "ben")
	found := ben.get("/search?q=express+delivery").body
	for _, want := range []string{"<mark>express</mark> <mark>delivery</mark>", "1 document", `href="/tickets/` + ticket.Number} {
		if !strings.Contains(found, want) {
			t.Errorf("the results lack %q", want)
		}
	}
	address := func(attribute, of string) string {
		m := regexp.MustCompile(attribute + `="(/documents/[^"]*` + of + `[^"]*)"`).FindStringSubmatch(found)
		if m == nil {
			t.Fatalf("the results lead to no %s", of)
		}
		return html.UnescapeString(m[1])
	}
	marks := ben.get(address("src", "marks.svg"))
	if n := strings.Count(marks.body, "<rect"); marks.status != http.StatusOK || n < 2 || marks.header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("%d, %d marks over the thumbnail: %s", marks.status, n, marks.body)
	}
	place := ben.get(address("href", "hit"))
	to := place.header.Get("Location")
	if !regexp.MustCompile(`^/documents/` + h.filed.Document.String() + `\?box=\d+%2C\d+%2C\d+%2C\d+&page=1&q=express\+delivery&version=1#page-1$`).MatchString(to) {
		t.Errorf("the hit leads to %q", to)
	}
	if page := ben.get(strings.Split(to, "#")[0]); page.status != http.StatusOK || !strings.Contains(page.body, "mark-found") {
		t.Errorf("the place is not shown: %d", page.status)
	}
}

// TestFromANoteToItsPlace finds what somebody wrote on a page and goes there.
func TestFromANoteToItsPlace(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	ben, id := h.as(t, "ben"), h.filed.Document
	ben.post("/documents/"+id.String()+"/versions/1/annotations", "kind", "note", "page", "2", "at", "100,200,50,20", "text", "<i>call back</i> on Monday")
	loader := &search.Records{Store: h.config.Store, Plan: h.config.Plan}
	entries, err := loader.Load(t.Context(), h.config.Pool, []repository.DocumentID{id})
	if err == nil {
		err = h.config.Search.Index(t.Context(), entries)
	}
	if err != nil {
		t.Fatal(err)
	}
	place := fmt.Sprintf("/documents/%s?annotation=%s&page=2&q=note%%3A%%22call+back%%22&version=1", id, h.annotated(t)[0].ID)
	results := ben.get("/search?q=" + url.QueryEscape(`note:"call back"`)).body
	for _, want := range []string{strings.NewReplacer("&", "&amp;", "+", "&#43;").Replace(place), "note on page 2", "&lt;i&gt;<mark>call</mark> <mark>back</mark>&lt;/i&gt; on Monday", "/versions/1/pages/2/thumbnail",
		`data-page="/documents/` + id.String() + `/versions/1/pages/2/image"`} {
		if !strings.Contains(results, want) {
			t.Errorf("the results lack %q", want)
		}
	}
	if led := ben.get(place).body; !strings.Contains(led, "drawn-here") || !strings.Contains(led, "/versions/1/pages/2/image") {
		t.Error("the hit does not lead to the note")
	}
	if plain := ben.get("/search?q=call+Monday").body; !strings.Contains(plain, "note on page 2") {
		t.Error("plain words do not find the note")
	}
}

func TestPlacesOfOthersDoNotExist(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	h.exec(t, "update taxonomy.record set readers = '{role:records-manager}'")
	ben := h.as(t, "ben")
	base := "/documents/" + h.filed.Document.String()
	for _, path := range []string{base + "/versions/1/pages/1/marks.svg?t=delivery", base + "/versions/1/pages/1/hit?t=delivery", base + "/similar"} {
		if r := ben.get(path); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	// The index has not followed yet: it still thinks that everybody may see the document.
	for _, path := range []string{"/search?q=delivery", "/search/export/csv?q=delivery"} {
		if r := ben.get(path); r.status != http.StatusOK || strings.Contains(r.body, "Whitcombe") {
			t.Errorf("%s tells what may not be seen", path)
		}
	}
}

func TestBusiest(t *testing.T) {
	t.Parallel()
	line := func(y int) repository.Box { return repository.Box{X: 10, Y: y, W: 50, H: 20} }
	if got := busiest([]repository.Box{line(500), line(0), line(530), {X: 100, Y: 530, W: 40, H: 20}}); got != (repository.Box{X: 10, Y: 500, W: 130, H: 50}) {
		t.Errorf("got %v", got)
	}
	if got := busiest(nil); !got.IsZero() {
		t.Errorf("got %v of nothing", got)
	}
}

func TestAMistakeIsUnderlined(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	page := h.as(t, "ben").get("/search?q=late+clas:complaint&year=2026").body
	wantAll(t, "the page", page, "late <mark>clas:</mark>complaint", "Write “class:” instead", "Drop the filter Year")
}

func TestATicketsNumberLeadsToIt(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	if page := h.as(t, "ben").get("/search?q=" + strings.ToLower(ticket.Number)).body; !strings.Contains(page, `class="card found-ticket"`) {
		t.Error("the search for a ticket's number does not lead to the ticket")
	}
	h.exec(t, "update workflow.ticket set readers = '{role:records-manager}'")
	if page := h.as(t, "ben").get("/search?q=" + ticket.Number).body; strings.Contains(page, `class="card found-ticket"`) {
		t.Error("the search tells of a ticket that may not be seen")
	}
}

func TestSavedLists(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	ben, rosa := h.as(t, "ben"), h.as(t, "rosa")
	r := ben.post("/saved", "page", "search", "query", "sort=date&q=late&cursor=x&class=", "name", " <i>Late</i> ")
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/search?q=late&sort=date" {
		t.Fatalf("%d to %s", r.status, r.header.Get("Location"))
	}
	page := ben.get("/search?q=late&sort=date").body
	if !strings.Contains(page, "&lt;i&gt;Late&lt;/i&gt;") {
		t.Error("the saved search is not shown")
	}
	if strings.Contains(rosa.get("/search").body, "&lt;i&gt;Late") || strings.Contains(ben.get("/tickets").body, "&lt;i&gt;Late") {
		t.Error("the saved search is shown to others, or elsewhere")
	}
	drop := regexp.MustCompile(`/saved/[0-9a-f-]+/delete`).FindString(page)
	if r := rosa.post(drop); r.status != http.StatusNotFound {
		t.Errorf("somebody else deletes it: %d", r.status)
	}
	if r := ben.post(drop); r.status != http.StatusSeeOther || strings.Contains(ben.get("/search").body, "&lt;i&gt;Late&lt;/i&gt;</bdi></a>") {
		t.Errorf("it is not deleted: %d", r.status)
	}
	for _, form := range [][]string{{"page", "search", "query", "", "name", "x"}, {"page", "nowhere", "query", "q=x", "name", "x"},
		{"page", "search", "query", "q=x", "name", " "}, {"page", "search", "query", "q=x", "name", strings.Repeat("ż", 81)}} {
		if r := ben.post("/saved", form...); r.status != http.StatusBadRequest && r.status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", form, r.status)
		}
	}
}

func TestResultsAreExported(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	formula := letters[1]
	formula.sender = "=HYPERLINK(\"x\")"
	p := h.receive(t, "b.pdf", "scanner", "b")
	h.read(t, p, formula, 0.97)
	h.file(t, p, formula)
	ben := h.as(t, "ben")
	r := ben.get("/search/export/csv?q=class:complaint")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	last := rows[2]
	if !strings.Contains(r.body, "'=HYPERLINK") || last[4] != ticket.Number || last[5] != "2026-03-14" || !strings.HasSuffix(last[len(last)-1], "/documents/"+h.filed.Document.String()) {
		t.Errorf("the table says %q", rows)
	}
	if r := ben.get("/search/export/exe?q=late"); r.status != http.StatusNotFound {
		t.Errorf("an unknown format: %d", r.status)
	}
	if r := ben.get("/search/export/csv?q=%22late"); r.status < 400 || r.status > 499 {
		t.Errorf("a wrong query: %d", r.status)
	}
	book := ben.get("/search/export/xlsx?q=class:complaint").body
	archive, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var sheet struct {
		Rows []struct {
			Cells []struct {
				Style string `xml:"s,attr"`
				Value string `xml:"v"`
				Text  string `xml:"is>t"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	f, err := archive.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(raw, &sheet); err != nil {
		t.Fatal(err)
	}
	if n := len(sheet.Rows); n != 3 {
		t.Fatalf("the workbook has %d rows", n)
	}
	cells := sheet.Rows[2].Cells
	if diff := cmp.Diff([]string{ticket.Number, "1", "46095"}, []string{cells[4].Text, cells[5].Style, cells[5].Value}); diff != "" {
		t.Error(diff)
	}
}

func TestSimilarDocuments(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	first := h.filed
	p := h.receive(t, "b.pdf", "scanner", "b")
	h.read(t, p, letters[0], 0.97)
	h.file(t, p, letters[0])
	ben := h.as(t, "ben")
	if r := ben.get("/documents/" + first.Document.String() + "/similar"); r.status != http.StatusOK || !strings.Contains(r.body, "/documents/"+p.Document.String()) {
		t.Errorf("%d: the like document is not offered", r.status)
	}
	if r := ben.get("/search?q=like:" + first.Document.String()); !strings.Contains(r.body, "Like 2026-03-14") {
		t.Error("the page does not say whose like it shows")
	}
}
