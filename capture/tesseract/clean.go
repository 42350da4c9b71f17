package tesseract

import (
	"image"
	"slices"
)

// Sizes of specks and rules in heights of a small letter.
const (
	tinySpeck     = 0.2
	smallSpeck    = 0.3
	speckReach    = 0.8
	ruleLength    = 6.0
	ruleThickness = 0.5
	inkReach      = 0.3
	bannerWidth   = 4.0
	bannerHeight  = 2.0
	bannerBridge  = 2.0 // letters and the gaps between them are narrower
)

// bannerInk is the least share of ink in a banner. Large dark letters on light ground fill less than half.
const bannerInk = 0.6

// fewSpecks is how many specks a clean page may have away from its letters.
const fewSpecks = 25

// clean makes the grey and the black-and-white image out of the page.
func (s *sheet) clean() error {
	if s.page.depth() == 1 {
		s.black = s.page.clone()
		return s.grey.become(s.page.grey())
	}
	if err := s.grey.become(s.page.grey()); err != nil {
		return err
	}
	if s.grey.uneven() {
		_ = s.grey.become(s.grey.normalised())
	}
	h := s.grey.histogram(step(s.grey))
	s.level = inkLevel(h)
	return s.black.become(s.grey.threshold(s.level))
}

// turnBanners makes light text on a dark ground dark on light, as recognition and all steps before it want it.
func (s *sheet) turnBanners() {
	if s.height < 6 {
		return
	}
	found := s.black.banners(int(s.height*bannerWidth), int(s.height*bannerHeight), int(s.height*bannerBridge))
	if len(found) == 0 {
		return
	}
	for _, x := range []*pix{&s.grey, &s.black} {
		if x.become(x.copied()) == nil {
			for _, b := range found {
				x.invert(b)
			}
		}
	}
	s.measure()
}

// despeckle takes specks of dust and toner off. Those that stand away from letters show how large specks are on this page;
// then dots as small as they are taken off near letters too. A clean page is left alone, since the dots of ö and i are
// hardly larger. What fails is left out: a page with specks can be read as well.
func (s *sheet) despeckle() {
	if s.height < 6 {
		return
	}
	seen := s.black.clone()
	defer seen.free()
	if s.page.depth() != 1 {
		_ = seen.become(s.grey.threshold(s.level + (255-s.level)*2/5))
	}
	lonely, err := seen.lonelySpecks(max(1, int(s.height*smallSpeck)), int(s.height*speckReach))
	if err != nil {
		return
	}
	defer lonely.free()
	found := lonely.components()
	if len(found) < max(fewSpecks, len(s.letters)/50) {
		return
	}
	size := min(speckSize(found), int(s.height*tinySpeck))
	if mask, err := seen.specks(lonely, size); err == nil {
		s.whiten(mask)
		mask.free()
	}
	s.measure()
}

// speckSize is the size of all but the largest specks.
func speckSize(specks []image.Rectangle) int {
	sizes := make([]int, len(specks))
	for i, b := range specks {
		sizes[i] = max(b.Dx(), b.Dy())
	}
	slices.Sort(sizes)
	return sizes[len(sizes)*8/10]
}

// whiten paints what mask says white in the images that are read; the image that is kept stays as it is.
func (s *sheet) whiten(mask pix) {
	for _, x := range []*pix{&s.grey, &s.black} {
		if x.become(x.copied()) == nil {
			x.paint(mask)
		}
	}
}

// unrule takes the rules of forms and tables and underlines off, which recognition takes for parts of letters. Strokes that
// cross a rule stay.
func (s *sheet) unrule() {
	if s.height < 4 {
		return
	}
	length, thick := int(s.height*ruleLength), max(2, int(s.height*ruleThickness))
	for _, across := range []bool{true, false} {
		if s.height > 12 && !s.black.mayHaveRules(length, across) {
			continue
		}
		rules, err := s.black.rules(length, thick, across)
		if err != nil {
			return
		}
		s.whiten(rules)
		if across {
			s.rules = len(rules.components())
		}
		rules.free()
	}
	s.measure()
}

// whitenPaper makes the paper of a grey page white: all that is nearly as light as paper, and all that has no ink near.
// Recognition parts ink from paper again by itself, and on a page with little ink it would take the grain of the paper for it.
func (s *sheet) whitenPaper() {
	if s.page.depth() == 1 || s.height == 0 {
		return
	}
	level := rank(s.grey.histogram(step(s.grey)), 0.5)
	paper, err := s.black.away(int(s.height*inkReach) + 2)
	if err != nil {
		return
	}
	defer paper.free()
	white := (s.level + level) / 2
	if s.height < coarseHeight {
		white = level // the edges of small letters are as light as grain
	}
	if s.grey.become(s.grey.stretched(1, 0, white)) == nil {
		s.grey.paint(paper)
	}
}

// uneven says whether the paper of a grey page is dark or differs from place to place.
func (x pix) uneven() bool {
	const tiles = 8
	w, h := x.width()/tiles, x.height()/tiles
	if w < 16 || h < 16 {
		return false
	}
	low, high := 255, 0
	for i := range tiles * tiles {
		left, top := i%tiles*w, i/tiles*h
		tile, err := x.clipped(image.Rect(left, top, left+w, top+h))
		if err != nil {
			return false
		}
		level := rank(tile.histogram(max(1, step(x)*2)), 0.8)
		tile.free()
		low, high = min(low, level), max(high, level)
	}
	return high-low > cleanSpread || high < 200
}
