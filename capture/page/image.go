package page

import (
	"bytes"
	"context"

	"docket/repository/fault"
)

// readImages reads an image file: each image of a TIFF is a page.
func readImages(w *reading, ctx context.Context) error {
	n, err := w.ocr.CountImages(ctx, w.file)
	if err != nil {
		return err
	}
	if n > w.config.MaxPages {
		return tooManyPages(n, w.config.MaxPages)
	}
	return w.each(ctx, n, func(ctx context.Context, number int) (Page, error) {
		return w.recognise(ctx, w.file, number-1, 0)
	})
}

// recognise reads one image.
func (w *reading) recognise(ctx context.Context, file string, index, dpi int) (Page, error) {
	layout, image, thumb, err := w.ocr.ReadImage(ctx, file, index, dpi, w.hint())
	if err != nil {
		return Page{}, err
	}
	return Page{Layout: layout, Image: image, MediaType: imageType(image), Thumb: thumb}, nil
}

// imageType tells the two kinds of page images apart.
func imageType(image []byte) string {
	if bytes.HasPrefix(image, []byte("\x89PNG")) {
		return "image/png"
	}
	return "image/jpeg"
}

func tooManyPages(n, most int) error {
	return fault.New(fault.TooLarge, "The document has %d pages; at most %d are read. Please split it.", n, most)
}
