package page

import (
	"bytes"
	"image"
	"io"

	"github.com/go-pdf/fpdf"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/font/gofont/goregular"
)

// separatorText is what the code on a separator sheet says.
const separatorText = "docket:separator"

// isSeparator says whether a page is a separator sheet. The code is large, so it is found on a thumbnail, however the sheet lay.
func isSeparator(m image.Image) bool {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(m)
	if err != nil {
		return false
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	return err == nil && found.GetText() == separatorText
}

// Separator writes a separator sheet as a PDF to be printed: A4, a large code in the middle, and what it is for, in the words
// given. It can be used again and again.
func Separator(w io.Writer, title, use string) error {
	const width, code = 210.0, 110.0 // millimetres
	matrix, err := qrcode.NewQRCodeWriter().Encode(separatorText, gozxing.BarcodeFormat_QR_CODE, 0, 0, nil)
	if err != nil {
		return err
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes(textFont, "", bytes.Clone(goregular.TTF))
	pdf.SetTitle(title, true)
	pdf.AddPage()
	pdf.SetFont(textFont, "", 30)
	pdf.SetY(30)
	pdf.CellFormat(0, 14, title, "", 1, "C", false, 0, "")
	module := code / float64(matrix.GetWidth())
	for y := range matrix.GetHeight() {
		for x := range matrix.GetWidth() {
			if matrix.Get(x, y) {
				pdf.Rect((width-code)/2+float64(x)*module, 75+float64(y)*module, module, module, "F")
			}
		}
	}
	pdf.SetFont(textFont, "", 14)
	pdf.SetY(215)
	pdf.MultiCell(0, 7, use, "", "C", false)
	return pdf.Output(w)
}
