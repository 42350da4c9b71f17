package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docket/repository"

	"github.com/google/uuid"
)

// annotated are the annotations of the version 1 of a house's filed document.
func (h *house) annotated(t *testing.T) []repository.Annotation {
	t.Helper()
	all, err := h.config.Store.Annotations(t.Context(), h.config.Pool, h.filed.Document, 1)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAnnotatingWithoutAScript walks through the forms: words of the page are highlighted, a note is written, changed and
// withdrawn, a stamp is put into the corner, and all of it is drawn on its page and told on the card.
func TestAnnotatingWithoutAScript(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	ben, rosa := h.as(t, "ben"), h.as(t, "rosa")
	page := "/documents/" + h.filed.Document.String()
	base := page + "/versions/1/annotations"
	add := func(b *browser, pairs ...string) repository.Annotation {
		t.Helper()
		r := b.post(base, pairs...)
		all := h.annotated(t)
		if r.status != http.StatusSeeOther || len(all) == 0 || !strings.Contains(r.header.Get("Location"), all[len(all)-1].ID.String()) {
			t.Fatalf("%v: %d %s %s", pairs, r.status, r.header.Get("Location"), r.body)
		}
		return all[len(all)-1]
	}
	highlight := add(ben, "kind", "highlight", "page", "1", "words", "Late DELIVERY")
	if len(highlight.Boxes) != 1 || highlight.Boxes[0].IsZero() {
		t.Errorf("highlighted %+v", highlight.Boxes)
	}
	note := add(ben, "kind", "note", "page", "1", "at", "100,200,50,20", "text", "Ask <b>her</b> again")
	stamp := add(rosa, "kind", "stamp", "page", "2", "stamp", "paid")
	body := ben.get(page).body
	wantAll(t, "the page", body, "3 annotations", "Ask &lt;b&gt;her&lt;/b&gt; again", `class="drawn drawn-highlight"`, `class="drawn drawn-note"`, "Annotated version 1",
		fmt.Sprintf(`?version=1&amp;page=2&amp;annotation=%s`, stamp.ID))
	if led := ben.get(fmt.Sprintf("%s?version=1&page=2&annotation=%s", page, stamp.ID)).body; !strings.Contains(led, ">PAID</text>") || !strings.Contains(led, "drawn-here") {
		t.Error("the link to the stamp does not lead to it")
	}
	if r := h.as(t, "mia").post(base+"/"+note.ID.String(), "text", "hers"); r.status != http.StatusForbidden {
		t.Errorf("somebody else changes it: %d", r.status)
	}
	if r := ben.post(base+"/"+note.ID.String(), "text", "Asked", "rev", "1"); r.status != http.StatusSeeOther {
		t.Errorf("change: %d %s", r.status, r.body)
	}
	if r := ben.post(base+"/"+note.ID.String(), "text", "no", "rev", "1"); r.status != http.StatusConflict {
		t.Errorf("changing what was changed meanwhile: %d", r.status)
	}
	if r := rosa.post(base+"/"+note.ID.String()+"/withdraw", "reason", "settled"); r.status != http.StatusSeeOther {
		t.Errorf("withdraw: %d %s", r.status, r.body)
	}
	body = ben.get(fmt.Sprintf("%s?version=1&page=1&annotation=%s", page, note.ID)).body
	wantAll(t, "after it was withdrawn the page", body, "2 annotations", "1 withdrawn", "that Rosa withdrew on", "settled", "1 earlier state", "Asked")
}

func TestAnnotationsThatAreRefused(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	base := "/documents/" + h.filed.Document.String() + "/versions/1/annotations"
	for _, c := range []struct {
		name  string
		pairs []string
		want  int
	}{
		{"words that are not there", []string{"kind", "highlight", "page", "1", "words", "no such words"}, 422},
		{"a highlight of nothing", []string{"kind", "highlight", "page", "1"}, 422},
		{"a silent note", []string{"kind", "note", "page", "1", "text", " "}, 422},
		{"a long note", []string{"kind", "note", "page", "1", "text", strings.Repeat("x", 2001)}, 422},
		{"no such stamp", []string{"kind", "stamp", "page", "1", "stamp", "rejoice"}, 422},
		{"no such page", []string{"kind", "note", "page", "9", "text", "x"}, 404},
		{"no page", []string{"kind", "note", "page", "x", "text", "x"}, 422},
		{"a place beside the page", []string{"kind", "note", "page", "1", "at", "9000,1,1,1", "text", "x"}, 422},
	} {
		if r := h.as(t, "mia").post(base, c.pairs...); r.status != c.want {
			t.Errorf("%s: %d, want %d", c.name, r.status, c.want)
		}
	}
	if r := h.as(t, "mia").post(base+"/"+uuid.NewString()+"/withdraw", "reason", ""); r.status != http.StatusNotFound {
		t.Errorf("none that there is: %d", r.status)
	}
	h.exec(t, "update taxonomy.record set readers = '{role:records-manager}' where document = $1", h.filed.Document)
	if r := h.as(t, "ben").post(base, "kind", "note", "page", "1", "text", "x"); r.status != http.StatusNotFound {
		t.Errorf("on a document that one may not see: %d", r.status)
	}
	if n := len(h.annotated(t)); n != 0 {
		t.Errorf("%d were kept", n)
	}
}

// TestAnnotatingInTheViewer is an agent's minute with a letter, in a real browser: words are dragged over and highlighted, a note
// is pinned and a stamp put down by keys alone, the note is found again by its link, changed and withdrawn.
func TestAnnotatingInTheViewer(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	b := newTab(t, h.url)
	b.look(1440, "light")
	b.signIn("ben")
	page := "/documents/" + h.filed.Document.String()
	b.open(page)
	b.until(`document.querySelector(".viewer-on .viewer-marks")`)
	w := &walker{tab: b}
	drawn := func(n int) {
		t.Helper()
		b.until(fmt.Sprintf(`document.querySelectorAll(".viewer-marks .drawn").length === %d && document.querySelectorAll("#annotations .annotation").length >= %d`, n, n))
	}
	b.clickWord("launderette.")
	b.until(`document.querySelector("[data-picked]").textContent === "launderette."`)
	w.press("h", 0)
	drawn(1)

	w.press("n", 0)
	b.until(`!document.querySelector(".viewer-placing").hidden`)
	for _, k := range []string{"ArrowRight", "ArrowDown", "Enter"} {
		w.press(k, 0)
	}
	b.until(`document.activeElement.id === "panel-text"`)
	w.write("Pay by Friday.")
	w.press("Tab", 0)
	w.press("Enter", 0)
	drawn(2)

	w.press("s", 0)
	b.until(`document.activeElement.dataset.stamp === "received"`)
	w.press("Tab", 0)
	w.press("Enter", 0)
	b.until(`!document.querySelector(".viewer-placing").hidden`)
	w.press("Enter", 0)
	drawn(3)
	b.picture("annotations")

	w.press("j", 0) // down the card to the note, and open it
	w.press("j", 0)
	w.press("Enter", 0)
	b.until(`!document.querySelector(".viewer-panel").hidden && location.search.includes("annotation=")`)
	b.axe("annotation-panel")
	cited := evaluate[string](b, `location.pathname + location.search`)
	w.press("Escape", 0)
	b.until(`document.querySelector(".viewer-panel").hidden && document.activeElement.textContent === "Note 2"`)

	w.press("PageDown", 0)
	b.until(`document.querySelector("[data-number]").textContent === "2" && document.querySelectorAll(".viewer-marks .drawn").length === 0`)
	b.open(cited)
	b.until(`document.querySelector(".viewer-panel .annotation-text")?.textContent === "Pay by Friday."`)
	evaluate[bool](b, `document.querySelector(".viewer-panel [data-do=edit]").click(), document.querySelector("#panel-text").select(), true`)
	w.write("Paid on Thursday.")
	w.press("Tab", 0)
	w.press("Enter", 0)
	b.until(`document.querySelector("#annotations").textContent.includes("Paid on Thursday.")`)
	evaluate[bool](b, `document.querySelectorAll("#annotations [data-row]")[1].click(), document.querySelector(".viewer-panel [data-do=withdraw]").click(), true`)
	b.until(`document.activeElement.id === "panel-reason"`)
	w.press("Enter", 0)
	drawn(2)
	b.until(`document.querySelector(".withdrawn")`)
	b.quiet("annotations")
	b.inspect("document-annotated")

	all := h.annotated(t)
	if len(all) != 3 || all[1].Text != "Paid on Thursday." || !all[1].Withdrawn() || all[2].Stamp != "paid" {
		t.Errorf("%+v", all)
	}
}
