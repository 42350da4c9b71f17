package capture_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	"strings"
	"sync"
	"testing"

	"docket/capture"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/fault"
)

// pdfOf is a PDF of A4 pages, each with one line of text in Helvetica.
func pdfOf(lines ...string) string {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), fmt.Sprintf(format, args...))
	}
	b.WriteString("%PDF-1.4\n")
	var kids []string
	for i := range lines {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
	}
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Count %d/Kids[%s]>>", len(lines), strings.Join(kids, " "))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	for i, line := range lines {
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>", 5+2*i)
		draw := fmt.Sprintf("BT /F 12 Tf 72 700 Td (%s) Tj ET", line)
		object("<</Length %d>>stream\n%s\nendstream", len(draw), draw)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.String()
}

// TestSheetsAreDrawnWhenAskedFor reads a long PDF and looks at pages that nobody has drawn yet.
func TestSheetsAreDrawnWhenAskedFor(t *testing.T) {
	m := openMachine(t)
	var lines []string
	for n := range 30 {
		lines = append(lines, fmt.Sprintf("This is what stands on page %d of the long contract.", n+1))
	}
	p := m.hand("contract.pdf", pdfOf(lines...))
	v, err := m.in.Store.Version(t.Context(), m.Pool, p.Document, 1)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := m.in.Store.Texts(t.Context(), m.Pool, []repository.DocumentID{p.Document})
	if err != nil || len(texts[p.Document]) != 30 || !strings.Contains(texts[p.Document][29].Text, "page 30") {
		t.Fatalf("the text of all pages is wanted: %v, %v", texts, err)
	}
	kept := func(kind repository.RenditionKind, page int) bool {
		_, err := m.in.Store.Rendition(t.Context(), m.Pool, p.Document, 1, kind, page)
		return err == nil
	}
	if !kept(repository.PageImage, 1) || kept(repository.PageImage, 30) || !kept(repository.PageLayout, 30) {
		t.Error("first pages are drawn at once, later ones are not, and the places of words are known of all")
	}
	temp := t.TempDir()
	sheets := &capture.Sheets{Pool: m.Pool, Store: m.in.Store, TempDir: temp, Pages: page.NewReader(noOCR{}, page.Config{TempDir: temp})}
	var all sync.WaitGroup
	for _, kind := range []repository.RenditionKind{repository.PageImage, repository.Thumbnail, repository.PageImage, repository.FineImage} {
		all.Go(func() {
			r, err := sheets.Rendition(t.Context(), v, kind, 30)
			if err != nil || r.Kind != kind {
				t.Errorf("%s: %v, %v", kind, r, err)
			}
		})
	}
	all.Wait()
	layout, err := m.in.Store.Rendition(t.Context(), m.Pool, p.Document, 1, repository.PageLayout, 30)
	if err != nil {
		t.Fatal(err)
	}
	for kind, factor := range map[repository.RenditionKind]int{repository.PageImage: 1, repository.FineImage: 2} {
		r, err := m.in.Store.Rendition(t.Context(), m.Pool, p.Document, 1, kind, 30)
		if err != nil {
			t.Errorf("what was drawn is kept: %v", err)
			continue
		}
		body, err := m.in.Store.OpenRendition(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		c, _, err := image.DecodeConfig(body)
		body.Close()
		if err != nil || c.Width != factor*layout.Width || c.Height != factor*layout.Height || r.Width != c.Width {
			t.Errorf("%s has %dx%d pixels, the layout %dx%d: %v", kind, c.Width, c.Height, layout.Width, layout.Height, err)
		}
	}
	if _, err := sheets.Rendition(t.Context(), v, repository.PageImage, 31); !fault.Is(err, fault.NotFound) {
		t.Errorf("page 31 of 30: %v", err)
	}
	if _, err := (&capture.Sheets{Pool: m.Pool, Store: m.in.Store}).Rendition(t.Context(), v, repository.PageImage, 20); !fault.Is(err, fault.NotFound) {
		t.Errorf("where nothing is drawn: %v", err)
	}
}
