package web

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// maxWeight is how many bytes a page may send in all, without the pictures of documents.
const maxWeight = 300_000

// TestPagesAreLight adds up what a browser with an empty cache fetches for a page: the page, styles, scripts, symbols and the
// typeface for every script of our languages; the page viewer where there is one.
func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	a, err := loadAssets()
	if err != nil {
		t.Skip(err)
	}
	h := newHouse(t)
	h.furnish(t)
	b := h.as(t, "ada")
	fetch := func(path string) (body []byte, encoding string) {
		t.Helper()
		r, err := http.NewRequest("GET", b.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip, br") // set by hand, so that the client does not unpack
		res, err := b.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err = io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", path, res.StatusCode, err)
		}
		return body, res.Header.Get("Content-Encoding")
	}
	assets, viewer := 0, 0
	for name := range a.names {
		body, encoding := fetch(a.path(name))
		if encoding == "" && !regexp.MustCompile(`woff2$`).MatchString(name) {
			t.Errorf("%s is sent uncompressed", name)
		}
		if name == "viewer.js" {
			viewer = len(body)
			continue
		}
		assets += len(body)
	}
	for _, path := range []string{"/", "/mailroom", "/search?q=delivery", "/tickets?view=all", "/tickets/" + h.ticket, "/documents/" + h.filed.Document.String(), "/mailroom/validation/" + h.waits.Document.String()} {
		body, _ := fetch(path)
		size := len(body) + assets
		if strings.Contains(b.get(path).body, a.path("viewer.js")) {
			size += viewer
		}
		if size > maxWeight {
			t.Errorf("%s weighs %d bytes with %d of assets", path, size, size-len(body))
		}
	}
}

// TestNothingMovesWhenPicturesArrive: every picture has its room before it comes, so that nothing jumps away under the pointer.
func TestNothingMovesWhenPicturesArrive(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish(t)
	b := newTab(t, h.url)
	b.signIn("ada")
	for _, width := range []int64{1440, 390} {
		b.look(width, "light")
		for _, path := range []string{"/mailroom/validation", "/search?q=delivery", "/tickets/" + h.ticket, "/documents/" + h.filed.Document.String()} {
			b.open(path)
			b.until(`[...document.images].every(i => i.complete || i.getBoundingClientRect().top > innerHeight)`)
			moved := evaluate[float64](b, `new Promise(done => {
				let sum = 0;
				new PerformanceObserver(seen => { for (const e of seen.getEntries()) sum += e.hadRecentInput ? 0 : e.value; }).observe({type: "layout-shift", buffered: true});
				requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum))));
			})`)
			if moved > 0.02 { // letters that get their own font may move by a hair
				t.Errorf("%s at %d: what is shown moved by %.3f", path, width, moved)
			}
		}
	}
}
