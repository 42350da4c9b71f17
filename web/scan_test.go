package web

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"docket/capture"
	"docket/capture/page"
	"docket/repository"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
)

// stack makes a PDF with a page for each text; an empty one is an empty page.
func stack(t *testing.T, name string, texts ...string) string {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(25, 40, 25)
	pdf.SetFont("Helvetica", "", 12)
	for _, text := range texts {
		pdf.AddPage()
		pdf.MultiCell(0, 6, text, "", "L", false)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := pdf.OutputFileAndClose(file); err != nil {
		t.Fatal(err)
	}
	return file
}

func separatorFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "separator.pdf")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := page.Separator(f, "Separator sheet", "A new piece begins."); err != nil {
		t.Fatal(err)
	}
	return file
}

// press presses a key by its name, with modifiers as the browser counts them: 2 is Ctrl, 8 is Shift.
func (b *tab) press(key string, modifiers int64) {
	b.t.Helper()
	must(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: key, Modifiers: modifiers})
	must(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, Modifiers: modifiers})
}

// desk gives what lies on the scan desk: a line for each piece, a word for each page: its place in the stack, what is known of it.
func (b *tab) desk() string {
	b.t.Helper()
	return evaluate[string](b, `[...document.querySelectorAll(".desk-piece")].map(p => [...p.querySelectorAll(".leaf")].map(l =>
		l.querySelector(".leaf-text bdi").textContent.replace(/\.pdf( · )?/, "") + (l.querySelector("img")?.className ?? "").replace("turn-", "@") + (l.querySelector(".leaf-flag") ? "!" + l.querySelector(".leaf-flag").textContent : "")).join(" ")).join("\n")`)
}

func (b *tab) deskBecomes(want string) {
	b.t.Helper()
	want = strings.ReplaceAll(strings.TrimSpace(want), "\t", "")
	var got string
	for range 200 {
		if got = b.desk(); got == want {
			return
		}
		b.run(chromedp.Sleep(50_000_000))
	}
	b.picture("desk-waiting")
	b.t.Fatalf("the desk is (-want +got)\n%s", cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
}

// TestTheScanDesk lays two stacks on the desk, puts their pages in order by keys alone, leaves and comes back, sends, and finds
// the pieces read as they were arranged, with the originals as they came.
func TestTheScanDesk(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed; 'make install' installs it")
	}
	h := newHouse(t)
	b := newTab(t, h.url)
	h.employ(t)
	first := stack(t, "a.pdf", "Alpha letter, page one. I complain about the delivery.", "", "Alpha letter, page two. Yours faithfully.")
	second := stack(t, "b.pdf", "Beta letter, the second page.", "Beta letter, the first page. I have a question.")
	b.signIn("mia")
	b.open("/mailroom/scan")
	b.run(chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{first, separatorFile(t), second}))
	b.deskBecomes(`
		a a2!Blank a3
		separator!Separator
		b b2`)
	b.quiet("the desk fills")
	b.until(`document.querySelectorAll("#uploads li").length === 0 && !document.querySelector("#send").disabled`)
	desk := evaluate[string](b, "location.pathname")

	at := func(n int) {
		t.Helper()
		b.until(fmt.Sprintf(`document.activeElement === document.querySelectorAll(".leaf-check")[%d]`, n))
	}
	evaluate[bool](b, `document.querySelectorAll(".leaf-check")[0].focus(), true`)
	b.press("ArrowRight", 0)
	b.press("Delete", 0)
	b.deskBecomes("a a2!Left out a3\nseparator!Separator\nb b2")
	at(1)
	b.press("End", 0)
	at(5)
	b.press("ArrowLeft", 8) // the second page of the other letter goes before the first
	b.deskBecomes("a a2!Left out a3\nseparator!Separator\nb2 b")
	at(4)
	b.press("r", 0)
	b.deskBecomes("a a2!Left out a3\nseparator!Separator\nb2@90 b")
	b.press("R", 8)
	b.deskBecomes("a a2!Left out a3\nseparator!Separator\nb2 b")
	b.press("m", 0)
	b.deskBecomes("a a2!Left out a3\nseparator!Separator b2 b")
	b.press("s", 0)
	b.deskBecomes("a a2!Left out a3\nseparator!Separator\nb2 b")
	b.press("End", 0)
	b.press("r", 0)
	b.press("r", 0)
	b.deskBecomes("a a2!Left out a3\nseparator!Separator\nb2 b@180")
	b.quiet("the desk is arranged")
	b.inspect("scan")

	b.run(chromedp.Click(chromedp.CSS(".top-actions details:last-child summary")), chromedp.Click(chromedp.CSS("form[action='/sign-out'] button")))
	b.until(`document.querySelector("#password") !== null`)
	b.signIn("mia")
	b.open("/mailroom/scan")
	if again := evaluate[string](b, "location.pathname"); again != desk {
		t.Fatalf("after signing in again the desk is %s, not %s", again, desk)
	}
	b.deskBecomes("a a2!Left out a3\nseparator!Separator\nb2 b@180")
	evaluate[bool](b, `document.querySelectorAll(".leaf-check")[0].focus(), true`)
	b.press("Enter", 2)
	b.until(`location.pathname.startsWith("/mailroom/batches/")`)
	b.until(`[...document.querySelectorAll("#pieces tbody .badge")].filter(x => /good|warn/.test(x.className)).length === 2`)
	b.quiet("sent")
	b.inspect("batch-sent")
	h.sentAsArranged(t, first)
}

