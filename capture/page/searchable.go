package page

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"docket/repository"
	"docket/repository/fault"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/goregular"
)

const (
	textFont      = "go"
	fontUnits     = 100.0 // points at which words are measured
	invisibleText = 3     // text rendering mode of PDF: neither filled nor stroked (ISO 32000-1, 9.3.6)
)

// Searchable writes a PDF that shows the page images and holds their words, invisible, where they are seen, so that the text
// can be found, selected and read aloud. Title and the time at go into its properties; pages come in the order in which
// they are written. It is for documents that came as images: a PDF that holds its text is better than any copy of it.
func Searchable(w io.Writer, title, language string, at time.Time, pages iter.Seq2[Page, error]) error {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt"})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetTitle(title, true)
	pdf.SetProducer("Docket", true)
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetLang(language)
	pdf.AddUTF8FontFromBytes(textFont, "", bytes.Clone(goregular.TTF)) // fpdf writes into it
	n := 0
	for p, err := range pages {
		if err != nil {
			return err
		}
		n++
		if err := searchablePage(pdf, n, p); err != nil {
			return fmt.Errorf("page %d: %w", n, err)
		}
	}
	if n == 0 {
		return fault.New(fault.Invalid, "A PDF cannot be made: the document has no pages.")
	}
	return pdf.Output(w)
}

func searchablePage(pdf *fpdf.Fpdf, n int, p Page) error {
	dpi := p.Layout.DPI
	if dpi <= 0 {
		dpi = setDPI
	}
	pt := 72 / float64(dpi)
	width, height := float64(p.Layout.Width)*pt, float64(p.Layout.Height)*pt
	pdf.AddPageFormat("P", fpdf.SizeType{Wd: width, Ht: height})
	if len(p.Image) > 0 {
		kind := "JPG"
		if p.MediaType == "image/png" {
			kind = "PNG"
		}
		options := fpdf.ImageOptions{ImageType: kind}
		name := strconv.Itoa(n)
		pdf.RegisterImageOptionsReader(name, options, bytes.NewReader(p.Image))
		pdf.ImageOptions(name, 0, 0, width, height, false, options, 0, "")
	}
	pdf.SetTextRenderingMode(invisibleText)
	for _, w := range p.Layout.Words {
		invisible(pdf, w, pt)
	}
	return pdf.Error()
}

// invisible writes a word into its box: as high as the box, and stretched to its width.
func invisible(pdf *fpdf.Fpdf, w repository.Word, pt float64) {
	text := setLetters(w.Text)
	if text == "" || w.Box.W <= 0 || w.Box.H <= 0 {
		return
	}
	size := max(1, float64(w.Box.H)*pt)
	pdf.SetFont(textFont, "", fontUnits)
	natural := pdf.GetStringWidth(text) * size / fontUnits
	if natural <= 0 {
		return
	}
	stretch := min(max(100*float64(w.Box.W)*pt/natural, 5), 1000)
	pdf.SetFont(textFont, "", size)
	pdf.RawWriteStr(fmt.Sprintf("%.1f Tz\n", stretch))
	base := float64(w.Box.Y) + 0.8*float64(w.Box.H)
	pdf.Text(float64(w.Box.X)*pt, base*pt, text+" ")
}

// setLetters drops what the font cannot write: characters beyond the basic plane.
func setLetters(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r >= 0x20 && r < 0xffff {
			out = append(out, r)
		}
	}
	return string(out)
}
