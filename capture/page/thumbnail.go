package page

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // page images are JPEG or PNG

	"golang.org/x/image/draw"
)

const (
	thumbHeight  = 280 // pixels
	thumbQuality = 70
)

// thumbnail is a small JPEG of a page image that we made ourselves.
func thumbnail(encoded []byte) ([]byte, error) {
	m, _, err := image.Decode(bytes.NewReader(encoded))
	if err != nil {
		return nil, fmt.Errorf("make a thumbnail: %w", err)
	}
	return smaller(m)
}

func smaller(m image.Image) ([]byte, error) {
	b := m.Bounds()
	h := min(thumbHeight, b.Dy())
	small := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*h/max(1, b.Dy())), max(1, h)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), m, b, draw.Src, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: thumbQuality}); err != nil {
		return nil, fmt.Errorf("make a thumbnail: %w", err)
	}
	return out.Bytes(), nil
}
