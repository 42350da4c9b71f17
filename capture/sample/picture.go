package sample

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/jpeg"
	"image/png"
	"math"
)

// encodeJPEG writes a picture as JPEG with its resolution. The encoder of the standard library writes no JFIF header.
func encodeJPEG(p *picture, quality int) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p.image(), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode jpeg: %w", err)
	}
	header := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(header[14:], uint16(p.dpiX))
	binary.BigEndian.PutUint16(header[16:], uint16(p.dpiY))
	return append(header, b.Bytes()[2:]...), nil
}

// encodePNG writes a picture as grey PNG with its resolution (chunk pHYs, pixels a metre), which the standard library omits.
func encodePNG(p *picture) ([]byte, error) {
	grey := *p
	grey.cb = nil
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := e.Encode(&b, grey.image()); err != nil {
		return nil, fmt.Errorf("encode png: %w", err)
	}
	const headerEnd = 8 + 25 // signature and IHDR
	chunk := []byte{0, 0, 0, 9, 'p', 'H', 'Y', 's'}
	chunk = binary.BigEndian.AppendUint32(chunk, metre(p.dpiX))
	chunk = binary.BigEndian.AppendUint32(chunk, metre(p.dpiY))
	chunk = append(chunk, 1)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	out := append([]byte(nil), b.Bytes()[:headerEnd]...)
	return append(append(out, chunk...), b.Bytes()[headerEnd:]...), nil
}

func metre(dpi int) uint32 { return uint32(math.Round(float64(dpi) / 0.0254)) }
