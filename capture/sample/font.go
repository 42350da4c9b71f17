package sample

import (
	"fmt"
	"sync"

	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationmonoregular"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A face is one typeface with its outlines and widths, measured once. It is safe for concurrent use.
type face struct {
	name   string
	ttf    []byte
	load   sync.Once
	glyphs map[rune]glyph
}

// A glyph is an outline in thousandths of the font size, y downwards from the baseline.
type glyph struct {
	advance  float64
	segments sfnt.Segments
}

var (
	serif     = &face{name: "serif", ttf: liberationserifregular.TTF}
	serifBold = &face{name: "serifbold", ttf: liberationserifbold.TTF}
	sans      = &face{name: "sans", ttf: liberationsansregular.TTF}
	sansBold  = &face{name: "sansbold", ttf: liberationsansbold.TTF}
	mono      = &face{name: "mono", ttf: liberationmonoregular.TTF}
	monoBold  = &face{name: "monobold", ttf: liberationmonobold.TTF}
	goText    = &face{name: "go", ttf: goregular.TTF}
	goBold    = &face{name: "gobold", ttf: gobold.TTF}
	typed     = &face{name: "typed", ttf: gomono.TTF} // the typewriter
	typedBold = &face{name: "typedbold", ttf: gomonobold.TTF}
	hand      = &face{name: "hand", ttf: goitalic.TTF} // handwriting, with a trembling hand (see mark.shaky)
)

var faces = []*face{serif, serifBold, sans, sansBold, mono, monoBold, goText, goBold, typed, typedBold, hand}

// alphabet is what the faces are asked for: Latin with its extensions, Cyrillic, and the punctuation of letters.
var alphabet = [][2]rune{{0x20, 0x17f}, {0x218, 0x21b}, {0x400, 0x45f}, {0x2010, 0x203a}, {0x20ac, 0x20ac}, {0x20bd, 0x20bd}, {0x2116, 0x2116}, {0x2122, 0x2122}}

const em = 1000 // units per em in which glyphs are kept

func (f *face) glyph(r rune) glyph {
	f.load.Do(f.read)
	g, ok := f.glyphs[r]
	if !ok {
		g = f.glyphs['?']
	}
	return g
}

func (f *face) read() {
	parsed, err := sfnt.Parse(f.ttf)
	if err != nil {
		panic(fmt.Sprintf("sample: built-in font %s: %v", f.name, err)) // only a broken build gets here
	}
	f.glyphs = map[rune]glyph{}
	var buffer sfnt.Buffer
	for _, span := range alphabet {
		for r := span[0]; r <= span[1]; r++ {
			index, err := parsed.GlyphIndex(&buffer, r)
			if err != nil || index == 0 {
				continue
			}
			advance, err := parsed.GlyphAdvance(&buffer, index, fixed.I(em), font.HintingNone)
			if err != nil {
				continue
			}
			segments, err := parsed.LoadGlyph(&buffer, index, fixed.I(em), nil)
			if err != nil {
				continue
			}
			f.glyphs[r] = glyph{float64(advance) / 64, append(sfnt.Segments(nil), segments...)}
		}
	}
}

// width is how wide a text runs, in points.
func (f *face) width(s string, size float64) float64 {
	var w float64
	for _, r := range s {
		w += f.glyph(r).advance
	}
	return w * size / em
}

// A style is a family of faces with the sizes of one letter.
type style struct {
	text, bold *face
	size       float64 // points
	leading    float64 // line height as a multiple of size
	paragraph  float64 // space between paragraphs as a multiple of the line height
}

func newStyle(d *dice) style {
	s := pick(d, []share[style]{{style{text: serif, bold: serifBold}, 35}, {style{text: sans, bold: sansBold}, 35},
		{style{text: goText, bold: goBold}, 10}, {style{text: mono, bold: monoBold}, 8}, {style{text: typed, bold: typedBold}, 12}})
	s.size = one(d, []float64{10, 10.5, 11, 11, 11.5, 12, 12})
	if s.text == mono || s.text == typed {
		s.size = one(d, []float64{9.5, 10, 10.5})
	}
	s.leading = one(d, []float64{1.15, 1.2, 1.3, 1.5})
	s.paragraph = one(d, []float64{0.5, 0.7, 1})
	return s
}
