package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"docket/repository/fault"
)

const (
	shownDPI      = 110        // of page images of born-digital pages
	scanDPI       = 300        // of pages rendered for recognition
	maxPagePixels = 40_000_000 // of a rendered page; a larger page is rendered at a lower resolution
	scanCoverage  = 0.5        // share of a page under images from which on it may be a scan
)

// readPDF takes the text of pages that have it and recognises the others.
func readPDF(w *reading, ctx context.Context) error {
	info, err := w.inspect(ctx)
	if err != nil {
		return err
	}
	if info.pages > w.config.MaxPages {
		return tooManyPages(info.pages, w.config.MaxPages)
	}
	if err := w.noteInfo(info); err != nil {
		return err
	}
	images, err := w.images(ctx)
	if err != nil {
		return err
	}
	return w.pdfPages(ctx, info.pages, images)
}

func (w *reading) noteInfo(info pdfInfo) error {
	has, err := signed(w.file)
	if err != nil {
		return err
	}
	if has {
		w.flag(Signed)
	}
	if info.encrypted {
		w.flag(Protected)
	}
	if info.damaged {
		w.flag(Repaired)
	}
	w.doc.Meta = Meta{Title: info.title, Author: info.author, Date: info.created}
	return nil
}

// textBatch is how many pages' text is taken in one run: enough to share the start of the tool, few enough for memory.
const textBatch = 16

// pdfPages takes the text of a batch of pages and starts the work on each.
func (w *reading) pdfPages(ctx context.Context, pages int, images map[int][]pdfImage) error {
	for from := 1; from <= pages; from += textBatch {
		batch, err := w.texts(ctx, from, min(from+textBatch-1, pages))
		if err != nil {
			return err
		}
		for i, p := range batch {
			number := from + i
			err := w.one(ctx, number, func(ctx context.Context) (Page, error) { return w.pdfPage(ctx, number, p, images[number]) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// texts takes the text of some pages. Pages whose text the tool does not reach are empty: they will be recognised.
func (w *reading) texts(ctx context.Context, from, to int) ([]pdfPage, error) {
	batch := make([]pdfPage, 0, to-from+1)
	f, l := strconv.Itoa(from), strconv.Itoa(to)
	complaints, err := w.tool("pdftotext", "-bbox-layout", "-f", f, "-l", l, w.file, "-").stream(ctx, func(r io.Reader) error {
		return parseBBox(io.LimitReader(r, maxToolOutput), func(p pdfPage) error {
			if len(batch) < cap(batch) {
				batch = append(batch, p)
			}
			return nil
		})
	})
	if ctx.Err() != nil || err != nil && !errors.Is(err, errTool) && !errors.Is(err, context.DeadlineExceeded) {
		return nil, pdfFault(ctx, err, complaints)
	}
	return batch[:cap(batch)], nil
}

// pdfPage decides what a page is: text, or an image of text.
func (w *reading) pdfPage(ctx context.Context, number int, p pdfPage, images []pdfImage) (Page, error) {
	covered := coverage(images, p.width, p.height)
	switch {
	case len(p.words) > 0 && covered < scanCoverage && readable(p.words):
		return w.textPage(ctx, number, p)
	case len(p.words) == 0:
		return w.scannedPage(ctx, number, p, images)
	}
	// A scan with a text layer, a page of text on a picture, or text whose letters are not what they seem: what is seen decides.
	seen, err := w.scannedPage(ctx, number, p, images)
	if err != nil || agrees(p.words, seen.Layout.Words) && readable(p.words) {
		if t, terr := w.textPage(ctx, number, p); terr == nil {
			return t, nil
		}
	}
	return seen, err
}

// textPage takes a page that holds its text. The first ones are drawn, for the eye only.
func (w *reading) textPage(ctx context.Context, number int, p pdfPage) (Page, error) {
	dpi := bounded(shownDPI, p.width, p.height)
	page := Page{Layout: p.layout(dpi), MediaType: "image/jpeg"}
	if number > drawnAtOnce && page.Layout.Width > 0 && page.Layout.Height > 0 {
		return page, nil
	}
	var err error
	page.Image, page.Thumb, err = w.draw(ctx, number, "-r", strconv.Itoa(dpi))
	return page, err
}

// scannedPage recognises a page: from its one image when the page is nothing else, or rendered.
func (w *reading) scannedPage(ctx context.Context, number int, p pdfPage, images []pdfImage) (Page, error) {
	dir, remove, err := w.temp()
	if err != nil {
		return Page{}, err
	}
	defer remove()
	if m, ok := wholePage(images, p.width, p.height); ok && len(p.words) == 0 {
		if file, err := w.extract(ctx, number, dir); err == nil {
			seen, err := w.recognise(ctx, file, 0, int(math.Round(m.dpiX)))
			if err == nil && seen.Layout.Confidence > 0.5 {
				return seen, nil
			}
		}
	}
	dpi := bounded(renderDPI(images), p.width, p.height)
	file, err := w.render(ctx, number, dpi, dir)
	if err != nil {
		return Page{}, err
	}
	return w.recognise(ctx, file, 0, dpi)
}

// renderDPI is that of the page's finest large image, between 150 and 300.
func renderDPI(images []pdfImage) int {
	best := 0.0
	for _, m := range images {
		if w, h := m.inches(); w*h > 10 { // a tenth of a page
			best = max(best, m.dpiX, m.dpiY)
		}
	}
	if best == 0 {
		return scanDPI
	}
	return int(min(max(best, 150), scanDPI))
}

// bounded lowers a resolution until a page of a size in points has not too many pixels.
func bounded(dpi int, width, height float64) int {
	inches := width / 72 * height / 72
	if inches*float64(dpi)*float64(dpi) <= maxPagePixels {
		return dpi
	}
	return max(1, int(math.Sqrt(maxPagePixels/inches)))
}

func (w *reading) render(ctx context.Context, number, dpi int, dir string) (string, error) {
	n, prefix := strconv.Itoa(number), filepath.Join(dir, "page")
	_, complaints, err := w.tool("pdftoppm", "-r", strconv.Itoa(dpi), "-f", n, "-l", n, "-singlefile", w.file, prefix).output(ctx)
	if err != nil {
		return "", pdfFault(ctx, err, complaints)
	}
	if _, err := os.Stat(prefix + ".ppm"); err != nil {
		return "", fault.Wrap(err, fault.Invalid, "Page %d of the PDF cannot be shown: it is damaged.", number)
	}
	return prefix + ".ppm", nil
}

// extract takes the image out of a page that has but one.
func (w *reading) extract(ctx context.Context, number int, dir string) (string, error) {
	n := strconv.Itoa(number)
	if _, _, err := w.tool("pdfimages", "-j", "-f", n, "-l", n, w.file, filepath.Join(dir, "image")).output(ctx); err != nil {
		return "", err
	}
	files, err := filepath.Glob(filepath.Join(dir, "image-*"))
	if err != nil || len(files) != 1 || strings.HasSuffix(files[0], ".jb2e") {
		return "", fmt.Errorf("take the image out of page %d: %d files", number, len(files))
	}
	return files[0], nil
}
