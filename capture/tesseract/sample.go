package tesseract

import (
	"image"
	"strings"

	"docket/repository"
)

// A sample of a page is read first: a few lines where text is densest. It tells the language and whether the page
// stands upright, at about a twelfth of the price of the page.
const (
	sampleLetters = 160
	likelyRight   = 0.55 // mean confidence that text upside down or in another script seldom reaches
	surelyScript  = 0.70 // and that it never reaches
	clearlyBetter = 0.05
)

// strip is the band of the page that holds the wanted number of letters in the least height.
func (s *sheet) strip(wanted int) image.Rectangle {
	bin := max(2, int(s.height/2))
	rows := make([]int, s.black.height()/bin+1)
	for _, b := range s.letters {
		rows[(b.Min.Y+b.Max.Y)/2/bin]++
	}
	bestFrom, bestTo := 0, len(rows)
	sum, from := 0, 0
	for to := range rows {
		sum += rows[to]
		for sum-rows[from] >= wanted {
			sum -= rows[from]
			from++
		}
		if sum >= wanted && to-from < bestTo-bestFrom {
			bestFrom, bestTo = from, to+1
		}
	}
	margin := int(s.height)
	return image.Rect(0, bestFrom*bin-margin, s.black.width(), bestTo*bin+margin).Intersect(s.bounds())
}

func (s *sheet) bounds() image.Rectangle { return image.Rect(0, 0, s.black.width(), s.black.height()) }

// A sample is what the strip gave with one model.
type sample struct {
	language   string // of the model
	text       string
	words      int
	confidence float64
}

func newSample(language string, words []repository.Word) sample {
	var b strings.Builder
	n := 0
	for _, w := range words {
		if len([]rune(w.Text)) > 1 {
			n++
		}
		b.WriteString(w.Text)
		b.WriteByte(' ')
	}
	return sample{language, b.String(), n, repository.MeanConfidence(words)}
}
