package page

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"docket/capture/mail"
)

// typesets sets blocks and fails when a word is no valid text or lies off its page.
func typesets(t *testing.T, blocks []block) {
	t.Helper()
	pages := 0
	err := set(func(yield func(block) bool) {
		for _, b := range blocks {
			if pages > 20 || !yield(b) {
				return
			}
		}
	}, func(p *setPage) error {
		pages++
		for _, w := range p.words {
			if !utf8.ValidString(w.Text) || w.Box.Y < 0 || w.Box.Y+w.Box.H > setHeight {
				t.Fatalf("%q at %+v", w.Text, w.Box)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func FuzzRTF(f *testing.F) {
	f.Add([]byte(`{\rtf1\ansi{\fonttbl{\f0\fcharset238 A;}}\f0 a\'b3\u322? \intbl a\cell b\cell\row\pard{\*\x y}\bin3 abc\par}`))
	f.Add([]byte(`{{{\u-1\uc9\'`))
	f.Fuzz(func(t *testing.T, data []byte) { typesets(t, rtfBlocks(data)) })
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte("<table><tr><td>a<table><td>b</table><tr></td></table><h1>x<script>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, blocks := htmlBlocks(decodeHTML(data))
		typesets(t, blocks)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a;b\n\"c\nd\";e;\n"))
	f.Fuzz(func(t *testing.T, data []byte) { typesets(t, csvBlocks(decodeText(data, ""))) })
}

// FuzzOfficeXML reads the same bytes as each part that is parsed.
func FuzzOfficeXML(f *testing.F) {
	f.Add([]byte(docxBody))
	f.Add([]byte(xlsxSheet))
	f.Add([]byte("<a:tbl><a:tr><a:tc><a:t>x</a:t></a:tc></a:tr></a:tbl><text:s text:c='9999'/>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := string(data)
		raw := zipped(t, "word/document.xml", s, "content.xml", s, "xl/sharedStrings.xml", s, "xl/styles.xml", s, "xl/workbook.xml", s, "sheet.xml", s, "slide.xml", s)
		z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		blocks, _ := docxMarkup().blocks(z, "word/document.xml")
		typesets(t, blocks)
		blocks, _ = odfMarkup().blocks(z, "content.xml")
		typesets(t, blocks)
		blocks, _ = drawingMarkup().blocks(z, "slide.xml")
		typesets(t, blocks)
		var book workbook
		_ = book.readShared(z)
		_ = book.readStyles(z)
		blocks, _ = book.sheet(z, "sheet.xml")
		typesets(t, blocks)
	})
}

func FuzzMail(f *testing.F) {
	f.Add([]byte(message))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := mail.Parse(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		typesets(t, mailBlocks(m, mailMeta(m)))
	})
}

func FuzzBBox(f *testing.F) {
	f.Add("<page width=\"595\" height=\"842\">\n<block xMin=\"1\">\n<line>\n<word xMin=\"1\" yMin=\"2\" xMax=\"3\" yMax=\"4\">a&amp;b</word>\n</page>\n")
	f.Fuzz(func(t *testing.T, s string) {
		_ = parseBBox(strings.NewReader(s), func(p pdfPage) error {
			for _, w := range p.layout(shownDPI).Words {
				if w.Text == "" || !utf8.ValidString(w.Text) {
					t.Errorf("%q", w.Text)
				}
			}
			return nil
		})
	})
}

// FuzzIdentify tells what any bytes are, and reads those that need neither a tool nor recognition.
func FuzzIdentify(f *testing.F) {
	f.Add([]byte(message), "a.eml")
	f.Add([]byte("MZ"), "a.exe")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		file := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := NewReader(&fakeOCR{}, Config{MaxPages: 20, MaxUnpacked: 1 << 20}).sniff(file, name)
		if err == nil && w.read == nil {
			t.Errorf("%+v without an error", w)
		}
	})
}
