package page

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
)

// fakeOCR reads the same words off every image.
type fakeOCR struct {
	text   string
	images int
	err    error

	mu    sync.Mutex
	calls int
}

func (f *fakeOCR) ReadImage(_ context.Context, file string, _, dpi int, _ string) (repository.Layout, []byte, []byte, error) {
	f.mu.Lock()
	f.calls++
	f.mu.Unlock()
	if _, err := os.Stat(file); err != nil {
		return repository.Layout{}, nil, nil, err
	}
	l := repository.Layout{Width: 100, Height: 100, DPI: dpi, Language: "en", Confidence: 0.9, Source: "ocr"}
	for i, w := range strings.Fields(f.text) {
		l.Words = append(l.Words, repository.Word{Text: w, Box: repository.Box{X: i, Y: 1, W: 1, H: 1}, Confidence: 0.9})
	}
	return l, []byte("\x89PNG"), []byte("thumb"), f.err
}

func (f *fakeOCR) CountImages(context.Context, string) (int, error) { return max(1, f.images), f.err }

// A result is what a Handler was given.
type result struct {
	doc   Document
	pages map[int]Page
	parts map[string]string
	err   error
}

func (r result) text() string {
	var b strings.Builder
	for n := range len(r.pages) {
		l := r.pages[n+1].Layout
		b.WriteString(l.Text() + "\n")
	}
	return b.String()
}

func read(t *testing.T, ocr OCR, c Config, name string, data []byte) result {
	t.Helper()
	file := filepath.Join(t.TempDir(), "upload")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	c.TempDir = t.TempDir()
	r := result{pages: map[int]Page{}, parts: map[string]string{}}
	r.doc, r.err = NewReader(ocr, c).Read(t.Context(), file, name, Handler{
		Page: func(_ context.Context, p Page) error { r.pages[p.Number] = p; return nil },
		Part: func(_ context.Context, p Part) error {
			b, err := io.ReadAll(p.Body)
			r.parts[p.Name] = string(b)
			return err
		},
	})
	if left, err := os.ReadDir(c.TempDir); err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
	return r
}

func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pages yields pages made of lines of text, drawn as text files are.
func pages(t testing.TB, texts ...string) iter.Seq2[Page, error] {
	t.Helper()
	return func(yield func(Page, error) bool) {
		for i, text := range texts {
			err := set(textBlocks(text), func(s *setPage) error {
				p := s.page()
				p.Number, p.MediaType = i+1, "image/png"
				var err error
				p.Image, p.Thumb, err = DrawSet(p.Layout)
				if !yield(p, err) {
					return io.EOF
				}
				return nil
			})
			if err != nil {
				return
			}
		}
	}
}

