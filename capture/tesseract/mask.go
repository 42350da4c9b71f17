package tesseract

/*
#include <leptonica/allheaders.h>

// boxes copies the boxes of a into out, four numbers each, and frees a.
static void boxes(BOXA *a, int32_t *out) {
	for (int i = 0; i < a->n; i++) {
		BOX *b = a->box[i];
		out[4*i] = b->x; out[4*i+1] = b->y; out[4*i+2] = b->w; out[4*i+3] = b->h;
	}
	boxaDestroy(&a);
}

// small gives the components of x that are at most w by h pixels.
static PIX *small(PIX *x, int w, int h) {
	return pixSelectBySize(x, w, h, 8, L_SELECT_IF_BOTH, L_SELECT_IF_LTE, NULL);
}

// invertBox turns every bit in a box of x over.
static void invertBox(PIX *x, int left, int top, int w, int h) {
	pixRasterop(x, left, top, w, h, PIX_NOT(PIX_DST), NULL, 0, 0);
}
*/
import "C"

import (
	"image"
	"unsafe"
)

// components gives the boxes of the connected black parts of a 1-bit image.
func (x pix) components() []image.Rectangle {
	a := C.pixConnCompBB(x.p, 8)
	if a == nil {
		return nil
	}
	n := int(C.boxaGetCount(a))
	flat := make([]int32, 4*n+1)
	C.boxes(a, (*C.int32_t)(unsafe.Pointer(&flat[0])))
	out := make([]image.Rectangle, n)
	for i := range out {
		f := flat[4*i:]
		out[i] = image.Rect(int(f[0]), int(f[1]), int(f[0]+f[2]), int(f[1]+f[3]))
	}
	return out
}

// lonelySpecks are the components of a 1-bit image that fit into a square of size pixels and stand further than reach from
// anything larger.
func (x pix) lonelySpecks(size, reach int) (pix, error) {
	dots, err := own(C.small(x.p, C.int(size), C.int(size)), "find specks")
	if err != nil {
		return pix{}, err
	}
	defer dots.free()
	large, err := own(C.pixXor(nil, x.p, dots.p), "find letters")
	if err != nil {
		return pix{}, err
	}
	defer large.free()
	grown := C.l_int32(2*reach + 1)
	if err := large.become(own(C.pixDilateCompBrick(nil, large.p, grown, grown), "grow letters")); err != nil {
		return pix{}, err
	}
	return own(C.pixSubtract(nil, dots.p, large.p), "find specks")
}

// specks are the lonely ones and all others that fit into a square of size pixels, grown by a pixel to all sides.
func (x pix) specks(lonely pix, size int) (pix, error) {
	mask, err := lonely.copied()
	if err != nil {
		return mask, err
	}
	if size > 0 {
		least, err := own(C.small(x.p, C.int(size), C.int(size)), "find specks")
		if err != nil {
			mask.free()
			return pix{}, err
		}
		C.pixOr(mask.p, mask.p, least.p)
		least.free()
	}
	if err := mask.become(own(C.pixDilateBrick(nil, mask.p, 3, 3), "grow specks")); err != nil {
		mask.free()
		return pix{}, err
	}
	return mask, nil
}

// away is set where no pixel of a 1-bit image is set within reach.
func (x pix) away(reach int) (pix, error) {
	side := C.l_int32(2*reach + 1)
	near, err := own(C.pixDilateCompBrick(nil, x.p, side, side), "grow ink")
	if err != nil {
		return pix{}, err
	}
	defer near.free()
	return own(C.pixInvert(nil, near.p), "find paper")
}

// mayHaveRules looks for lines at a quarter of the resolution, which costs a sixteenth.
func (x pix) mayHaveRules(length int, across bool) bool {
	small, err := own(C.pixReduceRankBinaryCascade(x.p, 1, 1, 0, 0), "reduce")
	if err != nil {
		return true
	}
	defer small.free()
	w, h := C.l_int32(length/4), C.l_int32(1)
	if !across {
		w, h = h, w
	}
	lines, err := own(C.pixOpenCompBrick(nil, small.p, w, h), "find rules")
	if err != nil {
		return true
	}
	defer lines.free()
	var empty C.l_int32
	return C.pixZero(lines.p, &empty) != 0 || empty == 0
}

// rules are the lines of a 1-bit image, across or down, that are at least length long and at most thick pixels thick, grown by a
// pixel to both sides. Where a stroke crosses a line it is left out.
func (x pix) rules(length, thick int, across bool) (pix, error) {
	brick := func(p *C.PIX, along, aside int) (pix, error) {
		if !across {
			along, aside = aside, along
		}
		return own(C.pixOpenCompBrick(nil, p, C.l_int32(along), C.l_int32(aside)), "find rules")
	}
	lines, err := brick(x.p, length, 1)
	if err != nil {
		return pix{}, err
	}
	strokes, err := brick(x.p, 1, thick+2)
	if err != nil {
		lines.free()
		return pix{}, err
	}
	defer strokes.free()
	w, h := C.l_int32(1), C.l_int32(3)
	if !across {
		w, h = h, w
	}
	if err := lines.become(own(C.pixDilateBrick(nil, lines.p, w, h), "grow rules")); err != nil {
		lines.free()
		return pix{}, err
	}
	if err := lines.become(own(C.pixSubtract(nil, lines.p, strokes.p), "keep strokes")); err != nil {
		lines.free()
		return pix{}, err
	}
	return lines, nil
}

// banners are the boxes of a 1-bit image that are mostly black and at least as wide and high as said: light text on a dark ground,
// dark pictures, the black edge of a scan. They are looked for at a quarter of the resolution, letters bridged.
func (x pix) banners(width, height, bridge int) []image.Rectangle {
	small, err := own(C.pixReduceRankBinaryCascade(x.p, 2, 2, 0, 0), "reduce")
	if err != nil {
		return nil
	}
	defer small.free()
	quarter := func(n int) C.l_int32 { return C.l_int32(max(1, n/4)) }
	if small.become(own(C.pixCloseCompBrick(nil, small.p, quarter(bridge), 1), "bridge letters")) != nil ||
		small.become(own(C.pixOpenCompBrick(nil, small.p, quarter(width), quarter(height)), "find banners")) != nil {
		return nil
	}
	var found []image.Rectangle
	for _, b := range small.components() {
		b = image.Rect(4*b.Min.X, 4*b.Min.Y, min(4*b.Max.X, x.width()), min(4*b.Max.Y, x.height()))
		if x.inked(b) >= bannerInk {
			found = append(found, b)
		}
	}
	return found
}

// inked is the share of a box of a 1-bit image that is black.
func (x pix) inked(b image.Rectangle) float64 {
	part, err := x.clipped(b)
	if err != nil {
		return 0
	}
	defer part.free()
	var n C.l_int32
	if C.pixCountPixels(part.p, &n, nil) != 0 {
		return 0
	}
	return float64(n) / float64(b.Dx()*b.Dy())
}

// invert makes light dark and dark light in a box of a grey or 1-bit image.
func (x pix) invert(b image.Rectangle) {
	C.invertBox(x.p, C.int(b.Min.X), C.int(b.Min.Y), C.int(b.Dx()), C.int(b.Dy()))
}
