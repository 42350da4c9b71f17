package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docket/capture"
	"docket/repository"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// revised gives a document its next version with some pages; none for a version that was not read.
func (h *house) revised(t *testing.T, id uuid.UUID, name string, pages ...string) {
	t.Helper()
	ada := h.as(t, "ada")
	path := "/documents/" + id.String()
	ada.post(path + "/checkout")
	if r := ada.checkIn(path, "", name, strings.Join(pages, "\f")+name); r.status != http.StatusSeeOther {
		t.Fatalf("check in: %d %s", r.status, r.body)
	}
	versions, err := h.config.Store.Versions(t.Context(), h.config.Pool, id)
	if err != nil {
		t.Fatal(err)
	}
	h.draw(t, id, len(versions), "en", pages...)
}

// comparable is a house with a document of several versions: a letter, the letter with another sum and a page more, another
// letter altogether, and one that was not read.
func comparable(t *testing.T) (h *house, path string) {
	t.Helper()
	h = newHouse(t)
	p := h.receive(t, "letter.pdf", "scanner", "a letter")
	h.draw(t, p.Document, 1, "en", "Dear Sirs,\nwe ask you to pay 125.50 EUR until 30 April 2026.", "Enclosure\nThe invoice of March.")
	h.revised(t, p.Document, "letter-2.pdf", "Dear Sirs,\nwe ask you to pay the sum of 152.50 EUR until 30 April 2026.", "Terms\nInterest is due from May.", "Enclosure\nThe invoice of March.")
	h.revised(t, p.Document, "other.txt", "Жалоба на <b>доставку</b>")
	h.revised(t, p.Document, "unread.txt")
	h.filed = capture.Piece{Document: p.Document}
	return h, "/documents/" + p.Document.String()
}

// TestVersionsAreCompared looks at what two versions side by side say without a script: words that went and came, pages that came,
// what is known of the two files.
func TestVersionsAreCompared(t *testing.T) {
	t.Parallel()
	h, path := comparable(t)
	b := h.as(t, "ada")
	for name, c := range map[string]struct {
		query string
		want  []string
		not   []string
	}{
		"another sum and a page more": {"?a=1&b=2", []string{"Versions 1 and 2 compared", "2 changes", "you to pay", "125.50", "the sum of 152.50", `id="c1"`, `id="c2"`,
			"Page 2, added", "Version 1 has no such page", "letter-2.pdf", "Page 3: no word differs"}, []string{"no text in common"}},
		"the other way round":   {"?a=2&b=1", []string{"Page 2, removed", "Version 1 has no such page"}, nil},
		"another letter":        {"?a=2&b=3", []string{"no text in common", "/versions/2/pages/1/image", "/versions/3/pages/1/image"}, []string{"changes</h2>", `id="c1"`}},
		"a version with itself": {"?a=2&b=2", []string{"the same file, byte for byte"}, []string{`id="c1"`}},
		"one that was not read": {"?a=3&b=4", []string{"Version 4 has no pages that could be compared"}, []string{"/pages/1/image"}},
		"the newest by default": {"", []string{"Versions 3 and 4 compared"}, nil},
		"the one before":        {"?b=2", []string{"Versions 1 and 2 compared"}, nil},
	} {
		r := b.get(path + "/compare" + c.query)
		if r.status != http.StatusOK {
			t.Errorf("%s: %d", name, r.status)
		}
		for _, want := range c.want {
			if !strings.Contains(r.body, want) {
				t.Errorf("%s: the page lacks %q", name, want)
			}
		}
		for _, not := range append(c.not, "<b>доставку") {
			if strings.Contains(r.body, not) {
				t.Errorf("%s: the page has %q", name, not)
			}
		}
	}
	for _, query := range []string{"?a=0&b=1", "?a=1&b=9", "?a=x&b=1", "?a=1&b=-1"} {
		if r := b.get(path + "/compare" + query); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", query, r.status)
		}
	}
	if page := b.get(path + "?version=2").body; !strings.Contains(page, `action="`+path+`/compare"`) || !strings.Contains(page, `<option value="2" selected>2</option>`) ||
		!strings.Contains(page, `<option value="1" selected>1</option>`) {
		t.Error("the versions' card does not offer to compare version 1 with version 2")
	}
}

func TestComparingIsForWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	h, path := comparable(t)
	nothing := "/documents/" + uuid.NewString() + "/compare?a=1&b=2"
	want, got := h.as(t, "ben").get(nothing), h.as(t, "ben").get(path+"/compare?a=1&b=2") // it is not filed yet
	if got.status != http.StatusNotFound || !sameButReference(got, want, h.filed.Document.String(), nothing[len("/documents/"):len(nothing)-len("/compare?a=1&b=2")]) {
		t.Errorf("%d, unlike a document that does not exist (%d)", got.status, want.status)
	}
	one := h.receive(t, "one.pdf", "scanner", "one version")
	if r := h.as(t, "mia").get("/documents/" + one.Document.String() + "/compare"); r.status != http.StatusNotFound || !strings.Contains(r.body, "one version") {
		t.Errorf("a document of one version: %d", r.status)
	}
}

// A long document costs as many statements as a short one, and no page says more than it has room for.
func TestComparingLongDocuments(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receive(t, "long.pdf", "scanner", "long")
	var old, new []string
	for i := range maxCompared + 2 {
		var a, b strings.Builder
		for j := range 15 {
			fmt.Fprintf(&a, "word%d of page%d stays and old%d goes\n", j, i, j)
			fmt.Fprintf(&b, "word%d of page%d stays and new%d comes\n", j, i, j)
		}
		old, new = append(old, a.String()), append(new, b.String())
	}
	h.texts(t, p.Document, 1, old)
	h.revised(t, p.Document, "long-2.pdf")
	h.texts(t, p.Document, 2, new)
	r := h.as(t, "mia").get("/documents/" + p.Document.String() + "/compare")
	wantAll(t, "the page", r.body, "Only the first 200 pages", "The first 1,000 of 3,000 changes are shown", "old0 goes", "new0 comes")
	if strings.Contains(r.body, "page201") || len(r.body) > 2<<20 {
		t.Errorf("the page has %d bytes", len(r.body))
	}
}

// texts gives a version the texts of its pages, and nothing that is drawn.
func (h *house) texts(t *testing.T, id uuid.UUID, version int, pages []string) {
	t.Helper()
	var all []repository.PageText
	for i, text := range pages {
		all = append(all, repository.PageText{Page: i + 1, Text: text, Language: "en", Confidence: 1})
	}
	err := postgres.InTx(t.Context(), h.config.Pool, func(tx pgx.Tx) error { return h.config.Store.SetTexts(t.Context(), tx, id, version, all) })
	if err != nil {
		t.Fatal(err)
	}
}

// TestWalkingThroughChanges goes from change to change by keys and buttons, in a real browser.
func TestWalkingThroughChanges(t *testing.T) {
	t.Parallel()
	h, path := comparable(t)
	b := newTab(t, h.url)
	b.signIn("mia")
	b.open(path + "/compare?a=1&b=2")
	at := func(count, number string) {
		t.Helper()
		b.until(fmt.Sprintf(`document.querySelector("[data-change-count]").textContent === %q && [...document.querySelectorAll(".change-now[data-of]")].length > 1 &&
			[...document.querySelectorAll(".change-now[data-of]")].every(e => e.dataset.of === %q)`, count, number))
	}
	w := &walker{tab: b}
	w.press("j", 0)
	at("1 / 2", "1")
	w.press("j", 0)
	at("2 / 2", "2")
	b.until(`document.querySelector("#c2").getBoundingClientRect().top < innerHeight`)
	w.press("k", 0)
	at("1 / 2", "1")
	evaluate[bool](b, `document.querySelector("[data-change-step='1']").click(), true`)
	at("2 / 2", "2")
	b.quiet("compare")
	b.inspect("compare")
}
