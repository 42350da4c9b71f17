package web

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"strings"
	"sync"

	"docket/repository"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// face is the typeface of drawn letters: 11 points at 100 dpi.
var face = sync.OnceValue(func() font.Face {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 11, DPI: 100})
	if err != nil {
		panic(err)
	}
	return face
})

// A drawing is a page of a letter as a scanner would give it. It is shared by all tests and not to be changed.
type drawing struct {
	picture, thumbnail []byte
	layout             repository.Layout
}

// A leaf is what is drawn once: letters are few, and drawing them is slow.
type leaf struct {
	number         int
	language, text string
}

// drawings are those made so far. Its lock also keeps faces, which are not safe for concurrent use, to one test at a time.
var drawings = struct {
	sync.Mutex
	made map[leaf]drawing
}{made: map[leaf]drawing{}}

// drawPage draws a text on an A4 page at 100 dpi and says where each word came to stand.
func drawPage(number int, language, text string) drawing {
	drawings.Lock()
	defer drawings.Unlock()
	p := leaf{number, language, text}
	d, ok := drawings.made[p]
	if !ok {
		d.picture, d.layout = p.draw()
		d.thumbnail = shrink(d.picture)
		drawings.made[p] = d
	}
	return d
}

func (p leaf) draw() (picture []byte, layout repository.Layout) {
	img := image.NewGray(image.Rect(0, 0, 827, 1169))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.Gray{250}), image.Point{}, draw.Src)
	layout = repository.Layout{Page: p.number, Width: 827, Height: 1169, DPI: 100, Language: p.language, Confidence: 0.93, Source: "ocr"}
	pen := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{30}), Face: face()}
	y := 110
	for par, paragraph := range strings.Split(p.text, "\n") {
		x, line := 90, 0
		for _, word := range strings.Fields(paragraph) {
			w := font.MeasureString(pen.Face, word).Ceil()
			if x+w > 740 {
				x, y, line = 90, y+24, line+1
			}
			pen.Dot = fixed.P(x, y)
			pen.DrawString(word)
			layout.Words = append(layout.Words, repository.Word{Text: word, Box: repository.Box{X: x, Y: y - 15, W: w, H: 20}, Confidence: 0.93, Par: par, Line: line})
			x += w + 6
		}
		y += 32
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		panic(err)
	}
	return b.Bytes(), layout
}

// shrink is a page's thumbnail: every fifth pixel.
func shrink(picture []byte) []byte {
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		panic(err)
	}
	small := image.NewGray(image.Rect(0, 0, img.Bounds().Dx()/4, img.Bounds().Dy()/4))
	for y := range small.Bounds().Dy() {
		for x := range small.Bounds().Dx() {
			sum := 0
			for i := range 16 {
				sum += int(color.GrayModel.Convert(img.At(4*x+i%4, 4*y+i/4)).(color.Gray).Y)
			}
			small.SetGray(x, y, color.Gray{uint8(sum / 16)})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, small, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}
