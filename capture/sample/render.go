package sample

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// A matrix turns points of a sheet into pixels.
type matrix struct{ xx, xy, yx, yy, x0, y0 float64 }

func (m matrix) apply(p point) point {
	return point{m.xx*p.x + m.xy*p.y + m.x0, m.yx*p.x + m.yy*p.y + m.y0}
}

// then gives the matrix that does m first and n after it.
func (m matrix) then(n matrix) matrix {
	return matrix{
		n.xx*m.xx + n.xy*m.yx, n.xx*m.xy + n.xy*m.yy,
		n.yx*m.xx + n.yy*m.yx, n.yx*m.xy + n.yy*m.yy,
		n.xx*m.x0 + n.xy*m.y0 + n.x0, n.yx*m.x0 + n.yy*m.y0 + n.y0,
	}
}

func rotation(degrees float64, c point) matrix {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return matrix{cos, -sin, sin, cos, c.x - cos*c.x + sin*c.y, c.y - sin*c.x - cos*c.y}
}

// A raster is a page as ink on paper: how dark each pixel is, before the scanner sees it, and the colour of the ink at half
// the resolution (nil for scanners without colour).
type raster struct {
	w, h   int
	dark   []uint8 // 0 is paper, 255 is black
	cb, cr []uint8 // 128 is no colour

	rasterizer vector.Rasterizer
	cover      *image.Alpha
}

func newRaster(w, h int, colour bool) *raster {
	r := &raster{w: w, h: h, dark: make([]uint8, w*h), cover: image.NewAlpha(image.Rect(0, 0, 64, 64))}
	if colour {
		n := ((w + 1) / 2) * ((h + 1) / 2)
		r.cb, r.cr = make([]uint8, n), make([]uint8, n)
		for i := range r.cb {
			r.cb[i], r.cr[i] = 128, 128
		}
	}
	return r
}

// draw draws all marks of a sheet. The hand trembles by d.
func (r *raster) draw(s *sheet, m matrix, d *dice) {
	for _, k := range s.marks {
		switch {
		case k.text != "":
			r.text(k, m, d)
		case k.width > 0:
			r.stroke(k, m)
		default:
			r.fill(k.shape, m, k.ink)
		}
	}
}

func (r *raster) text(k mark, m matrix, d *dice) {
	scale := k.size / em
	sin, cos := math.Sincos(k.angle * math.Pi / 180)
	x := 0.0
	for _, c := range k.text {
		g := k.face.glyph(c)
		at := point{k.at.x + cos*x, k.at.y + sin*x}
		local := matrix{cos * scale, -sin * scale, sin * scale, cos * scale, at.x, at.y}
		if k.shaky > 0 {
			local = local.then(rotation(d.within(-4, 4), at))
			local.y0 += d.within(-k.shaky, k.shaky)
		}
		r.glyph(g, local.then(m), k.ink)
		x += g.advance * scale
	}
}

// glyph fills an outline under a matrix.
func (r *raster) glyph(g glyph, m matrix, ink color.RGBA) {
	if len(g.segments) == 0 {
		return
	}
	var points []point
	for _, s := range g.segments {
		for i := range argumentsOf[s.Op] {
			points = append(points, m.apply(point{float64(s.Args[i].X) / 64, float64(s.Args[i].Y) / 64}))
		}
	}
	ox, oy, ok := r.begin(points)
	if !ok {
		return
	}
	i := 0
	next := func() (float32, float32) {
		p := points[i]
		i++
		return float32(p.x - ox), float32(p.y - oy)
	}
	for _, s := range g.segments {
		ax, ay := next()
		switch s.Op {
		case 0:
			r.rasterizer.ClosePath()
			r.rasterizer.MoveTo(ax, ay)
		case 1:
			r.rasterizer.LineTo(ax, ay)
		case 2:
			bx, by := next()
			r.rasterizer.QuadTo(ax, ay, bx, by)
		case 3:
			bx, by := next()
			cx, cy := next()
			r.rasterizer.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	r.end(int(ox), int(oy), ink)
}

// argumentsOf is how many points the operations move, line, quadratic and cubic curve of sfnt take.
var argumentsOf = [4]int{1, 1, 2, 3}

// fill fills a polygon.
func (r *raster) fill(shape []point, m matrix, ink color.RGBA) {
	points := make([]point, len(shape))
	for i, p := range shape {
		points[i] = m.apply(p)
	}
	ox, oy, ok := r.begin(points)
	if !ok {
		return
	}
	for i, p := range points {
		if i == 0 {
			r.rasterizer.MoveTo(float32(p.x-ox), float32(p.y-oy))
			continue
		}
		r.rasterizer.LineTo(float32(p.x-ox), float32(p.y-oy))
	}
	r.end(int(ox), int(oy), ink)
}

// stroke draws a line, piece by piece, each a little longer than it is so that corners close.
func (r *raster) stroke(k mark, m matrix) {
	for i := 1; i < len(k.shape); i++ {
		a, b := k.shape[i-1], k.shape[i]
		dx, dy := b.x-a.x, b.y-a.y
		length := math.Hypot(dx, dy)
		if length == 0 {
			continue
		}
		ux, uy := dx/length*k.width/2, dy/length*k.width/2
		a, b = point{a.x - ux*0.7, a.y - uy*0.7}, point{b.x + ux*0.7, b.y + uy*0.7}
		r.fill([]point{{a.x - uy, a.y + ux}, {b.x - uy, b.y + ux}, {b.x + uy, b.y - ux}, {a.x + uy, a.y - ux}}, m, k.ink)
	}
}

// begin readies the rasteriser for a shape and gives the origin of its own little plane; not ok when it is off the page.
func (r *raster) begin(points []point) (ox, oy float64, ok bool) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range points {
		x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
	}
	if x1 < 0 || y1 < 0 || x0 >= float64(r.w) || y0 >= float64(r.h) {
		return 0, 0, false
	}
	ox, oy = math.Floor(x0), math.Floor(y0)
	r.rasterizer.Reset(int(x1-ox)+2, int(y1-oy)+2)
	return ox, oy, true
}

// end lays the shape's ink on the page.
func (r *raster) end(ox, oy int, ink color.RGBA) {
	r.rasterizer.ClosePath()
	size := r.rasterizer.Size()
	if size.X > r.cover.Rect.Dx() || size.Y > r.cover.Rect.Dy() {
		r.cover = image.NewAlpha(image.Rect(0, 0, max(size.X, r.cover.Rect.Dx()), max(size.Y, r.cover.Rect.Dy())))
	}
	bounds := image.Rectangle{Max: size}
	for y := range size.Y { // DrawOp Src of the rasteriser wants a clean plane
		clear(r.cover.Pix[y*r.cover.Stride : y*r.cover.Stride+size.X])
	}
	r.rasterizer.Draw(r.cover, bounds, image.Opaque, image.Point{})
	luma, cb, cr := color.RGBToYCbCr(ink.R, ink.G, ink.B)
	want := int(255 - luma)
	for y := max(0, -oy); y < size.Y && oy+y < r.h; y++ {
		row := r.cover.Pix[y*r.cover.Stride:]
		for x := max(0, -ox); x < size.X && ox+x < r.w; x++ {
			c := int(row[x])
			if c == 0 {
				continue
			}
			p := &r.dark[(oy+y)*r.w+ox+x]
			*p = uint8((int(*p)*(255-c) + want*c) / 255)
			if r.cb != nil && (cb != 128 || cr != 128) && c > 64 {
				i := (oy+y)/2*((r.w+1)/2) + (ox+x)/2
				r.cb[i], r.cr[i] = cb, cr
			}
		}
	}
}
