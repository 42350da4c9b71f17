package web

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/search"
	"docket/taxonomy"
)

// checkIn sends the form with which a new version is handed in.
func (b *browser) checkIn(path, comment, name, content string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("comment", comment)
	if name != "" {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			b.t.Fatal(err)
		}
		_, _ = part.Write([]byte(content))
	}
	_ = form.Close()
	r, err := http.NewRequest("POST", b.base+path+"/checkin", &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// A document is taken, refused to others by name, handed back with a comment, and can be got in every version.
func TestADocumentIsCheckedOutAndIn(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	ben, mia, rosa := h.as(t, "ben"), h.as(t, "mia"), h.as(t, "rosa")
	path := "/documents/" + h.filed.Document.String()
	has := func(b *browser, where string, want, not []string) {
		t.Helper()
		page := b.get(path).body
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the page lacks %q", where, w)
			}
		}
		for _, w := range not {
			if strings.Contains(page, w) {
				t.Errorf("%s: the page has %q", where, w)
			}
		}
	}
	has(ben, "before", []string{"/checkout"}, []string{"/checkin", "/cancel-checkout"})
	if r := ben.checkIn(path, "", "b.txt", "mine"); r.status != http.StatusConflict {
		t.Errorf("checked in without a check-out: %d", r.status)
	}
	if r := ben.post(path + "/checkout"); r.status != http.StatusSeeOther {
		t.Fatalf("check out: %d %s", r.status, r.body)
	}
	has(ben, "his", []string{"You have had this document checked out", "/checkin", "/cancel-checkout"}, []string{`/checkout"`})
	has(mia, "hers", []string{"Ben has had this document checked out since"}, []string{"/checkin", "/cancel-checkout", `/checkout"`})
	has(rosa, "the records manager's", []string{"End their check-out"}, []string{"/checkin"})
	for _, r := range []answer{mia.post(path + "/checkout"), mia.checkIn(path, "", "b.txt", "hers")} {
		if r.status != http.StatusConflict || !strings.Contains(r.body, "Ben has had this document checked out since") {
			t.Errorf("for somebody else: %d", r.status)
		}
	}
	if r := mia.post(path + "/cancel-checkout"); r.status != http.StatusConflict {
		t.Errorf("cancelled by somebody else: %d", r.status)
	}
	if r := ben.checkIn(path, "forgotten", "", ""); r.status != http.StatusUnprocessableEntity {
		t.Errorf("without a file: %d", r.status)
	}
	if r := ben.checkIn(path, "a <b>shorter</b> text", "shorter.txt", "shorter"); r.status != http.StatusSeeOther {
		t.Fatalf("check in: %d %s", r.status, r.body)
	}
	has(ben, "after", []string{"Version 2 is stored", "a &lt;b&gt;shorter&lt;/b&gt; text", "shorter.txt", "/versions/1/original", "/versions/2/original", `/checkout"`,
		fmt.Sprintf("%x", sha256.Sum256([]byte("shorter")))}, []string{"/checkin"})
	if r := ben.get(path + "/versions/2/original"); r.body != "shorter" {
		t.Errorf("version 2 is %q", r.body)
	}
	if r := ben.get(path + "/versions/1/original"); r.body != "a" {
		t.Errorf("version 1 is %q", r.body)
	}
	mia.post(path + "/checkout")
	if r := rosa.post(path + "/cancel-checkout"); r.status != http.StatusSeeOther {
		t.Errorf("a records manager could not end it: %d", r.status)
	}
}

// What a new version says is found seconds later, by its own words and no longer by the old ones.
func TestANewVersionIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.employ(t)
	p := h.receive(t, "letter.txt", "upload", letters[0].text)
	h.finds(t, "launderette", 1)
	ada := h.as(t, "ada")
	path := "/documents/" + p.Document.String()
	ada.post(path + "/checkout")
	if r := ada.checkIn(path, "", "letter.txt", strings.ReplaceAll(letters[0].text, "launderette", "handyman")); r.status != http.StatusSeeOther {
		t.Fatalf("check in: %d %s", r.status, r.body)
	}
	h.finds(t, "handyman", 1)
	h.finds(t, "launderette", 0)
	if page := ada.get(path).body; !strings.Contains(page, "handyman") || !strings.Contains(page, "/versions/2/pages/1/image") {
		t.Error("the page does not show the new version")
	}
}

// finds waits until a word is found in so many documents.
func (h *house) finds(t *testing.T, word string, want int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		found, err := h.config.Search.Search(t.Context(), search.Request{Query: word, Reader: taxonomy.Root, Limit: 1})
		if err == nil && found.Total == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q is found %d times, want %d (%v)", word, found.Total, want, err)
		}
	}
}

// TestDocumentLeadsToItsDecision looks at who is led from a document to the desk where it is decided or corrected.
func TestDocumentLeadsToItsDecision(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	waiting := h.receive(t, "waiting.pdf", "scanner", "what is it")
	h.read(t, waiting, letters[0], 0.4)
	h.set(t, waiting, capture.Waiting, "unsure")
	filed := h.receive(t, "filed.pdf", "scanner", "what it was")
	h.read(t, filed, letters[0], 0.97)
	h.file(t, filed, letters[0])
	broken := h.receive(t, "broken.pdf", "scanner", "not to be read")
	h.set(t, broken, capture.Exception, "The file is damaged.")
	for _, c := range []struct {
		who, what string
		piece     capture.Piece
		leads     bool
	}{
		{"mia", "waits", waiting, true},
		{"mia", "is filed", filed, true},
		{"mia", "is an exception", broken, false},
		{"ben", "is filed", filed, false},
	} {
		body := h.as(t, c.who).get("/documents/" + c.piece.Document.String()).body
		if got := strings.Contains(body, `href="/mailroom/validation/`+c.piece.Document.String()); got != c.leads {
			t.Errorf("%s is led to the desk of what %s: %v, want %v", c.who, c.what, got, c.leads)
		}
	}
}
