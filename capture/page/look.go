package page

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // thumbnails are JPEG
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"docket/repository/fault"
)

// A Leaf is one page of a file as it is laid on a desk: seen, not read.
type Leaf struct {
	Number    int    // from 1
	Thumb     []byte // JPEG
	Blank     bool   // there is next to nothing on it
	Separator bool   // it is a separator sheet
}

// Pictures shows images without recognising them. Package tesseract's Pool does; an OCR that does not is asked for no pictures.
type Pictures interface {
	// Thumbnail is a small JPEG of image index (from 0), upright.
	Thumbnail(ctx context.Context, file string, index int) (thumb []byte, width, height int, err error)
	// Picture is the image without loss: JPEG or PNG, to be turned by so many degrees clockwise.
	Picture(ctx context.Context, file string, index int) (image []byte, turn, width, height int, err error)
}

const (
	lookHeight = 720 // pixels of a PDF page's picture: a letter's text can be made out
	lookBatch  = 8   // pages of a PDF drawn in one run of the tool
)

// Look shows the pages of a PDF or an image file, in order, without reading them. Whole is true of files that must not be taken
// apart or cannot be: all other kinds, and PDFs that are signed or protected; they have no leaves then.
func (r *Reader) Look(ctx context.Context, file, name string, take func(context.Context, Leaf) error) (whole bool, err error) {
	what, err := r.sniff(file, name)
	if err != nil {
		return false, err
	}
	w := &reading{Reader: r, file: file, name: name}
	switch what.kind {
	case PDF:
		return w.lookPDF(ctx, take)
	case Image:
		return false, w.lookImages(ctx, take)
	}
	return true, nil
}

func (w *reading) lookPDF(ctx context.Context, take func(context.Context, Leaf) error) (whole bool, err error) {
	info, err := w.inspect(ctx)
	if err != nil {
		return false, err
	}
	has, err := signed(w.file)
	if err != nil || has || info.encrypted {
		return true, err
	}
	if info.pages > w.config.MaxPages {
		return false, tooManyPages(info.pages, w.config.MaxPages)
	}
	for from := 1; from <= info.pages; from += lookBatch {
		if err := w.lookPages(ctx, from, min(from+lookBatch-1, info.pages), take); err != nil {
			return false, err
		}
	}
	return false, nil
}

// lookPages draws some pages of a PDF. A page that cannot be drawn has no thumbnail.
func (w *reading) lookPages(ctx context.Context, from, to int, take func(context.Context, Leaf) error) error {
	dir, remove, err := w.temp()
	if err != nil {
		return err
	}
	defer remove()
	_, complaints, err := w.tool("pdftoppm", "-scale-to", strconv.Itoa(lookHeight), "-f", strconv.Itoa(from), "-l", strconv.Itoa(to),
		"-jpeg", "-jpegopt", "quality=75", w.file, filepath.Join(dir, "page")).output(ctx)
	if err != nil {
		return pdfFault(ctx, err, complaints)
	}
	drawn, err := filepath.Glob(filepath.Join(dir, "page-*.jpg"))
	if err != nil {
		return err
	}
	for _, f := range drawn {
		number, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "page-"), ".jpg"))
		if err != nil {
			return fmt.Errorf("number of %s: %w", f, err)
		}
		thumb, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		if err := take(ctx, newLeaf(number, thumb)); err != nil {
			return err
		}
	}
	return nil
}

func (w *reading) lookImages(ctx context.Context, take func(context.Context, Leaf) error) error {
	pictures, ok := w.ocr.(Pictures)
	if !ok {
		return fault.New(fault.Unsupported, "Images cannot be shown here.")
	}
	n, err := w.ocr.CountImages(ctx, w.file)
	if err != nil {
		return err
	}
	if n > w.config.MaxPages {
		return tooManyPages(n, w.config.MaxPages)
	}
	for i := range n {
		thumb, _, _, err := pictures.Thumbnail(ctx, w.file, i)
		if err != nil {
			return err
		}
		if err := take(ctx, newLeaf(i+1, thumb)); err != nil {
			return err
		}
	}
	return nil
}

// newLeaf looks at a thumbnail that we drew ourselves.
func newLeaf(number int, thumb []byte) Leaf {
	l := Leaf{Number: number, Thumb: thumb}
	if m, _, err := image.Decode(bytes.NewReader(thumb)); err == nil {
		l.Blank = blank(m)
		l.Separator = !l.Blank && isSeparator(m)
	}
	return l
}

const (
	blankMargin = 0.08 // of the short side: shadows of the scanner's edge and punched holes lie there
	blankInk    = 38   // how much darker than the paper ink is, of 255
	blankShare  = 0.01 // of the pixels that may be ink on a blank page: paper that is not white everywhere
	blankTile   = 10   // pixels: a square as large as a few letters
	blankSpeck  = 8    // pixels of ink in a square: specks of dust have fewer, letters more
)

// blank says whether nothing is on a page but specks, or what shines through from its back.
func blank(m image.Image) bool {
	b := m.Bounds()
	inner := b.Inset(int(blankMargin * float64(min(b.Dx(), b.Dy()))))
	if inner.Empty() {
		return false
	}
	shade := func(x, y int) int {
		r, g, b, _ := m.At(x, y).RGBA()
		return int((299*r + 587*g + 114*b) / 1000 >> 8)
	}
	var shades [256]int
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		for x := inner.Min.X; x < inner.Max.X; x++ {
			shades[shade(x, y)]++
		}
	}
	darkest := median(shades, inner.Dx()*inner.Dy()) - blankInk
	tiles, ink := map[image.Point]int{}, 0
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		for x := inner.Min.X; x < inner.Max.X; x++ {
			if shade(x, y) >= darkest {
				continue
			}
			at := image.Pt(x/blankTile, y/blankTile)
			if tiles[at]++; tiles[at] > blankSpeck {
				return false
			}
			ink++
		}
	}
	return float64(ink) <= blankShare*float64(inner.Dx()*inner.Dy())
}

// median is the shade in the middle of all pixels: the paper's.
func median(shades [256]int, total int) int {
	sum := 0
	for s, n := range shades {
		if sum += n; 2*sum >= total {
			return s
		}
	}
	return 255
}