func pdfOf(t testing.TB, p iter.Seq2[Page, error]) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Searchable(&b, "Beschwerde", "de", time.Unix(1e9, 0), p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const docxBody = `<?xml version="1.0"?><w:document xmlns:w="w" xmlns:mc="m"><w:body>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Beschwerde</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">Der Stuhl </w:t></w:r><w:r><w:t>fehlt.</w:t></w:r><w:del><w:r><w:t>gelöscht</w:t></w:r></w:del></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Preis</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12,50</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:br w:type="page"/><w:t>Seite zwei</w:t></w:r></w:p></w:body></w:document>`

const xlsxSheet = `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46095</v></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>Summe</t></is></c><c r="B2"><v>12.5</v></c></row></sheetData></worksheet>`

const message = "From: Anna Kovács <anna@example.org>\r\nTo: post@example.com\r\nSubject: =?utf-8?q?K=C3=A1rok?=\r\nDate: Sat, 14 Mar 2026 10:00:00 +0100\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=iso-8859-2\r\nContent-Transfer-Encoding: 8bit\r\n\r\nA sz\xe9k elt\xf6rt.\r\n" +
	"--x\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=\"../b/sz\xc3\xa1mla.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--x--\r\n"

// TestFormats reads one small file of each format whose text the package takes out itself.
func TestFormats(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		data  []byte
		kind  Kind
		text  string
		pages int
	}{
		{"note.txt", []byte("Dear team,\r\n\r\nthe chair\r\nis broken.\r\n\fPage two"), Text, "Dear team, the chair is broken. Page two", 2},
		{"cp1250.txt", []byte("P\xf8\xedli\xb9 \xbelu\xbbou\xe8k\xfd k\xf9\xf2 \xfap\xecl \xef\xe1belsk\xe9 \xf3dy a dal\xb9\xed"), Text, "", 1},
		{"utf16.txt", []byte("\xff\xfeA\x00b\x00c\x00"), Text, "Abc", 1},
		{"page.html", []byte("<html><head><title>T</title><style>p{}</style></head><body><h1>Hallo</h1><p>eins<br>zwei &amp; drei</p><table><tr><td>a</td><td>b</td></tr></table><script>x()</script></body></html>"), HTML, "Hallo eins zwei & drei a b", 1},
		{"list.csv", []byte("Name;Betrag\n\"M\xc3\xbcller; Anna\";12,50\n"), CSV, "Name Betrag Müller; Anna 12,50", 1},
		{"letter.rtf", []byte(`{\rtf1\ansi\ansicpg1250{\fonttbl{\f0\fcharset238 Arial;}}\f0 Szanowni Pa\'f1stwo,\par {\*\generator X;}\u322\'b3\'f3d\u378?\par}`), RTF, "Szanowni Państwo, łódź", 1},
		{"a.docx", zipped(t, "[Content_Types].xml", "", "word/document.xml", docxBody, "docProps/core.xml", "<c><title>Brief</title></c>"), Word, "Beschwerde Der Stuhl fehlt. Preis 12,50 Seite zwei", 2},
		{"a.xlsx", zipped(t, "xl/workbook.xml", `<workbook><sheets><sheet name="Liste"/></sheets></workbook>`, "xl/sharedStrings.xml", "<sst><si><t>Datum</t></si></sst>",
			"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`, "xl/worksheets/sheet1.xml", xlsxSheet), Sheet, "Liste Datum 2026-03-14 Summe 12.5", 1},
		{"a.pptx", zipped(t, "ppt/presentation.xml", "", "ppt/slides/slide2.xml", "<p:sld xmlns:a='a' xmlns:p='p'><a:p><a:r><a:t>zwei</a:t></a:r></a:p></p:sld>",
			"ppt/slides/slide1.xml", "<p:sld xmlns:a='a' xmlns:p='p'><a:p><a:r><a:t>eins</a:t></a:r></a:p></p:sld>"), Presentation, "eins zwei", 2},
		{"a.odt", zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml",
			"<o:d xmlns:o='o' xmlns:t='t'><o:body><t:h>Kop</t:h><t:p>eins<t:tab/>zwei</t:p></o:body></o:d>"), Word, "Kop eins zwei", 1},
		{"mail.eml", []byte(message), Mail, "From: Anna Kovács <anna@example.org> To: post@example.com Date: 2026-03-14 10:00 +0100 Subject: Károk A szék eltört.", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := read(t, &fakeOCR{}, Config{}, c.name, c.data)
			if r.err != nil {
				t.Fatal(r.err)
			}
			if r.doc.Kind != c.kind || r.doc.Pages != c.pages || len(r.doc.Flags) > 0 {
				t.Errorf("kind %q with %d pages, flags %v; want %q with %d", r.doc.Kind, r.doc.Pages, r.doc.Flags, c.kind, c.pages)
			}
			if got := strings.Join(strings.Fields(r.text()), " "); c.text != "" && got != c.text {
				t.Errorf("text %q, want %q", got, c.text)
			}
			for _, p := range r.pages {
				if !p.Layout.Set || len(p.Image) > 0 {
					t.Error("a page that was set was drawn before anybody looked at it")
				}
				picture, _, err := DrawSet(p.Layout)
				if err != nil {
					t.Fatal(err)
				}
				m, err := png.Decode(bytes.NewReader(picture))
				if err != nil || m.Bounds() != image.Rect(0, 0, p.Layout.Width, p.Layout.Height) {
					t.Errorf("page image: %v", err)
				}
			}
		})
	}
}

func TestMail(t *testing.T) {
	t.Parallel()
	r := read(t, &fakeOCR{}, Config{}, "x.eml", []byte(message))
	if diff := cmp.Diff(map[string]string{"számla.pdf": "%PDF-"}, r.parts); diff != "" {
		t.Error(diff)
	}
	if m := r.doc.Meta; m.Subject != "Károk" || m.From != "Anna Kovács <anna@example.org>" || !m.Date.Equal(time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", m)
	}
}

func TestDamagedMailIsShown(t *testing.T) {
	t.Parallel()
	data := "From: a@example.org\r\nTo: b@example.org\r\nSubject: lost\r\nContent-Type: multipart/mixed\r\n\r\nthe text\r\n"
	r := read(t, &fakeOCR{}, Config{}, "x.eml", []byte(data))
	if r.err != nil || !strings.Contains(r.text(), "the text") {
		t.Errorf("%v: %s", r.err, r.text())
	}
}

