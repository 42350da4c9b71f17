package tesseract

/*
#cgo pkg-config: lept tesseract
#include <stdlib.h>
#include <leptonica/allheaders.h>

// leptonica's bool-like results are l_ok: 0 is success.
static void quiet(void) { setMsgSeverity(L_SEVERITY_NONE); }
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

// become frees what x held and makes it y, which may be a second handle on the same pixels. When err is set x stays as it was,
// so that a step that fails is a step left out.
func (x *pix) become(y pix, err error) error {
	if err != nil {
		return err
	}
	x.free()
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

// sampled is every so many-th pixel of x in both directions, which is quick and rough.
func (x pix) sampled(each int) (pix, error) {
	f := C.l_float32(1 / float64(each))
	return own(C.pixScaleBySampling(x.p, f, f), "sample")
}

// sharpened is x with the edges of its letters made steeper.
func (x pix) sharpened() (pix, error) { return own(C.pixUnsharpMasking(x.p, 1, 1), "sharpen") }

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
