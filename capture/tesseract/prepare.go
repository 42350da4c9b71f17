package tesseract

import (
	"image"
	"math"
)

// What recognition likes best, found by measuring on scans from 75 to 300 dpi.
const (
	wantedHeight  = 20.0 // pixels of a small letter: what 10-point type has at 300 dpi
	enoughHeight  = 13.0 // pixels of a small letter that a scan of more than 200 dpi is made smaller to, and no further
	largePage     = 5e6  // pixels above which a page is made smaller before anything else: A4 at 230 dpi
	maxEnlarge    = 4.0
	coarseEnlarge = 1.5 // enlarging more than this leaves edges soft
	minSkew       = 0.2 // degrees; less is not worth turning a page for
	minSkewCoarse = 1.0 // the same for small letters, which turning blurs
	maxSkew       = 20.0
	coarseHeight  = 10  // pixels of a small letter below which its edges are blurred
	fineHeight    = 16  // pixels of a small letter above which lines are still seen at half the resolution
	sureSkew      = 2.5 // leptonica's ratio of scores above which an angle is believed
	cleanSpread   = 24  // grey levels by which the paper may vary before its background is evened out
	keptDPI       = 200 // resolution at which page images are kept
	usualDPI      = 200 // taken when nothing tells the resolution
	smallLetterPt = 5.0 // points of a small letter in 10-point type
)

// A sheet is a page on its way to recognition.
type sheet struct {
	page    pix     // as it will be kept: straight, in its colours
	grey    pix     // 8 bits, paper evened out
	black   pix     // 1 bit
	dpi     int     // 0 while nothing tells it
	height  float64 // of a small letter in pixels of page, 0 when the page has no text
	rotated int
	skew    float64
	level   int               // of grey that parts ink from paper
	rules   int               // pieces of rules across the page
	blank   bool              // nothing on the page is as high as a letter
	ink     image.Rectangle   // the part of the page that holds all that is as high as a letter
	letters []image.Rectangle // boxes of what may be letters
}

func (s *sheet) free() {
	s.page.free()
	s.grey.free()
	s.black.free()
}

// prepare straightens and cleans a decoded page. It takes x over.
func prepare(x pix, dpi int) (*sheet, error) {
	s := &sheet{page: x}
	if err := s.square(); err != nil {
		return s, err
	}
	if s.page.depth() == 32 && !s.page.coloured() {
		_ = s.page.become(s.page.grey())
	}
	if s.dpi = dpi; dpi == 0 {
		s.dpi = s.stated()
	}
	if err := s.fit(); err != nil {
		return s, err
	}
	if err := s.clean(); err != nil {
		return s, err
	}
	s.measure()
	if s.dpi == 0 {
		s.dpi = s.likely()
	}
	if s.linesRunDown() {
		if err := s.turn(1); err != nil {
			return s, err
		}
	}
	if err := s.straighten(); err != nil {
		return s, err
	}
	s.turnBanners()
	s.despeckle()
	s.unrule()
	s.whitenPaper()
	return s, nil
}

// square makes pixels square: a fax in standard resolution has 204 by 98 to the inch.
func (s *sheet) square() error {
	rx, ry := s.page.resolution()
	if rx <= 0 || ry <= 0 || rx == ry {
		return nil
	}
	ratio := float64(rx) / float64(ry)
	if ratio > 0.95 && ratio < 1.05 || ratio > 4 || ratio < 0.25 {
		return nil
	}
	fx, fy := 1.0, ratio
	if ratio < 1 {
		fx, fy = 1/ratio, 1
	}
	if err := s.page.become(s.page.scaled(fx, fy)); err != nil {
		return err
	}
	s.page.setResolution(max(rx, ry))
	return nil
}

// fit makes a large page smaller, as far as its letters stay readable: to the resolution at which pages are kept, or less when
// the letters are large and nothing tells the resolution. All that follows costs as much less as there are fewer pixels, and
// reading loses nothing.
func (s *sheet) fit() error {
	if s.page.depth() == 1 || s.page.width()*s.page.height() < largePage {
		return nil
	}
	f := 0.0
	if s.dpi > 0 {
		f = keptDPI / float64(s.dpi)
	}
	if h := s.page.letterHeight(); h > 0 {
		f = max(f, enoughHeight/h)
	}
	if f == 0 || f > 0.85 {
		return nil
	}
	s.dpi = int(float64(s.dpi)*f + 0.5)
	return s.page.become(s.page.scaled(f, f))
}

// letterHeight is a first guess at the height of a small letter, from every second pixel; 0 when there is no text.
func (x pix) letterHeight() float64 {
	small, err := x.sampled(2)
	if err != nil {
		return 0
	}
	defer small.free()
	if small.become(small.grey()) != nil || small.become(small.threshold(inkLevel(small.histogram(step(small))))) != nil {
		return 0
	}
	_, h := letters(small.components())
	return 2 * h
}

// straighten turns the page by its skew.
func (s *sheet) straighten() error {
	if s.height == 0 {
		return nil
	}
	reduce := 1
	if s.height > fineHeight {
		reduce = 2
	}
	angle, sure := s.black.skew(7, reduce)
	least := minSkew
	if s.height < coarseHeight {
		least = minSkewCoarse
	}
	if sure < sureSkew || math.Abs(angle) < least || math.Abs(angle) > maxSkew {
		return nil
	}
	s.skew = angle
	return s.each(func(x *pix) error { return x.become(x.rotated(angle * math.Pi / 180)) })
}

// turn turns the page clockwise by quarters.
func (s *sheet) turn(quarters int) error {
	s.rotated = (s.rotated + 90*quarters) % 360
	return s.each(func(x *pix) error { return x.become(x.turned(quarters)) })
}

// each does one thing to all images of the page, once to those that are one, and measures the letters again.
func (s *sheet) each(do func(*pix) error) error {
	one := s.grey.p == s.page.p
	if err := do(&s.page); err != nil {
		return err
	}
	if one {
		s.grey.free()
		s.grey = s.page.clone()
	} else if err := do(&s.grey); err != nil {
		return err
	}
	if err := do(&s.black); err != nil {
		return err
	}
	s.measure()
	return nil
}
