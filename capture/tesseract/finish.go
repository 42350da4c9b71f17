package tesseract

import (
	"io"
	"os"

	"docket/repository"
)

const (
	jpegQuality  = 72
	thumbQuality = 70
	thumbHeight  = 280 // pixels
	lookHeight   = 720 // of a picture to look at: a letter's text can be made out
)

// finish encodes the page image and its thumbnail and moves the boxes along when the image is kept smaller than it came.
func finish(s *sheet, language string, words []repository.Word) (reply, error) {
	f := 1.0
	if s.dpi > keptDPI*5/4 && s.page.depth() != 1 {
		f = keptDPI / float64(s.dpi)
		if err := s.page.become(s.page.scaled(f, f)); err != nil {
			return reply{}, err
		}
		for i := range words {
			words[i].Box = shrink(words[i].Box, 1/f)
		}
	}
	var a reply
	var err error
	if s.page.depth() == 1 {
		a.image, err = s.page.png()
	} else {
		a.image, err = s.page.jpeg(jpegQuality)
	}
	if err != nil {
		return reply{}, err
	}
	if a.thumb, err = thumbnail(s.page, thumbHeight); err != nil {
		return reply{}, err
	}
	a.Layout = repository.Layout{
		Page: 1, Width: s.page.width(), Height: s.page.height(), DPI: int(float64(s.dpi)*f + 0.5),
		Rotated: s.rotated, Skew: s.skew, Language: language,
		Confidence: repository.MeanConfidence(words), Source: "ocr", Words: words,
	}
	return a, nil
}

// thumbnail is a JPEG of x that is at most so high.
func thumbnail(x pix, height int) ([]byte, error) {
	f := min(1, float64(height)/float64(max(1, x.height())))
	small, err := x.scaled(f, f)
	if err != nil {
		return nil, err
	}
	defer small.free()
	return small.jpeg(thumbQuality)
}

// thumbnailOf makes a thumbnail of an image file and tells its size.
func thumbnailOf(q Page) (reply, error) {
	x, err := decode(q.File, q.Index)
	if err != nil {
		return reply{}, err
	}
	defer x.free()
	a := reply{Layout: repository.Layout{Width: x.width(), Height: x.height()}}
	a.thumb, err = thumbnail(x, lookHeight)
	return a, err
}

// pictureOf gives an image without loss: the bytes of a JPEG that is only turned, or else a PNG of what they mean.
func pictureOf(q Page) (reply, error) {
	if turn, ok := jpegTurn(q); ok {
		raw, err := os.ReadFile(q.File)
		if err != nil {
			return reply{}, err
		}
		h, err := readHeader(q.File, 0)
		return reply{image: raw, Layout: repository.Layout{Width: h.width, Height: h.height, Rotated: turn}}, err
	}
	x, err := decode(q.File, q.Index)
	if err != nil {
		return reply{}, err
	}
	defer x.free()
	a := reply{Layout: repository.Layout{Width: x.width(), Height: x.height()}}
	a.image, err = x.png()
	return a, err
}

// jpegTurn says by how many degrees clockwise a JPEG is to be turned; ok is false for other files and for mirrored ones.
func jpegTurn(q Page) (degrees int, ok bool) {
	f, err := os.Open(q.File)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	var mark [3]byte
	if _, err := io.ReadFull(f, mark[:]); err != nil || mark != [3]byte{0xff, 0xd8, 0xff} || q.Index != 0 {
		return 0, false
	}
	degrees, ok = map[int]int{1: 0, 3: 180, 6: 90, 8: 270}[exifOrientation(q.File)]
	return degrees, ok
}
