package tesseract

import (
	"image"
	"math"
	"slices"
)

// What recognition likes best, found by measuring on scans from 75 to 300 dpi.
const (
	wantedHeight  = 20.0 // pixels of a small letter: what 10-point type has at 300 dpi
	maxEnlarge    = 4.0
	minSkew       = 0.12 // degrees; less is not worth turning a page for
	maxSkew       = 20.0
	coarseHeight  = 10  // pixels of a small letter below which its edges are blurred
	fineHeight    = 16  // pixels of a small letter above which lines are still seen at half the resolution
	sureSkew      = 2.5 // leptonica's ratio of scores above which an angle is believed
	cleanSpread   = 24  // grey levels by which the paper may vary before its background is evened out
	keptDPI       = 200 // resolution at which page images are kept
	usualDPI      = 200 // taken when nothing tells the resolution
	smallLetterPt = 5.0 // points of a small letter in 10-point type
)

// Sizes of specks and rules in heights of a small letter.
const (
	tinySpeck     = 0.2
	smallSpeck    = 0.3
	speckReach    = 0.8
	ruleLength    = 6.0
	ruleThickness = 0.5
	inkReach      = 0.3
)

// What makes a page a form: some pieces of rules, not too few for its letters, and fewer letters than a page of running
// text has. Forms have 200 to 1,100, a letter's page 1,500 and more; text in columns must not be read across them.
const (
	formRules      = 4
	formMaxLetters = 1200
	formLetters    = 100 // to a rule, at most
)

// leastLetter is how high a letter must be to be read, in pixels.
const leastLetter = 5

// fewSpecks is how many specks a clean page may have away from its letters.
const fewSpecks = 25

// A sheet is a page on its way to recognition.
type sheet struct {
	page    pix // as it will be kept: straight, in its colours
	grey    pix // 8 bits, paper evened out
	black   pix // 1 bit
	dpi     int
	height  float64 // of a small letter in pixels of page, 0 when the page has no text
	rotated int
	skew    float64
	level   int               // of grey that parts ink from paper
	rules   int               // pieces of rules across the page
	blank   bool              // nothing on the page is as high as a letter
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
	if err := s.clean(); err != nil {
		return s, err
	}
	s.measure()
	s.despeckle()
	s.unrule()
	s.whitenPaper()
	s.dpi = s.resolution(dpi)
	return s, s.straighten()
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
	s.level = otsu(h)
	return s.black.become(s.grey.threshold(s.level))
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

// step is how many pixels may be skipped so that a statistic of a page still sees a million of them.
func step(x pix) int {
	return max(1, int(math.Sqrt(float64(x.width()*x.height())/1e6)))
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

// rank is the grey level below which a share of the pixels lies.
func rank(h [256]float64, share float64) int {
	total := 0.0
	for _, n := range h {
		total += n
	}
	sum := 0.0
	for level, n := range h {
		if sum += n; sum >= share*total {
			return level
		}
	}
	return 255
}

// otsu is the threshold that parts a histogram into two classes with the greatest variance between them (Otsu 1979).
func otsu(h [256]float64) int {
	total, sum := 0.0, 0.0
	for level, n := range h {
		total += n
		sum += float64(level) * n
	}
	best, threshold := 0.0, 128
	dark, darkSum := 0.0, 0.0
	for level, n := range h[:255] {
		dark += n
		darkSum += float64(level) * n
		if dark == 0 || dark == total {
			continue
		}
		d := darkSum/dark - (sum-darkSum)/(total-dark)
		if between := dark * (total - dark) * d * d; between > best {
			best, threshold = between, level+1
		}
	}
	return threshold
}

// measure finds what may be letters and how high small letters are.
func (s *sheet) measure() {
	boxes := s.black.components()
	s.letters, s.height = letters(boxes)
	s.blank = !slices.ContainsFunc(boxes, func(b image.Rectangle) bool { return b.Dy() >= leastLetter })
}

// letters keeps the boxes that may be letters and gives the height of the small ones: the height that
// is commonest among them, which is that of a, c, e, m, n, o in any language written in Latin or Cyrillic letters.
func letters(boxes []image.Rectangle) ([]image.Rectangle, float64) {
	var kept []image.Rectangle
	var counts [200]float64
	for _, b := range boxes {
		w, h := b.Dx(), b.Dy()
		if h < leastLetter || h >= len(counts) || w < 2 || w > 4*h || h > 5*w {
			continue
		}
		kept = append(kept, b)
		counts[h]++
	}
	if len(kept) < 20 {
		return kept, 0
	}
	best, mode := 0.0, 0
	for h := 5; h < len(counts)-1; h++ {
		// Neighbours count, as wide as scanning blurs: a tenth of the height. Specks are many and small, so the higher wins ties.
		sum := 0.0
		for d := -max(1, h/10); d <= max(1, h/10); d++ {
			if h+d >= 0 && h+d < len(counts) {
				sum += counts[h+d]
			}
		}
		if sum /= math.Sqrt(float64(1 + h/10)); sum > best {
			best, mode = sum, h
		}
	}
	near := slices.DeleteFunc(slices.Clone(kept), func(b image.Rectangle) bool {
		return float64(b.Dy()) < 0.7*float64(mode) || float64(b.Dy()) > 2.5*float64(mode)
	})
	return near, float64(mode)
}

// resolution is the page's dots to the inch: what the caller knows, what the file says when it can be true, or what the
// height of the letters makes likely.
func (s *sheet) resolution(known int) int {
	if known > 0 {
		return known
	}
	stated, _ := s.page.resolution()
	inches := func(dpi int) float64 { return float64(max(s.page.width(), s.page.height())) / float64(dpi) }
	if stated >= 100 && stated <= 1200 && inches(stated) > 1 && inches(stated) < 50 {
		return stated
	}
	if s.height > 0 {
		// Letters between 8 and 12 points are likely, so a page of usual size decides within that range.
		guess := s.height * 72 / smallLetterPt
		if a4 := float64(max(s.page.width(), s.page.height())) / 11.4; a4 > guess*0.6 && a4 < guess*1.7 {
			guess = a4
		}
		return int(min(max(guess, 50), 1200))
	}
	return usualDPI
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
	if sure < sureSkew || math.Abs(angle) < minSkew || math.Abs(angle) > maxSkew {
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

// each does one thing to all images of the page and measures the letters again.
func (s *sheet) each(do func(*pix) error) error {
	for _, x := range []*pix{&s.page, &s.grey, &s.black} {
		if err := do(x); err != nil {
			return err
		}
	}
	s.measure()
	return nil
}