func TestArchive(t *testing.T) {
	t.Parallel()
	data := zipped(t, "briefe/eins.txt", "1", "__MACOSX/x", "no", "../../zwei.txt", "2")
	r := read(t, &fakeOCR{}, Config{}, "post.zip", data)
	if r.err != nil {
		t.Fatal(r.err)
	}
	if diff := cmp.Diff(map[string]string{"eins.txt": "1", "zwei.txt": "2"}, r.parts); diff != "" {
		t.Error(diff)
	}
}

// TestSearchable writes a PDF of drawn pages and reads it back: its text must be found where it was.
func TestSearchable(t *testing.T) {
	t.Parallel()
	text := "Tisztelt Uram! Wählen łódź Российская čšž"
	r := read(t, &fakeOCR{text: text}, Config{}, "a.pdf", pdfOf(t, pages(t, text, "zweite Seite")))
	if r.err != nil {
		t.Fatal(r.err)
	}
	if r.doc.Kind != PDF || r.doc.Pages != 2 || r.doc.Meta.Title != "Beschwerde" {
		t.Errorf("%+v", r.doc)
	}
	first := r.pages[1]
	if got := first.Layout.Text(); got != text || first.Layout.Source != "text" {
		t.Errorf("text %q from %s, want %q", got, first.Layout.Source, text)
	}
	var want Page
	for p := range pages(t, text) {
		want = p
	}
	for i, w := range first.Layout.Words {
		b := want.Layout.Words[i].Box
		if d := max(abs(w.Box.X-b.X), abs(w.Box.W-b.W), abs(w.Box.Y+w.Box.H-b.Y-b.H)); d > 6 {
			t.Errorf("%s at %+v, want %+v", w.Text, w.Box, b)
		}
	}
}

func abs(i int) int { return max(i, -i) }

// TestScanWithForeignText recognises a page whose text layer is not what one sees.
func TestScanWithForeignText(t *testing.T) {
	t.Parallel()
	ocr := &fakeOCR{text: "what is really seen on this page of paper"}
	r := read(t, ocr, Config{}, "scan.pdf", pdfOf(t, pages(t, "Received 12.03.2026")))
	if r.err != nil {
		t.Fatal(r.err)
	}
	if l := r.pages[1].Layout; l.Source != "ocr" || r.doc.Language != "en" {
		t.Errorf("source %s, language %q", l.Source, r.doc.Language)
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	r := read(t, &fakeOCR{text: "one two", images: 5}, Config{Pages: 2}, "fax.tif", []byte("II*\x00\x08\x00\x00\x00"))
	if r.err != nil || r.doc.Pages != 5 || len(r.pages) != 5 || r.doc.Language != "en" {
		t.Errorf("%+v, %d pages, %v", r.doc, len(r.pages), r.err)
	}
}

func TestHandlerEndsReading(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(file, []byte(strings.Repeat("page\f", 50)), 0o600); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	n := 0
	_, err := NewReader(&fakeOCR{}, Config{}).Read(t.Context(), file, "a.txt", Handler{Page: func(context.Context, Page) error { n++; return enough }})
	if !errors.Is(err, enough) || n > 8 {
		t.Errorf("%d pages, %v", n, err)
	}
}

// TestBadInput: each piece that cannot be read ends in a fault of the right kind.
func TestBadInput(t *testing.T) {
	t.Parallel()
	whole := pdfOf(t, pages(t, "whole"))
	bomb := zipped(t, "zeros.txt", strings.Repeat("\x00", 3<<20))
	docxBomb := zipped(t, "word/document.xml", "<w:document>"+strings.Repeat("<w:p><w:r><w:t>ha</w:t></w:r></w:p>", 100_000)+"</w:document>")
	cases := []struct {
		name string
		data []byte
		c    Config
		kind fault.Kind
		say  string
	}{
		{"empty.pdf", nil, Config{}, fault.Invalid, "empty"},
		{"big.txt", bytes.Repeat([]byte("a"), 100), Config{MaxSize: 10}, fault.TooLarge, "MB"},
		{"cut.pdf", whole[:200], Config{}, fault.Invalid, "damaged"},
		{"program.pdf", append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 100)...), Config{}, fault.Unsupported, "program"},
		{"odd.bin", []byte("\x01\x02\x03\xff\xfe\x00\x00\x07"), Config{}, fault.Unsupported, "not known"},
		{"old.doc", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 1000)...), Config{}, fault.Unsupported, "2007"},
		{"locked.docx", append(append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 1000)...), encryptedPackage...), Config{}, fault.Invalid, "encrypted"},
		{"bomb.zip", bomb, Config{MaxUnpacked: 1 << 20}, fault.TooLarge, "unpacks"},
		{"many.zip", zipped(t, "a", "1", "b", "2", "c", "3"), Config{MaxParts: 2}, fault.TooLarge, "more than 2 files"},
		{"none.zip", zipped(t, "folder/", ""), Config{}, fault.Invalid, "no files"},
		{"long.docx", docxBomb, Config{MaxPages: 10}, fault.TooLarge, "pages"},
		{"cut.zip", bomb[:40], Config{}, fault.Invalid, "damaged"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := read(t, &fakeOCR{}, c.c, c.name, c.data)
			if fault.KindOf(r.err) != c.kind || !strings.Contains(fault.Sentence(r.err), c.say) {
				t.Errorf("%v of kind %q; want %q saying %q", r.err, fault.KindOf(r.err), c.kind, c.say)
			}
		})
	}
}

