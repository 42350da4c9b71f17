package tesseract

/*
#include <stdio.h>
#include <stdlib.h>
#include <leptonica/allheaders.h>
*/
import "C"

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"unsafe"

	"docket/repository/fault"
)

// maxPixels is the largest image that is decoded: an A0 drawing at 300 dpi has 140 million.
const maxPixels = 150_000_000

// maxPages bounds how many images of one TIFF are counted; a file that claims more is broken or hostile.
const maxPages = 10_000

// A header is what a file says of its image before anything is decoded.
type header struct {
	format, width, height int
}

// readHeader looks at image index of a file without decoding it.
func readHeader(file string, index int) (header, error) {
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	var format, w, h, bps, spp, iscmap C.l_int32
	if C.pixReadHeader(name, &format, &w, &h, &bps, &spp, &iscmap) != 0 {
		return header{}, fault.New(fault.Invalid, "The image cannot be read: the file is damaged or not complete.")
	}
	if index > 0 {
		var res, cmap, f C.l_int32
		if C.readHeaderTiff(name, C.l_int32(index), &w, &h, &bps, &spp, &res, &cmap, &f) != 0 {
			return header{}, fault.New(fault.Invalid, "Page %d of the image file cannot be read: the file is damaged or not complete.", index+1)
		}
	}
	return header{int(format), int(w), int(h)}, nil
}

func (h header) isTIFF() bool {
	switch C.l_int32(h.format) {
	case C.IFF_TIFF, C.IFF_TIFF_PACKBITS, C.IFF_TIFF_RLE, C.IFF_TIFF_G3, C.IFF_TIFF_G4, C.IFF_TIFF_LZW, C.IFF_TIFF_ZIP, C.IFF_TIFF_JPEG:
		return true
	}
	return false
}

// count says how many images a file holds: more than one only in TIFF.
func count(file string) (int, error) {
	h, err := readHeader(file, 0)
	if err != nil {
		return 0, err
	}
	if !h.isTIFF() {
		return 1, nil
	}
	name, mode := C.CString(file), C.CString("rb")
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(mode))
	f := C.fopen(name, mode)
	if f == nil {
		return 0, fmt.Errorf("open %s: %w", file, os.ErrNotExist)
	}
	defer C.fclose(f)
	var n C.l_int32
	if C.tiffGetCount(f, &n) != 0 || n < 1 {
		return 1, nil
	}
	if n > maxPages {
		return 0, fault.New(fault.TooLarge, "The TIFF file claims to hold %d pages. At most %d are read.", int(n), maxPages)
	}
	return int(n), nil
}

// decode reads image index of a file as 1, 8 or 32 bits a pixel, upright as its EXIF data or its TIFF tag say.
func decode(file string, index int) (pix, error) {
	h, err := readHeader(file, index)
	if err != nil {
		return pix{}, err
	}
	reduction := 1
	for h.width/reduction*(h.height/reduction) > maxPixels {
		if h.format != C.IFF_JFIF_JPEG || reduction == 8 {
			return pix{}, fault.New(fault.TooLarge, "The image has %d by %d pixels, which is more than can be read. Please send it at a lower resolution.", h.width, h.height)
		}
		reduction *= 2
	}
	raw, err := decodeRaw(file, index, h, reduction)
	if err != nil {
		return pix{}, fault.Wrap(err, fault.Invalid, "The image cannot be read: the file is damaged or not complete.")
	}
	defer raw.free()
	p, err := raw.plain()
	if err != nil {
		return pix{}, err
	}
	if h.format == C.IFF_JFIF_JPEG {
		if err := upright(&p, exifOrientation(file)); err != nil {
			p.free()
			return pix{}, err
		}
	}
	return p, nil
}

func decodeRaw(file string, index int, h header, reduction int) (pix, error) {
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	switch {
	case h.isTIFF():
		return own(C.pixReadTiff(name, C.l_int32(index)), "decode TIFF")
	case h.format == C.IFF_JFIF_JPEG:
		return own(C.pixReadJpeg(name, 0, C.l_int32(reduction), nil, 0), "decode JPEG")
	}
	return own(C.pixRead(name), "decode")
}

// upright applies an EXIF orientation (1 to 8) to p.
func upright(p *pix, orientation int) error {
	if orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7 {
		if err := p.become(p.flipped()); err != nil {
			return err
		}
	}
	quarters := map[int]int{3: 2, 4: 2, 5: 3, 6: 1, 7: 1, 8: 3}[orientation]
	if quarters == 0 {
		return nil
	}
	return p.become(p.turned(quarters))
}

// exifOrientation finds the orientation tag of a JPEG in its first 64 KB, 1 when there is none.
func exifOrientation(file string) int {
	f, err := os.Open(file)
	if err != nil {
		return 1
	}
	defer f.Close()
	head := make([]byte, 64<<10)
	n, _ := f.Read(head)
	return orientationTag(head[:n])
}

// orientationTag reads tag 0x0112 of the first image directory of an EXIF segment (EXIF 2.3, section 4.6).
func orientationTag(jpeg []byte) int {
	at := bytes.Index(jpeg, []byte("Exif\x00\x00"))
	if at < 0 || len(jpeg) < at+14 {
		return 1
	}
	tiff := jpeg[at+6:]
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	dir := int(order.Uint32(tiff[4:]))
	if dir < 8 || dir+2 > len(tiff) {
		return 1
	}
	entries := int(order.Uint16(tiff[dir:]))
	for i := range entries {
		e := dir + 2 + 12*i
		if e+12 > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if v := int(order.Uint16(tiff[e+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}
