package sample

import (
	"image"
	"math"
	"math/rand/v2"
	"sync"
)

// A scanner says how a sheet becomes pixels, and what goes wrong on the way.
type scanner struct {
	dpiX, dpiY int     // they differ only for faxes
	skew       float64 // degrees, clockwise
	turned     int     // 0, 90, 180 or 270 degrees, clockwise
	colour     bool
	bilevel    bool
	blur       float64 // weight of each neighbour, 0 to 0.25
	noise      float64 // standard deviation in grey levels
	paper      float64 // grey level of the paper, 255 is white
	ink        float64 // grey level of full ink
	shade      float64 // how many levels the light falls off across the page
	specks     int
	edge       bool // a dark strip where the lid did not close
	holes      bool
}

// clean is a scanner that does nothing wrong.
func clean(dpi int) scanner { return scanner{dpiX: dpi, dpiY: dpi, paper: 255, ink: 0} }

// newScanner is some office's scanner at the resolution.
func newScanner(d *dice, dpi int) scanner {
	s := scanner{dpiX: dpi, dpiY: dpi, skew: d.within(-0.6, 0.6), colour: d.chance(0.5), blur: d.within(0, 0.12), noise: d.within(0.5, 4),
		paper: d.within(238, 255), ink: d.within(5, 45), shade: d.within(0, 8), specks: d.IntN(40), holes: d.chance(0.12), edge: d.chance(0.08)}
	if d.chance(0.4) {
		s.skew = d.within(-2.5, 2.5)
	}
	if d.chance(0.15) { // an old machine
		s.noise, s.paper, s.shade, s.specks, s.ink = d.within(5, 11), d.within(205, 240), d.within(5, 30), d.between(100, 500), d.within(40, 80)
	}
	if d.chance(0.07) {
		s.turned = one(d, []int{90, 180, 180, 270})
	}
	return s
}

// newFax is a fax machine: black and white, 204 dots an inch across and 98 or 196 down.
func newFax(d *dice) scanner {
	return scanner{dpiX: 204, dpiY: one(d, []int{98, 196, 196}), skew: d.within(-1, 1), bilevel: true, noise: d.within(8, 22),
		paper: 235, ink: 30, blur: d.within(0, 0.08), specks: d.between(20, 250)}
}

// A picture is a scanned page: grey or black-and-white values and, for colour, chroma at half the resolution.
type picture struct {
	w, h    int
	gray    []uint8
	cb, cr  []uint8
	bilevel bool
	dpiX    int
	dpiY    int
}

func (p *picture) image() image.Image {
	bounds := image.Rect(0, 0, p.w, p.h)
	if p.cb == nil {
		return &image.Gray{Pix: p.gray, Stride: p.w, Rect: bounds}
	}
	return &image.YCbCr{Y: p.gray, Cb: p.cb, Cr: p.cr, YStride: p.w, CStride: (p.w + 1) / 2, SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: bounds}
}

// scan gives the picture of a sheet. Over it lies what the scanner adds; header, if any, is printed straight by a fax machine.
func (s scanner) scan(page *sheet, header *sheet, d *dice) *picture {
	w := int(math.Round(sheetWidth * float64(s.dpiX) / 72))
	h := int(math.Round(sheetHeight * float64(s.dpiY) / 72))
	scale := matrix{xx: float64(s.dpiX) / 72, yy: float64(s.dpiY) / 72}
	m := rotation(s.skew, point{sheetWidth / 2, sheetHeight / 2}).then(scale)
	pw, ph := w, h
	switch s.turned {
	case 90:
		m, pw, ph = m.then(matrix{xy: -1, yx: 1, x0: float64(h)}), h, w
	case 180:
		m = m.then(matrix{xx: -1, yy: -1, x0: float64(w), y0: float64(h)})
	case 270:
		m, pw, ph = m.then(matrix{xy: 1, yx: -1, y0: float64(w)}), h, w
	}
	r := newRaster(pw, ph, s.colour)
	r.draw(page, m, d)
	if header != nil {
		r.draw(header, scale, d)
	}
	s.soil(r, d)
	blur(r, s.blur)
	return s.expose(r, d)
}

