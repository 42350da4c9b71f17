package tesseract

import "image"

// fewLetters is how many letters a page must have to tell anything of itself.
const fewLetters = 20

// askedLetters bounds how many letters are asked for their nearest neighbour.
const askedLetters = 400

// linesRunDown says whether the lines of the page run from top to bottom, so that it lies on its side: letters stand nearer to
// the next one of their line than to any of the lines beside it.
func (s *sheet) linesRunDown() bool {
	if len(s.letters) < fewLetters {
		return false
	}
	down, asked := 0, 0
	for i := 0; i < len(s.letters); i += 1 + len(s.letters)/askedLetters {
		across, ok := nextStandsAside(s.letters, i)
		if !ok {
			continue
		}
		asked++
		if !across {
			down++
		}
	}
	return down*3 > asked*2
}

// nextStandsAside says whether the letter nearest to letter i stands beside it rather than above or below. Letters at equal
// distance both ways say nothing.
func nextStandsAside(letters []image.Rectangle, i int) (across, ok bool) {
	nearest, dx, dy := 1<<60, 0, 0
	at := middle(letters[i])
	for j, b := range letters {
		if j == i {
			continue
		}
		d := middle(b).Sub(at)
		if square := d.X*d.X + d.Y*d.Y; square < nearest {
			nearest, dx, dy = square, max(d.X, -d.X), max(d.Y, -d.Y)
		}
	}
	return dx > dy, dx != dy
}

func middle(b image.Rectangle) image.Point { return b.Min.Add(b.Max).Div(2) }
