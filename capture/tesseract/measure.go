package tesseract

import (
	"image"
	"math"
	"slices"
)

// leastLetter is how high a letter must be to be read, in pixels.
const leastLetter = 5

// measure finds what may be letters and how high small letters are.
func (s *sheet) measure() {
	boxes := s.black.components()
	s.letters, s.height = letters(boxes)
	s.blank = !slices.ContainsFunc(boxes, func(b image.Rectangle) bool { return b.Dy() >= leastLetter })
	s.ink = inkOf(boxes)
}

// inkOf is the part of the page that holds everything as high as a letter.
func inkOf(boxes []image.Rectangle) image.Rectangle {
	var all image.Rectangle
	for _, b := range boxes {
		if b.Dy() >= leastLetter {
			all = all.Union(b)
		}
	}
	return all
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

// stated is the resolution that the file says in dots to the inch, 0 when it says none or one that cannot be true.
func (s *sheet) stated() int {
	dpi, _ := s.page.resolution()
	if dpi < 100 || dpi > 1200 {
		return 0
	}
	if inches := float64(max(s.page.width(), s.page.height())) / float64(dpi); inches <= 1 || inches >= 50 {
		return 0
	}
	return dpi
}

// likely is the resolution in dots to the inch that the height of the letters makes likely.
func (s *sheet) likely() int {
	if s.height == 0 {
		return usualDPI
	}
	// Letters between 8 and 12 points are likely, so a page of usual size decides within that range.
	guess := s.height * 72 / smallLetterPt
	if a4 := float64(max(s.page.width(), s.page.height())) / 11.4; a4 > guess*0.6 && a4 < guess*1.7 {
		guess = a4
	}
	return int(min(max(guess, 50), 1200))
}

// step is how many pixels may be skipped so that a statistic of a page still sees some hundred thousand of them.
func step(x pix) int {
	return max(1, int(math.Sqrt(float64(x.width()*x.height())/3e5)))
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

// Signs that a threshold parts paper from paper: much lies below it, and what lies below is hardly darker than the rest.
const (
	grainShare    = 0.2
	grainContrast = 40
)

// inkLevel is the grey level that parts ink from paper. On a page with little ink Otsu's threshold falls into the grain of the paper;
// then ink is what is darker than the paper by five times as much as its grain is.
func inkLevel(h [256]float64) int {
	level := otsu(h)
	dark, darkSum, light, lightSum := 0.0, 0.0, 0.0, 0.0
	for i, n := range h {
		if i < level {
			dark += n
			darkSum += float64(i) * n
		} else {
			light += n
			lightSum += float64(i) * n
		}
	}
	if dark == 0 || light == 0 || dark < grainShare*(dark+light) || lightSum/light-darkSum/dark >= grainContrast {
		return level
	}
	paper := rank(h, 0.5)
	grain := paper - rank(h, 0.16) // one standard deviation, were it normal
	return max(1, paper-max(grainContrast, 5*grain))
}
