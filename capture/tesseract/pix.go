package tesseract

/*
#cgo pkg-config: lept tesseract
#include <stdlib.h>
#include <leptonica/allheaders.h>

// leptonica's bool-like results are l_ok: 0 is success.
static void quiet(void) { setMsgSeverity(L_SEVERITY_NONE); }

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
*/
import "C"

import (
	"errors"
	"fmt"
	"image"
	"unsafe"
)

var errLeptonica = errors.New("leptonica refused")

// A pix is an image in leptonica's memory. It is not safe for concurrent use and must be freed.
type pix struct{ p *C.PIX }

func silence() { C.quiet() }

// own wraps what a leptonica function returned; NULL is its way to fail.
func own(p *C.PIX, what string) (pix, error) {
	if p == nil {
		return pix{}, fmt.Errorf("%s: %w", what, errLeptonica)
	}
	return pix{p}, nil
}

func (x *pix) free() {
	if x.p != nil {
		C.pixDestroy(&x.p)
	}
}

// become frees what x held and makes it y. When err is set x stays as it was, so that a step that fails is a step left out.
func (x *pix) become(y pix, err error) error {
	if err != nil {
		return err
	}
	if x.p != y.p {
		x.free()
	}
	x.p = y.p
	return nil
}

func (x pix) width() int  { return int(C.pixGetWidth(x.p)) }
func (x pix) height() int { return int(C.pixGetHeight(x.p)) }
func (x pix) depth() int  { return int(C.pixGetDepth(x.p)) }

// resolution in dots per inch as the file states it, 0 when it does not.
func (x pix) resolution() (int, int) { return int(C.pixGetXRes(x.p)), int(C.pixGetYRes(x.p)) }

func (x pix) setResolution(dpi int) { C.pixSetResolution(x.p, C.l_int32(dpi), C.l_int32(dpi)) }

// clone is a second handle on the same pixels.
func (x pix) clone() pix { return pix{C.pixClone(x.p)} }

// plain removes colour map, alpha and odd depths: what comes out is 1, 8 or 32 bits a pixel.
func (x pix) plain() (pix, error) {
	p, err := own(C.pixRemoveColormap(x.p, C.REMOVE_CMAP_BASED_ON_SRC), "remove colour map")
	if err != nil {
		return p, err
	}
	if p.depth() == 32 && C.pixGetSpp(p.p) == 4 {
		if err := p.become(own(C.pixAlphaBlendUniform(p.p, 0xffffff00), "remove alpha")); err != nil {
			p.free()
			return pix{}, err
		}
	}
	if d := p.depth(); d == 1 || d == 8 || d == 32 {
		return p, nil
	}
	if err := p.become(own(C.pixConvertTo8Or32(p.p, C.L_COPY, 0), "convert")); err != nil {
		p.free()
		return pix{}, err
	}
	return p, nil
}

// grey is x at 8 bits a pixel; the handle is always a new one.
func (x pix) grey() (pix, error) {
	switch x.depth() {
	case 8:
		return x.clone(), nil
	case 32:
		return own(C.pixConvertRGBToLuminance(x.p), "grey")
	}
	return own(C.pixConvertTo8(x.p, 0), "grey")
}

// coloured says whether a visible part of a 32-bit image is coloured.
func (x pix) coloured() bool {
	var pixels, colours C.l_float32
	factor := max(1, min(x.width(), x.height())/400)
	if C.pixColorFraction(x.p, 20, 245, 30, C.l_int32(factor), &pixels, &colours) != 0 {
		return true
	}
	return colours*pixels > 0.0005
}

// turned is x turned clockwise by quarters of a turn.
func (x pix) turned(quarters int) (pix, error) {
	return own(C.pixRotateOrth(x.p, C.l_int32(quarters)), "turn")
}

// flipped mirrors x from left to right.
func (x pix) flipped() (pix, error) { return own(C.pixFlipLR(nil, x.p), "flip") }

// rotated turns x by radians clockwise about its middle, keeping its size; white comes in at the edges.
func (x pix) rotated(radians float64) (pix, error) {
	method := C.l_int32(C.L_ROTATE_AREA_MAP)
	if x.depth() == 1 {
		method = C.L_ROTATE_SAMPLING
	}
	return own(C.pixRotate(x.p, C.l_float32(radians), method, C.L_BRING_IN_WHITE, 0, 0), "rotate")
}

