package sample

import (
	"image/color"
	"math"
	"strings"
)

// A4 in points.
const (
	sheetWidth  = 595.28
	sheetHeight = 841.89
)

// A point is a place on a sheet, in points from the top left corner.
type point struct{ x, y float64 }

// A mark is one thing drawn on a sheet: a text on its baseline, a line, or a filled shape.
type mark struct {
	text  string
	face  *face
	size  float64
	at    point
	angle float64 // of a text, in degrees, clockwise
	shaky float64 // how much a hand trembles, in points; 0 for print

	shape []point // instead of a text
	width float64 // of the line along shape, in points; 0 fills it
	ink   color.RGBA
}

var (
	black = color.RGBA{20, 20, 24, 255}
	grey  = color.RGBA{110, 110, 110, 255}
	blue  = color.RGBA{30, 50, 150, 255}
	red   = color.RGBA{185, 40, 45, 255}
	green = color.RGBA{20, 110, 70, 255}
	pale  = color.RGBA{222, 226, 232, 255}
)

// A sheet is one page.
type sheet struct {
	marks []mark
	lines []string // what can be read on it, in the order in which it is read
	boxes []box    // where there is something already
}

type box struct{ x0, y0, x1, y1 float64 }

func (b box) overlaps(c box) bool { return b.x0 < c.x1 && c.x0 < b.x1 && b.y0 < c.y1 && c.y0 < b.y1 }

// text is what can be read on the sheet.
func (s *sheet) text() string { return strings.Join(s.lines, "\n") }

// print puts a text on the sheet and gives its width.
func (s *sheet) print(x, y float64, f *face, size float64, text string, ink color.RGBA) float64 {
	w := f.width(text, size)
	s.marks = append(s.marks, mark{text: text, face: f, size: size, at: point{x, y}, ink: ink})
	s.boxes = append(s.boxes, box{x, y - size, x + w, y + 0.3*size})
	return w
}

// write is print for what is read as a line of its own.
func (s *sheet) write(x, y float64, f *face, size float64, text string, ink color.RGBA) float64 {
	s.lines = append(s.lines, text)
	return s.print(x, y, f, size, text, ink)
}

// scrawl writes by hand. The letters tremble; the text is readable all the same.
func (s *sheet) scrawl(x, y, size float64, text string) {
	s.write(x, y, hand, size, text, blue)
	s.marks[len(s.marks)-1].shaky = size * 0.05
}

// line draws a line; fill fills a shape.
func (s *sheet) line(width float64, ink color.RGBA, points ...point) {
	s.marks = append(s.marks, mark{shape: points, width: width, ink: ink})
}

func (s *sheet) fill(ink color.RGBA, points ...point) {
	s.marks = append(s.marks, mark{shape: points, ink: ink})
}

func (s *sheet) frame(x, y, w, h, width float64, ink color.RGBA) {
	s.line(width, ink, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h}, point{x, y})
}

func (s *sheet) rect(x, y, w, h float64, ink color.RGBA) {
	s.fill(ink, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
}

// free says whether nothing stands in b yet.
func (s *sheet) free(b box) bool {
	for _, other := range s.boxes {
		if b.overlaps(other) {
			return false
		}
	}
	return b.x0 > 20 && b.y0 > 20 && b.x1 < sheetWidth-20 && b.y1 < sheetHeight-20
}

// sign draws something like a signature in the box that begins at x, y.
func (s *sheet) sign(d *dice, x, y, w, h float64) {
	var curve []point
	f1, f2, f3 := d.within(2, 4), d.within(3, 6), d.within(7, 12)
	p1, p2 := d.within(0, 6), d.within(0, 6)
	for i := range 90 {
		t := float64(i) / 89
		fade := math.Exp(-2.2 * t)
		dy := 0.55*fade*math.Sin(2*math.Pi*f1*t+p1) + 0.22*math.Sin(2*math.Pi*f3*t+p2)*(0.4+fade)
		dx := t + 0.07*math.Sin(2*math.Pi*f2*t+p2)
		curve = append(curve, point{x + w*dx, y + h*(0.5-dy*0.8)})
	}
	ink := one(d, []color.RGBA{blue, black, blue})
	s.line(d.within(0.8, 1.5), ink, curve...)
	if d.chance(0.4) {
		s.line(0.9, ink, point{x + w*0.2, y + h*0.95}, point{x + w*0.7, y + h*0.85}, point{x + w*1.05, y + h*0.9})
	}
	s.boxes = append(s.boxes, box{x, y, x + w*1.1, y + h})
}

// stamp puts a rotated frame with lines of text where there is room, and gives up when there is none.
func (s *sheet) stamp(d *dice, ink color.RGBA, texts ...string) {
	size := d.within(11, 15)
	w := 0.0
	for _, t := range texts {
		w = max(w, sansBold.width(t, size))
	}
	w, h := w+16, float64(len(texts))*size*1.25+10
	for range 40 {
		c := point{d.within(130, sheetWidth-130), d.within(60, sheetHeight-90)}
		if !s.free(box{c.x - w/2 - 10, c.y - h/2 - 14, c.x + w/2 + 10, c.y + h/2 + 14}) {
			continue
		}
		angle := d.within(-9, 9)
		s.line(1.8, ink, turned(c, angle, point{-w / 2, -h / 2}, point{w / 2, -h / 2}, point{w / 2, h / 2}, point{-w / 2, h / 2}, point{-w / 2, -h / 2})...)
		for i, t := range texts {
			at := turned(c, angle, point{-sansBold.width(t, size) / 2, -h/2 + 5 + size*(float64(i)*1.25+0.9)})[0]
			s.marks = append(s.marks, mark{text: t, face: sansBold, size: size, at: at, angle: angle, ink: ink})
			s.lines = append(s.lines, t)
		}
		s.boxes = append(s.boxes, box{c.x - w/2, c.y - h/2, c.x + w/2, c.y + h/2})
		return
	}
}

// turned gives points around c, turned clockwise.
func turned(c point, degrees float64, around ...point) []point {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	for i, p := range around {
		around[i] = point{c.x + p.x*cos - p.y*sin, c.y + p.x*sin + p.y*cos}
	}
	return around
}

// wrap breaks a text into lines no wider than width.
func wrap(f *face, size, width float64, text string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Split(text, " ") {
		longer := strings.TrimPrefix(line+" "+word, " ")
		if line != "" && f.width(longer, size) > width {
			lines, longer = append(lines, line), word
		}
		line = longer
	}
	return append(lines, line)
}