// soil puts specks, punch holes and dark edges on the page.
func (s scanner) soil(r *raster, d *dice) {
	for range s.specks {
		x, y, size := d.IntN(r.w), d.IntN(r.h), 1+d.IntN(1+s.dpiX/100)
		for dy := range size {
			for dx := range size {
				if x+dx < r.w && y+dy < r.h && d.chance(0.8) {
					r.dark[(y+dy)*r.w+x+dx] = uint8(d.between(90, 230))
				}
			}
		}
	}
	if s.holes {
		for _, y := range []float64{0.5 - 40.0/297, 0.5 + 40.0/297} {
			s.hole(r, 12/25.4*float64(s.dpiX), y*float64(r.h), 3/25.4*float64(s.dpiX))
		}
	}
	if s.edge {
		width := int(d.within(0.02, 0.09) * float64(s.dpiX))
		for y := range r.h {
			n := width + d.IntN(3)
			for x := r.w - n; x < r.w; x++ {
				r.dark[y*r.w+x] = uint8(d.between(140, 220))
			}
		}
	}
}

func (s scanner) hole(r *raster, cx, cy, radius float64) {
	for y := int(cy - radius); y <= int(cy+radius); y++ {
		for x := int(cx - radius); x <= int(cx+radius); x++ {
			if math.Hypot(float64(x)-cx, float64(y)-cy) < radius && x >= 0 && y >= 0 && x < r.w && y < r.h {
				r.dark[y*r.w+x] = 215
			}
		}
	}
}

// blur spreads each pixel to its neighbours, across and then down.
func blur(r *raster, weight float64) {
	k := int(weight * 256)
	if k == 0 {
		return
	}
	centre := 256 - 2*k
	above := make([]uint8, r.w)
	row := make([]uint8, r.w)
	for y := range r.h {
		line := r.dark[y*r.w : (y+1)*r.w]
		copy(row, line)
		for x := 1; x < r.w-1; x++ {
			if row[x-1]|row[x]|row[x+1] != 0 {
				line[x] = uint8((int(row[x-1])*k + int(row[x])*centre + int(row[x+1])*k) >> 8)
			}
		}
	}
	copy(above, r.dark[:r.w])
	for y := 1; y < r.h-1; y++ {
		line, below := r.dark[y*r.w:(y+1)*r.w], r.dark[(y+1)*r.w:(y+2)*r.w]
		copy(row, line)
		for x := range line {
			if above[x]|row[x]|below[x] != 0 {
				line[x] = uint8((int(above[x])*k + int(row[x])*centre + int(below[x])*k) >> 8)
			}
		}
		above, row = row, above
	}
}

// grain is a long strip of normally distributed noise, in 32nds of a standard deviation; reading it from random places is much
// quicker than throwing dice for each pixel.
var grain = sync.OnceValue(func() []int8 {
	random := rand.New(rand.NewPCG(1, 2))
	strip := make([]int8, 1<<17)
	for i := range strip {
		strip[i] = int8(max(-127, min(127, random.NormFloat64()*32)))
	}
	return strip
})

// expose turns ink on paper into the grey levels that the scanner gives.
func (s scanner) expose(r *raster, d *dice) *picture {
	p := &picture{w: r.w, h: r.h, gray: r.dark, cb: r.cb, cr: r.cr, bilevel: s.bilevel, dpiX: s.dpiX, dpiY: s.dpiY}
	if s.turned%180 == 90 {
		p.dpiX, p.dpiY = s.dpiY, s.dpiX
	}
	strip, level := grain(), make([]int32, 256)
	for i := range level { // in 256ths of a grey level
		level[i] = int32((s.paper - (s.paper-s.ink)*float64(i)/255) * 256)
	}
	light := make([]int32, r.w)
	for x := range light {
		light[x] = int32(s.shade * 256 * math.Abs(float64(x)/float64(r.w)-0.4))
	}
	gain := int32(s.noise * 256 / 32)
	for y := range r.h {
		line := p.gray[y*r.w : (y+1)*r.w]
		dim := int32(s.shade * 128 * float64(y) / float64(r.h))
		noise := strip[d.IntN(len(strip)-r.w):]
		for x, dark := range line {
			v := (level[dark] - light[x] - dim + int32(noise[x])*gain) >> 8
			if v < 0 {
				v = 0
			} else if v > 255 {
				v = 255
			}
			if s.bilevel {
				if v < 128 {
					v = 0
				} else {
					v = 255
				}
			}
			line[x] = uint8(v)
		}
	}
	return p
}
