package page

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// A typeface draws letters at one size. It keeps each letter's shape once it is drawn. It is safe for concurrent use.
type typeface struct {
	mu     sync.Mutex
	face   font.Face
	glyphs map[rune]glyph
	height int // of a line, pixels
	ascent int
}

// A glyph is a letter's shape with its place relative to the pen.
type glyph struct {
	mask    *image.Alpha // nil when nothing is to be seen
	at      image.Point
	advance fixed.Int26_6
}

// typefaces are regular and bold at the size of typeset pages.
var typefaces = sync.OnceValues(func() ([2]*typeface, error) {
	var both [2]*typeface
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			return both, fmt.Errorf("read the font: %w", err)
		}
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: setPoints, DPI: setDPI, Hinting: font.HintingFull})
		if err != nil {
			return both, fmt.Errorf("read the font: %w", err)
		}
		m := face.Metrics()
		both[i] = &typeface{face: face, glyphs: map[rune]glyph{}, height: m.Height.Ceil() + 3, ascent: m.Ascent.Ceil()}
	}
	return both, nil
})

// maxGlyphs bounds the memory that shapes of letters take.
const maxGlyphs = 4000

func (t *typeface) glyph(r rune) glyph {
	t.mu.Lock()
	defer t.mu.Unlock()
	if g, ok := t.glyphs[r]; ok {
		return g
	}
	if len(t.glyphs) >= maxGlyphs {
		clear(t.glyphs)
	}
	var g glyph
	bounds, mask, from, advance, ok := t.face.Glyph(fixed.Point26_6{}, r)
	if ok {
		g = glyph{at: bounds.Min, advance: advance}
		if !bounds.Empty() {
			g.mask = image.NewAlpha(image.Rectangle{Max: bounds.Size()})
			draw.Draw(g.mask, g.mask.Bounds(), mask, from, draw.Src)
		}
	}
	t.glyphs[r] = g
	return g
}

// width is how many pixels a text takes.
func (t *typeface) width(s string) int {
	var sum fixed.Int26_6
	for _, r := range s {
		sum += t.glyph(r).advance
	}
	return sum.Ceil()
}

// draw writes a text in black with the left end of its base line at x, y.
func (t *typeface) draw(on *image.Gray, x, y int, s string) {
	pen := fixed.I(x)
	for _, r := range s {
		g := t.glyph(r)
		if g.mask != nil {
			at := g.at.Add(image.Pt(pen.Round(), y))
			draw.DrawMask(on, image.Rectangle{Min: at, Max: at.Add(g.mask.Rect.Size())}, image.NewUniform(color.Black), image.Point{}, g.mask, image.Point{}, draw.Over)
		}
		pen += g.advance
	}
}
