package sample

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/go-pdf/fpdf"
)

// newPDF begins a document that comes out the same each time.
func newPDF(made time.Time) *fpdf.Fpdf {
	f := fpdf.New("P", "pt", "A4", "")
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetCatalogSort(true)
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	return f
}

// encodePDF writes sheets as a born-digital PDF: real text in embedded fonts.
func encodePDF(pages []*sheet, made time.Time) ([]byte, error) {
	f := newPDF(made)
	known := map[*face]bool{}
	for _, s := range pages {
		for _, k := range s.marks {
			if k.text != "" && !known[k.face] {
				known[k.face] = true
				f.AddUTF8FontFromBytes(k.face.name, "", bytes.Clone(k.face.ttf)) // fpdf appends to slices of the font: it writes into it
			}
		}
	}
	for _, s := range pages {
		f.AddPage()
		for _, k := range s.marks {
			pdfMark(f, k)
		}
	}
	return pdfBytes(f)
}

func pdfMark(f *fpdf.Fpdf, k mark) {
	r, g, b := int(k.ink.R), int(k.ink.G), int(k.ink.B)
	switch {
	case k.text != "":
		f.SetFont(k.face.name, "", k.size)
		f.SetTextColor(r, g, b)
		if k.angle != 0 {
			f.TransformBegin()
			f.TransformRotate(-k.angle, k.at.x, k.at.y)
			defer f.TransformEnd()
		}
		f.Text(k.at.x, k.at.y, k.text)
	case k.width > 0:
		f.SetDrawColor(r, g, b)
		f.SetLineWidth(k.width)
		f.MoveTo(k.shape[0].x, k.shape[0].y)
		for _, p := range k.shape[1:] {
			f.LineTo(p.x, p.y)
		}
		f.DrawPath("D")
	default:
		f.SetFillColor(r, g, b)
		var points []fpdf.PointType
		for _, p := range k.shape {
			points = append(points, fpdf.PointType{X: p.x, Y: p.y})
		}
		f.Polygon(points, "F")
	}
}

// encodeScanPDF writes scanned pages as a PDF of pictures, without text.
func encodeScanPDF(pages []*picture, quality int, made time.Time) ([]byte, error) {
	f := newPDF(made)
	for i, p := range pages {
		data, err := encodeJPEG(p, quality)
		if err != nil {
			return nil, err
		}
		name := "page" + strconv.Itoa(i+1)
		options := fpdf.ImageOptions{ImageType: "JPEG"}
		f.RegisterImageOptionsReader(name, options, bytes.NewReader(data))
		w, h := float64(p.w)*72/float64(p.dpiX), float64(p.h)*72/float64(p.dpiY)
		f.AddPageFormat("P", fpdf.SizeType{Wd: round(w), Ht: round(h)})
		f.ImageOptions(name, 0, 0, round(w), round(h), false, options, 0, "")
	}
	return pdfBytes(f)
}

func round(x float64) float64 { return math.Round(x*100) / 100 }

func pdfBytes(f *fpdf.Fpdf) ([]byte, error) {
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("write pdf: %w", err)
	}
	return b.Bytes(), nil
}