// scaled resizes x: linear interpolation upwards, area mapping downwards.
func (x pix) scaled(fx, fy float64) (pix, error) {
	if fx == 1 && fy == 1 {
		return x.clone(), nil
	}
	cx, cy := C.l_float32(fx), C.l_float32(fy)
	if fx < 0.7 && fx == fy {
		if x.depth() == 1 {
			return own(C.pixScaleToGray(x.p, cx), "scale to grey")
		}
		return own(C.pixScaleAreaMap(x.p, cx, cy), "scale")
	}
	if x.depth() == 1 {
		return own(C.pixScale(x.p, cx, cy), "scale")
	}
	if fx >= 0.7 {
		return own(C.pixScaleLI(x.p, cx, cy), "scale")
	}
	return own(C.pixScale(x.p, cx, cy), "scale")
}

// clipped is a copy of a part of x.
func (x pix) clipped(r image.Rectangle) (pix, error) {
	box := C.boxCreate(C.l_int32(r.Min.X), C.l_int32(r.Min.Y), C.l_int32(r.Dx()), C.l_int32(r.Dy()))
	if box == nil {
		return pix{}, fmt.Errorf("clip: %w", errLeptonica)
	}
	defer C.boxDestroy(&box)
	return own(C.pixClipRectangle(x.p, box, nil), "clip")
}

// threshold makes pixels darker than level black.
func (x pix) threshold(level int) (pix, error) {
	return own(C.pixThresholdToBinary(x.p, C.l_int32(level)), "threshold")
}

// histogram counts the grey values of every step-th pixel in both directions.
func (x pix) histogram(step int) [256]float64 {
	var h [256]float64
	n := C.pixGetGrayHistogram(x.p, C.l_int32(step))
	if n == nil {
		return h
	}
	defer C.numaDestroy(&n)
	for i := range h {
		var v C.l_float32
		C.numaGetFValue(n, C.l_int32(i), &v)
		h[i] = float64(v)
	}
	return h
}

// normalised evens out the background of a grey or colour image to near white.
func (x pix) normalised() (pix, error) {
	return own(C.pixBackgroundNormSimple(x.p, nil, nil), "normalise background")
}

// stretched maps grey values so that black and white become 0 and 255.
func (x pix) stretched(gamma float64, black, white int) (pix, error) {
	return own(C.pixGammaTRC(nil, x.p, C.l_float32(gamma), C.l_int32(black), C.l_int32(white)), "stretch")
}

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
	if err := large.become(own(C.pixDilateBrick(nil, large.p, grown, grown), "grow letters")); err != nil {
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
	near, err := own(C.pixDilateBrick(nil, x.p, side, side), "grow ink")
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
	lines, err := own(C.pixOpenBrick(nil, small.p, w, h), "find rules")
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
		return own(C.pixOpenBrick(nil, p, C.l_int32(along), C.l_int32(aside)), "find rules")
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

// paint sets the pixels of x that are set in mask to white.
func (x pix) paint(mask pix) {
	white := C.l_uint32(0xff)
	if x.depth() == 1 {
		white = 0
	}
	C.pixSetMasked(x.p, mask.p, white)
}

// copied is x with pixels of its own.
func (x pix) copied() (pix, error) { return own(C.pixCopy(nil, x.p), "copy") }

// skew finds by how many degrees a 1-bit image must be turned clockwise to be straight, and how sure that is (3 and more is sure).
// It looks at the image reduced by reduce, 1 or 2, and first at half of that.
func (x pix) skew(rangeDegrees float64, reduce int) (angle, confidence float64) {
	var a, c C.l_float32
	if C.pixFindSkewSweepAndSearch(x.p, &a, &c, C.l_int32(2*reduce), C.l_int32(reduce), C.l_float32(rangeDegrees), 1, 0.01) != 0 {
		return 0, 0
	}
	return float64(a), float64(c)
}

// jpeg encodes x; 1-bit images become grey.
func (x pix) jpeg(quality int) ([]byte, error) {
	g := x
	if x.depth() == 1 {
		var err error
		if g, err = x.grey(); err != nil {
			return nil, err
		}
		defer g.free()
	}
	var data *C.l_uint8
	var size C.size_t
	if C.pixWriteMemJpeg(&data, &size, g.p, C.l_int32(quality), 0) != 0 {
		return nil, fmt.Errorf("encode JPEG: %w", errLeptonica)
	}
	return take(data, size), nil
}

// png encodes x without loss.
func (x pix) png() ([]byte, error) {
	C.pixSetZlibCompression(x.p, 3)
	var data *C.l_uint8
	var size C.size_t
	if C.pixWriteMemPng(&data, &size, x.p, 0) != 0 {
		return nil, fmt.Errorf("encode PNG: %w", errLeptonica)
	}
	return take(data, size), nil
}

// take copies leptonica's bytes into Go's memory and frees them.
func take(data *C.l_uint8, size C.size_t) []byte {
	defer C.lept_free(unsafe.Pointer(data))
	return C.GoBytes(unsafe.Pointer(data), C.int(size))
}
