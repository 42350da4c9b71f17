package web

import (
	"io"
	"net/http"
	"regexp"
	"testing"
)

// maxWeight is how many bytes a page may send in all, without the pictures of documents.
const maxWeight = 300_000

// TestPagesAreLight adds up what a browser with an empty cache fetches for a page: the page, styles, scripts, symbols and the
// typeface for every script of our languages.
func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	a, err := loadAssets()
	if err != nil {
		t.Skip(err)
	}
	h := newHouse(t)
	h.furnish(t)
	b := h.as(t, "ada")
	fetch := func(path string) (int, string) {
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
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", path, res.StatusCode, err)
		}
		return len(body), res.Header.Get("Content-Encoding")
	}
	assets := 0
	for name := range a.names {
		size, encoding := fetch(a.path(name))
		if assets += size; encoding == "" && !regexp.MustCompile(`woff2$`).MatchString(name) {
			t.Errorf("%s is sent uncompressed", name)
		}
	}
	for _, path := range []string{"/", "/mailroom", "/search?q=delivery", "/tickets?view=all", "/tickets/" + h.ticket, "/documents/" + h.filed.Document.String()} {
		size, _ := fetch(path)
		if size+assets > maxWeight {
			t.Errorf("%s weighs %d bytes with %d of assets", path, size+assets, assets)
		}
	}
}
