package tesseract

import (
	"docket/repository"
)

const (
	jpegQuality  = 72
	thumbQuality = 70
	thumbHeight  = 280 // pixels
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
	if a.thumb, err = thumbnail(s.page); err != nil {
		return reply{}, err
	}
	a.Layout = repository.Layout{
		Page: 1, Width: s.page.width(), Height: s.page.height(), DPI: int(float64(s.dpi)*f + 0.5),
		Rotated: s.rotated, Skew: s.skew, Language: language,
		Confidence: repository.MeanConfidence(words), Source: "ocr", Words: words,
	}
	return a, nil
}

// thumbnail is a small JPEG of x.
func thumbnail(x pix) ([]byte, error) {
	f := min(1, float64(thumbHeight)/float64(max(1, x.height())))
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
	a.thumb, err = thumbnail(x)
	return a, err
}