// sentAsArranged looks at what came through the door.
func (h *house) sentAsArranged(t *testing.T, original string) {
	t.Helper()
	pieces, err := capture.Pieces(t.Context(), h.config.Pool, capture.Filter{})
	if err != nil || len(pieces) != 2 {
		t.Fatalf("%d pieces: %v", len(pieces), err)
	}
	texts, err := h.config.Store.Texts(t.Context(), h.config.Pool, []repository.DocumentID{pieces[0].Document, pieces[1].Document})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range []capture.Piece{pieces[1], pieces[0]} {
		for _, text := range texts[p.Document] {
			got = append(got, strings.Join(strings.Fields(text.Text)[:5], " "))
		}
		got = append(got, p.Source)
	}
	want := []string{"Alpha letter, page one. I", "Alpha letter, page two. Yours", scanSource, "Beta letter, the first page.", "Beta letter, the second page.", scanSource}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	raw, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	id, found, err := h.config.Store.FindDigest(t.Context(), h.config.Pool, sha256.Sum256(raw))
	if err != nil || !found || id == pieces[1].Document {
		t.Errorf("the stack as it came is not kept apart: %v %v", found, err)
	}
	from, err := capture.MadeFrom(t.Context(), h.config.Pool, pieces[1].Receipt)
	if err != nil || len(from) != 2 || from[0].Document != id || from[1].Number != 3 {
		t.Errorf("the first piece was made from %+v (%v)", from, err)
	}
	if page := h.as(t, "mia").get("/mailroom/pieces/" + pieces[1].Receipt.String()).body; !strings.Contains(page, "/documents/"+id.String()) {
		t.Error("the piece's page does not lead to the stack")
	}
}

func TestADeskIsItsOwners(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mia, ada := h.as(t, "mia"), h.as(t, "ada")
	to := mia.get("/mailroom/scan").header.Get("Location")
	if !strings.HasPrefix(to, "/mailroom/scan/") {
		t.Fatalf("the desk is at %q", to)
	}
	if again := mia.get("/mailroom/scan").header.Get("Location"); again != to {
		t.Errorf("the desk of before is not found: %q, then %q", to, again)
	}
	body, kind := multipartForm(t, "a.txt", "first")
	r, _ := http.NewRequest("POST", mia.base+to+"/files", body)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", "text/plain")
	if a := mia.do(r); a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if page := mia.get(to).body; !strings.Contains(page, "a.txt") {
		t.Error("the desk lacks the file")
	}
	for _, path := range []string{"/arrange", "/name", "/send", "/drop"} {
		if a := ada.post(to+path, "op", "join-all", "name", "x", "source", "y"); a.status != http.StatusNotFound {
			t.Errorf("somebody else at %s: %d", path, a.status)
		}
	}
	if a := ada.get(to); a.status != http.StatusNotFound {
		t.Errorf("somebody else sees it: %d", a.status)
	}
	if a := h.as(t, "ben").get("/mailroom/scan"); a.status != http.StatusForbidden {
		t.Errorf("an agent: %d", a.status)
	}
	if a := mia.post(to + "/send"); a.status != http.StatusConflict || !strings.Contains(a.body, "still being drawn") {
		t.Errorf("sent too early: %d", a.status)
	}
	if a := mia.get("/mailroom/separator.pdf"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("the separator sheet: %d", a.status)
	}
	if a := mia.post(to + "/drop"); a.status != http.StatusSeeOther {
		t.Errorf("put away: %d", a.status)
	}
	if a := mia.get(to); a.status != http.StatusNotFound {
		t.Errorf("put away and still there: %d", a.status)
	}
}
