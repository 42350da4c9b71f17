package page

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"

	"docket/repository/fault"
)

// drawnAtOnce is how many first pages of a PDF with text are drawn while it is read. Most documents end before; of a long one
// the other pages are drawn when somebody looks at them (Picture).
const drawnAtOnce = 8

// Picture draws a page of a PDF as a JPEG of exactly so many pixels, with a thumbnail. It takes its turn with the pages that
// are being read. A page that cannot be drawn is a fault of kind Invalid, a machine without poppler one of kind Unavailable.
func (r *Reader) Picture(ctx context.Context, file string, number, width, height int) (image, thumb []byte, err error) {
	w := &reading{Reader: r, file: file}
	if err := w.begin(ctx); err != nil {
		return nil, nil, err
	}
	defer func() { <-w.work }()
	return w.draw(ctx, number, "-scale-to-x", strconv.Itoa(width), "-scale-to-y", strconv.Itoa(height))
}

// draw draws a page for the eye, at a size that poppler is told.
func (w *reading) draw(ctx context.Context, number int, size ...string) (image, thumb []byte, err error) {
	n := strconv.Itoa(number)
	image, complaints, err := w.tool("pdftoppm", append(size, "-f", n, "-l", n, "-jpeg", "-jpegopt", "quality=75", w.file)...).output(ctx)
	if errors.Is(err, exec.ErrNotFound) {
		return nil, nil, fault.Wrap(err, fault.Unavailable, "Pages of PDFs cannot be drawn on this machine: poppler-utils is missing. The document itself can be downloaded.")
	}
	if err == nil && len(image) == 0 {
		err = errTool
	}
	if err != nil {
		return nil, nil, pdfFault(ctx, err, complaints)
	}
	if thumb, err = thumbnail(image); err != nil {
		return nil, nil, fmt.Errorf("page %d: %w", number, err)
	}
	return image, thumb, nil
}
