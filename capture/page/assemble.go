package page

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"docket/repository/fault"

	"github.com/go-pdf/fpdf"
)

// A Chosen is a page of some file that goes into a new one.
type Chosen struct {
	File string // PDF or image
	Page int    // from 1
	Turn int    // degrees clockwise: 0, 90, 180, 270
}

// epoch dates what must be the same each time it is made.
var epoch = time.Unix(0, 0).UTC()

// longSide is that of A4 in inches. Cameras say nothing of how large the paper was.
const longSide = 11.69

// Assemble makes one PDF of sheets in their order. Nothing is drawn anew or compressed again: pages of PDFs are taken over with
// their text and pictures, JPEGs are put in as they are, other images without loss. The same sheets give the same bytes. It is
// done by qpdf in a process of its own, under the limits of all tools.
func (r *Reader) Assemble(ctx context.Context, sheets []Chosen, out string) error {
	if len(sheets) == 0 {
		return fault.New(fault.Invalid, "There are no pages to put together.")
	}
	dir, remove, err := r.temp()
	if err != nil {
		return err
	}
	defer remove()
	args := []string{"--warning-exit-0", "--deterministic-id", "--empty", "--pages"}
	turns := map[int][]string{} // positions by degrees
	for i, s := range sheets {
		what, err := r.sniff(s.File, s.File)
		if err != nil {
			return err
		}
		file, number, turn := s.File, s.Page, s.Turn
		if what.kind == Image {
			own, err := r.imagePDF(ctx, s, filepath.Join(dir, strconv.Itoa(i)+".pdf"))
			if err != nil {
				return err
			}
			file, number, turn = filepath.Join(dir, strconv.Itoa(i)+".pdf"), 1, turn+own
		}
		args = append(args, file, strconv.Itoa(number))
		if turn %= 360; turn != 0 {
			turns[turn] = append(turns[turn], strconv.Itoa(i+1))
		}
	}
	args = append(args, "--")
	for _, degrees := range []int{90, 180, 270} {
		if at := turns[degrees]; len(at) > 0 {
			args = append(args, fmt.Sprintf("--rotate=+%d:%s", degrees, strings.Join(at, ",")))
		}
	}
	if _, complaints, err := r.tool("qpdf", append(args, out)...).output(ctx); err != nil {
		return pdfFault(ctx, err, complaints)
	}
	return nil
}

// imagePDF makes a PDF of one page of an image and says by how much it is still to be turned.
func (r *Reader) imagePDF(ctx context.Context, s Chosen, out string) (turn int, err error) {
	pictures, ok := r.ocr.(Pictures)
	if !ok {
		return 0, fault.New(fault.Unsupported, "Images cannot be put together here.")
	}
	picture, turn, width, height, err := pictures.Picture(ctx, s.File, s.Page-1)
	if err != nil {
		return 0, err
	}
	kind := "JPG"
	if imageType(picture) == "image/png" {
		kind = "PNG"
	}
	pt := 72 * longSide / math.Max(1, float64(max(width, height)))
	size := fpdf.SizeType{Wd: float64(width) * pt, Ht: float64(height) * pt}
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: size})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCreationDate(epoch)
	pdf.SetModificationDate(epoch)
	pdf.AddPageFormat("P", size)
	options := fpdf.ImageOptions{ImageType: kind}
	pdf.RegisterImageOptionsReader("image", options, bytes.NewReader(picture))
	pdf.ImageOptions("image", 0, 0, size.Wd, size.Ht, false, options, 0, "")
	f, err := os.Create(out)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if err := pdf.Output(f); err != nil {
		return 0, fault.Wrap(err, fault.Invalid, "The image %s cannot be put into a PDF.", filepath.Base(s.File))
	}
	return turn, f.Close()
}
