package page

import (
	"context"
	"strconv"
	"strings"
)

// A pdfImage is an image that is drawn on a page of a PDF.
type pdfImage struct {
	kind          string  // image, stencil (one colour through a mask), mask, smask
	width, height int     // pixels
	color         string  // gray, rgb, cmyk, ...
	bits          int     // a component
	encoding      string  // jpeg, ccitt, jbig2, jpx, image
	dpiX, dpiY    float64 // as drawn
}

// inches is the size in which the image is drawn.
func (m pdfImage) inches() (w, h float64) {
	if m.dpiX <= 0 || m.dpiY <= 0 {
		return 0, 0
	}
	return float64(m.width) / m.dpiX, float64(m.height) / m.dpiY
}

// images lists the images of all pages. Pages without one are missing.
func (w *reading) images(ctx context.Context) (map[int][]pdfImage, error) {
	out, complaints, err := w.tool("pdfimages", "-list", w.file).output(ctx)
	if err != nil && len(out) == 0 {
		return nil, pdfFault(ctx, err, complaints)
	}
	return parseImages(string(out)), nil
}

// parseImages reads the table of pdfimages -list: page num type width height color comp bpc enc interp object ID x-ppi y-ppi size ratio.
func parseImages(table string) map[int][]pdfImage {
	all := map[int][]pdfImage{}
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 14 {
			continue
		}
		page, err := strconv.Atoi(f[0])
		if err != nil {
			continue // the heading
		}
		n := len(f) // "inline" images have "[inline]" for object and ID, one column less
		m := pdfImage{kind: f[2], color: f[5], encoding: f[8]}
		m.width, _ = strconv.Atoi(f[3])
		m.height, _ = strconv.Atoi(f[4])
		m.bits, _ = strconv.Atoi(f[7])
		m.dpiX, _ = strconv.ParseFloat(f[n-4], 64)
		m.dpiY, _ = strconv.ParseFloat(f[n-3], 64)
		all[page] = append(all[page], m)
	}
	return all
}

// coverage is the share of a page of the given size in points that images cover, at most 1.
func coverage(images []pdfImage, width, height float64) float64 {
	if width <= 0 || height <= 0 {
		return 0
	}
	sum := 0.0
	for _, m := range images {
		if m.kind == "image" || m.kind == "stencil" {
			w, h := m.inches()
			sum += min(w, width/72) * min(h, height/72)
		}
	}
	return min(1, sum/(width*height/72/72))
}

// wholePage gives the one image that is the page, drawn upright: what a scanner writes. Such an image need not be rendered.
func wholePage(images []pdfImage, width, height float64) (pdfImage, bool) {
	if len(images) != 1 || images[0].kind != "image" {
		return pdfImage{}, false
	}
	m := images[0]
	w, h := m.inches()
	fits := func(inches, points float64) bool { return inches > 0.93*points/72 && inches < 1.07*points/72 }
	plain := m.encoding == "jpeg" && (m.color == "gray" || m.color == "rgb") || m.encoding == "ccitt" || m.encoding == "jbig2" || m.encoding == "image" && m.color != "cmyk"
	return m, plain && fits(w, width) && fits(h, height) && m.dpiX >= 70 && m.dpiX <= 650
}
