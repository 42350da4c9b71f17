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

// TestNothingMovesWhenPicturesArrive: every picture has its room before it comes, so that nothing jumps away under the pointer. The
// pictures of a page that is ready are taken away, and come again.
func TestNothingMovesWhenPicturesArrive(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish(t)
	b := newTab(t, h.url)
	b.signIn("ada")
	pictures := 0
	for _, width := range []int64{1440, 390} {
		b.look(width, "light")
		for _, path := range []string{"/mailroom/validation", "/search?q=delivery", "/tickets/" + h.ticket, "/documents/" + h.filed.Document.String()} {
			b.open(path)
			b.until(`document.readyState === "complete" && [...document.images].every(i => i.complete || i.getBoundingClientRect().top > innerHeight)`)
			seen := evaluate[[]float64](b, `(async () => {
				const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
				await frames();
				let moved = 0;
				new PerformanceObserver(list => { for (const e of list.getEntries()) moved += e.value; }).observe({type: "layout-shift"});
				const shown = [...document.images].filter(i => i.naturalWidth > 0), from = shown.map(i => i.src);
				for (const i of shown) i.removeAttribute("src");
				await frames();
				shown.forEach((i, k) => { i.src = from[k]; });
				await Promise.all(shown.map(i => i.decode().catch(() => {})));
				await frames();
				return [shown.length, moved];
			})()`)
			if pictures += int(seen[0]); seen[1] > 0.001 {
				t.Errorf("%s at %d: what is shown moved by %.3f", path, width, seen[1])
			}
		}
	}
	if pictures < 8 {
		t.Errorf("only %d pictures were looked at", pictures)
	}
}
