package web

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"docket/capture"
)

// form makes a multipart body of files, a name and its content in turn.
func multipartForm(t *testing.T, pairs ...string) (body *bytes.Buffer, contentType string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	if err := w.WriteField("batch", "monday"); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		part, err := w.CreateFormFile("files", pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, pairs[i+1])
	}
	w.Close()
	return body, w.FormDataContentType()
}

func (b *browser) upload(body io.Reader, contentType, accept string) answer {
	b.t.Helper()
	r, err := http.NewRequest("POST", b.base+"/upload", body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept", accept)
	return b.do(r)
}

func TestUploadOfAPlainForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "ben")
	body, kind := multipartForm(t, "a.txt", "first", "b.txt", "second", "c.txt", "first")
	r := b.upload(body, kind, "text/html")
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/upload?batch=monday" {
		t.Fatalf("upload: %d to %q", r.status, r.header.Get("Location"))
	}
	page := b.get("/upload?batch=monday").body
	wantAll(t, "the batch's page", page, "3 files are stored", "a.txt", "b.txt", "Duplicate")
	pieces, err := capture.Pieces(t.Context(), h.config.Pool, capture.Filter{Batch: "monday"})
	if err != nil || len(pieces) != 3 || pieces[0].ReceivedBy != "ben" || pieces[0].Source != uploadSource {
		t.Errorf("%v %+v", err, pieces)
	}
	if other := h.as(t, "rosa").get("/upload?batch=monday").body; strings.Contains(other, "a.txt") {
		t.Error("somebody else's batch is shown")
	}
}

func TestUploadWithoutAFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "mia")
	body, kind := multipartForm(t)
	if r := b.upload(body, kind, "text/html"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "No file was chosen") {
		t.Errorf("%d", r.status)
	}
	if r := b.upload(strings.NewReader("x"), "text/plain", "text/html"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a body that is no form: %d", r.status)
	}
}

// TestUploadThatBreaksOff keeps what had come by then.
func TestUploadThatBreaksOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body, kind := multipartForm(t, "a.txt", "first", "b.txt", strings.Repeat("second ", 1000))
	r := h.as(t, "mia").upload(bytes.NewReader(body.Bytes()[:body.Len()-3000]), kind, "text/plain")
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "broke off") {
		t.Errorf("%d %s", r.status, r.body)
	}
	pieces, err := capture.Pieces(t.Context(), h.config.Pool, capture.Filter{})
	if err != nil || len(pieces) != 1 || pieces[0].Name != "a.txt" {
		t.Errorf("%v %+v", err, pieces)
	}
}

// TestUploadIsStreamed sends more than the test may use of memory.
func TestUploadIsStreamed(t *testing.T) {
	h := newHouse(t)
	h.config.Intake.MaxSize = 4 << 20 // what is over it is counted, not kept
	b := h.as(t, "mia")
	reader, writer := io.Pipe()
	w := multipart.NewWriter(writer)
	go func() {
		part, _ := w.CreateFormFile("files", "huge.bin")
		block := bytes.Repeat([]byte("x"), 1<<20)
		for range 200 {
			if _, err := part.Write(block); err != nil {
				break
			}
		}
		w.Close()
		writer.Close()
	}()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := b.upload(reader, w.FormDataContentType(), "text/plain")
	runtime.GC()
	runtime.ReadMemStats(&after)
	if r.status != http.StatusCreated {
		t.Errorf("%d %s", r.status, r.body)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 120<<20 {
		t.Errorf("the heap grew by %d MB for an upload of 200 MB", grown>>20)
	}
}

func TestHostileNamesAreShownAsText(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "mia")
	p := h.receive(t, `"><img src=x onerror=alert(1)>`+hostile, "scanner", "x")
	h.set(t, p, capture.Exception, `<b>"broken"</b>`)
	for _, path := range []string{"/mailroom", "/mailroom/pieces/" + p.Receipt.String(), "/documents/" + p.Document.String(), "/upload?batch=" + url.QueryEscape(p.Batch)} {
		body := b.get(path).body
		if !strings.Contains(body, "onerror=alert(1)") && !strings.Contains(body, "onerror") {
			t.Errorf("%s does not show the name", path)
		}
		for _, bad := range []string{"<img src=x", "<script>alert", "<b>\"broken"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %q as markup", path, bad)
			}
		}
	}
}

func TestOriginalIsNeverShownInline(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "mia")
	p := h.receive(t, "Жалоба\".html", "scanner", "<html><script>alert(1)</script>")
	address := fmt.Sprintf("/documents/%s/versions/1/original", p.Document)
	r := b.get(address)
	if r.status != 200 || r.body != "<html><script>alert(1)</script>" {
		t.Fatalf("%d %q", r.status, r.body)
	}
	if d := r.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || !strings.Contains(d, "%D0%96") {
		t.Errorf("disposition %q", d)
	}
	if csp := r.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox") {
		t.Errorf("policy %q", csp)
	}
	request, _ := http.NewRequest("GET", b.base+address, nil)
	request.Header.Set("If-None-Match", r.header.Get("ETag"))
	if again := b.do(request); again.status != http.StatusNotModified {
		t.Errorf("the same bytes again: %d", again.status)
	}
	request, _ = http.NewRequest("GET", b.base+address, nil)
	request.Header.Set("Range", "bytes=0-5")
	if part := b.do(request); part.status != http.StatusPartialContent || part.body != "<html>" {
		t.Errorf("a range: %d %q", part.status, part.body)
	}
}