func TestMisnamed(t *testing.T) {
	t.Parallel()
	r := read(t, &fakeOCR{}, Config{}, "letter.docx", pdfOf(t, pages(t, "a letter")))
	if r.err != nil || r.doc.Kind != PDF || !slices.Contains(r.doc.Flags, Misnamed) {
		t.Errorf("%+v, %v", r.doc, r.err)
	}
}

func TestSignedIsFlagged(t *testing.T) {
	t.Parallel()
	data := append(pdfOf(t, pages(t, "signed")), "\n% /ByteRange [0 1 2 3]\n"...)
	r := read(t, &fakeOCR{}, Config{}, "s.pdf", data)
	if r.err != nil || !slices.Contains(r.doc.Flags, Signed) {
		t.Errorf("%+v, %v", r.doc, r.err)
	}
}

func TestFailedPageKeepsOthers(t *testing.T) {
	t.Parallel()
	broken := fault.New(fault.Invalid, "This page is torn.")
	r := read(t, &fakeOCR{images: 3, err: nil}, Config{}, "fax.tif", []byte("II*\x00\x08\x00\x00\x00"))
	if r.err != nil {
		t.Fatal(r.err)
	}
	all := read(t, &failsOn{2, broken}, Config{}, "fax.tif", []byte("II*\x00\x08\x00\x00\x00"))
	if all.err != nil || all.doc.Failed != 1 || !errors.Is(all.pages[3].Err, broken) || !slices.Contains(all.doc.Flags, Incomplete) {
		t.Errorf("%+v, %v, page 3: %v", all.doc, all.err, all.pages[3].Err)
	}
}

// failsOn fails on one image of four.
type failsOn struct {
	index int
	err   error
}

func (f *failsOn) ReadImage(_ context.Context, _ string, index, _ int, _ string) (l repository.Layout, image, thumb []byte, err error) {
	if index == f.index {
		return l, nil, nil, f.err
	}
	return repository.Layout{Source: "ocr"}, []byte("\x89PNG"), nil, nil
}

func (f *failsOn) CountImages(context.Context, string) (int, error) { return 4, nil }

func ExampleReader_Read() {
	file := filepath.Join(os.TempDir(), "docket-example.txt")
	if err := os.WriteFile(file, []byte("Dear team,\n\nthe chair is broken."), 0o600); err != nil {
		panic(err)
	}
	defer os.Remove(file)
	_, err := NewReader(&fakeOCR{}, Config{}).Read(context.Background(), file, "letter.txt", Handler{
		Page: func(_ context.Context, p Page) error {
			fmt.Println(p.Number, strings.ReplaceAll(p.Layout.Text(), "\n", "/"))
			return nil
		},
	})
	if err != nil {
		panic(err)
	}
	// Output: 1 Dear team,//the chair is broken.
}

// TestOutlookIsMail reads a message that Outlook saved as any other, and says of one that is damaged what to do.
func TestOutlookIsMail(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../mail/testdata/outlook/letter.msg")
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, &fakeOCR{}, Config{}, "levél.msg", data)
	if r.err != nil || r.doc.Kind != Mail || len(r.doc.Flags) > 0 || !strings.Contains(r.text(), "Az ajtó törött.") || r.doc.Meta.Subject != "Törött szekrényajtó" {
		t.Errorf("%v: %+v, %s", r.err, r.doc, r.text())
	}
	if len(r.parts) != 2 || !strings.HasPrefix(r.parts["számla március.pdf"], "%PDF-") {
		t.Errorf("%d parts", len(r.parts))
	}
	if r := read(t, &fakeOCR{}, Config{}, "levél.msg", data[:len(data)/2]); !fault.Is(r.err, fault.Invalid) && !fault.Is(r.err, fault.Unsupported) {
		t.Errorf("damaged: %v", r.err)
	}
}
