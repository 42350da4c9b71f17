package page_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"docket/capture/page"

	"github.com/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
)

// camera shows JPEG files as a camera that was held on its side leaves them.
type camera struct{ page.OCR }

func (camera) CountImages(context.Context, string) (int, error) { return 1, nil }

func (camera) Thumbnail(_ context.Context, file string, _ int) ([]byte, int, int, error) {
	raw, err := os.ReadFile(file)
	return raw, 40, 30, err
}

func (camera) Picture(_ context.Context, file string, _ int) ([]byte, int, int, int, error) {
	raw, err := os.ReadFile(file)
	return raw, 90, 40, 30, err
}

// write makes a PDF with a page for each text; an empty text is an empty page.
func write(t *testing.T, texts ...string) string {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(25, 40, 25)
	pdf.SetFont("Helvetica", "", 12)
	for _, text := range texts {
		pdf.AddPage()
		pdf.MultiCell(0, 6, text, "", "L", false)
	}
	file := filepath.Join(t.TempDir(), "stack.pdf")
	if err := pdf.OutputFileAndClose(file); err != nil {
		t.Fatal(err)
	}
	return file
}

func photo(t *testing.T) string {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		m.Pix[i] = uint8(i)
	}
	m.SetGray(1, 1, color.Gray{200})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func separatorSheet(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "separator.pdf")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Separator(f, "Separator sheet", "A new piece begins after this sheet."); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

func deskReader(t *testing.T) *page.Reader {
	t.Helper()
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed; 'make install' installs it")
	}
	return page.NewReader(camera{}, page.Config{TempDir: t.TempDir()})
}

// look gives one letter for each page: b(lank), s(eparator), p(age).
func look(t *testing.T, r *page.Reader, file string) string {
	t.Helper()
	var seen strings.Builder
	whole, err := r.Look(t.Context(), file, filepath.Base(file), func(_ context.Context, l page.Leaf) error {
		switch {
		case l.Number != seen.Len()+1 || len(l.Thumb) == 0:
			t.Errorf("page %d comes after %d, with %d bytes", l.Number, seen.Len(), len(l.Thumb))
		case l.Blank:
			seen.WriteByte('b')
			return nil
		case l.Separator:
			seen.WriteByte('s')
			return nil
		}
		seen.WriteByte('p')
		return nil
	})
	if err != nil || whole {
		t.Fatalf("whole %v: %v", whole, err)
	}
	return seen.String()
}

func TestBlankPagesAndSeparatorsAreSeen(t *testing.T) {
	t.Parallel()
	r := deskReader(t)
	letter := strings.Repeat("Dear Sir or Madam, my parcel is late. ", 9)
	stack := write(t, letter, "", "Yours, M.", "", letter, letter, letter, letter, letter, "")
	if got := look(t, r, stack); got != "pbpbpppppb" {
		t.Errorf("the stack looks like %s", got)
	}
	if got := look(t, r, separatorSheet(t)); got != "s" {
		t.Errorf("the separator sheet looks like %s", got)
	}
	turned := filepath.Join(t.TempDir(), "turned.pdf")
	if err := r.Assemble(t.Context(), []page.Chosen{{File: separatorSheet(t), Page: 1, Turn: 180}, {File: separatorSheet(t), Page: 1, Turn: 90}}, turned); err != nil {
		t.Fatal(err)
	}
	if got := look(t, r, turned); got != "ss" {
		t.Errorf("separator sheets that lay otherwise look like %s", got)
	}
}

func TestOtherFilesAreLeftWhole(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(file, []byte("only a note"), 0o600); err != nil {
		t.Fatal(err)
	}
	whole, err := deskReader(t).Look(t.Context(), file, "note.txt", func(context.Context, page.Leaf) error { return nil })
	if err != nil || !whole {
		t.Errorf("whole %v: %v", whole, err)
	}
}

func TestSheetsArePutTogetherInOrderAndTurned(t *testing.T) {
	t.Parallel()
	r := deskReader(t)
	a, b, p := write(t, "one", "two", "three"), write(t, "four"), photo(t)
	sheets := []page.Chosen{{File: a, Page: 3}, {File: p, Page: 1, Turn: 90}, {File: b, Page: 1, Turn: 270}, {File: a, Page: 1}}
	out, again := filepath.Join(t.TempDir(), "out.pdf"), filepath.Join(t.TempDir(), "again.pdf")
	for _, file := range []string{out, again} {
		if err := r.Assemble(t.Context(), sheets, file); err != nil {
			t.Fatal(err)
		}
	}
	text := run(t, "pdftotext", out, "-")
	if got := strings.Fields(strings.ReplaceAll(text, "\f", " ")); !cmp.Equal(got, []string{"three", "four", "one"}) {
		t.Errorf("the text is %q", got)
	}
	var turns []string
	for _, m := range regexp.MustCompile(`rot: +(\d+)`).FindAllStringSubmatch(run(t, "pdfinfo", "-f", "1", "-l", "4", out), -1) {
		turns = append(turns, m[1])
	}
	if diff := cmp.Diff([]string{"0", "180", "270", "0"}, turns); diff != "" {
		t.Error(diff)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if jpg, _ := os.ReadFile(p); !bytes.Contains(raw, jpg) {
		t.Error("the photograph's bytes are not as they came")
	}
	if same, _ := os.ReadFile(again); !bytes.Equal(raw, same) {
		t.Error("made again, it has other bytes")
	}
	if err := r.Assemble(t.Context(), nil, out); err == nil {
		t.Error("a piece without pages was made")
	}
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}
