package sample

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/tiff"
)

// TestTIFFIsReadByAnotherReader writes pictures in each compression and reads them with golang.org/x/image/tiff.
func TestTIFFIsReadByAnotherReader(t *testing.T) {
	t.Parallel()
	for _, compression := range []int{plainPixels, groupFour, lzw, deflate} {
		for _, w := range []int{1, 7, 8, 64, 333, 3000} {
			p := testPicture(w, 41, compression == groupFour)
			got, err := tiff.Decode(bytes.NewReader(encodeTIFF([]*picture{p}, compression)))
			if err != nil {
				t.Fatalf("compression %d, width %d: %v", compression, w, err)
			}
			if !bytes.Equal(p.gray, grayOf(got)) {
				t.Errorf("compression %d, width %d: the pixels differ", compression, w)
			}
		}
	}
}

// testPicture is noise with runs of all lengths.
func testPicture(w, h int, bilevel bool) *picture {
	random := rand.New(rand.NewPCG(uint64(w), 3))
	p := &picture{w: w, h: h, gray: make([]uint8, w*h), bilevel: bilevel, dpiX: 204, dpiY: 98}
	for i := 0; i < len(p.gray); {
		v := uint8(random.IntN(256))
		if bilevel {
			v = uint8(random.IntN(2)) * 255
		}
		for n := 1 + random.IntN(1+random.IntN(1+random.IntN(2*w))); n > 0 && i < len(p.gray); n-- {
			p.gray[i] = v
			i++
		}
	}
	return p
}

func grayOf(m image.Image) []uint8 {
	var all []uint8
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			all = append(all, color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y)
		}
	}
	return all
}
