package page

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"strings"

	"docket/repository"
)

// Files that have no pages are set on pages of A4, so that every document can be looked at, and every word has a place.
const (
	setDPI    = 110
	setPoints = 10.5
	setWidth  = 909 // A4 at setDPI
	setHeight = 1286
	setMargin = 82
	columnGap = 14
)

// A block is a paragraph (one cell) or a row of a table.
type block struct {
	cells  []string
	bold   bool
	breaks bool // begins a new page
}

func paragraph(s string) block { return block{cells: []string{s}} }
func heading(s string) block   { return block{cells: []string{s}, bold: true} }

// A setter puts blocks on pages.
type setter struct {
	faces  [2]*typeface
	emit   func(*setPage) error
	page   *setPage
	y      int
	number int // of blocks on this page
}

// A setPage is a page of words.
type setPage struct{ words []repository.Word }

// set puts blocks on pages and emits each page when it is full. An empty text makes one empty page.
func set(blocks func(yield func(block) bool), emit func(*setPage) error) error {
	faces, err := typefaces()
	if err != nil {
		return err
	}
	s := &setter{faces: faces, emit: emit, page: &setPage{}, y: setMargin}
	for b := range blocks {
		if b.breaks && len(s.page.words) > 0 {
			if err := s.next(); err != nil {
				return err
			}
		}
		if err := s.block(b); err != nil {
			return err
		}
	}
	return emit(s.page)
}

func (s *setter) next() error {
	full := s.page
	s.page, s.y, s.number = &setPage{}, setMargin, 0
	return s.emit(full)
}

// block sets one block: the cells beside each other, each wrapped in its column.
func (s *setter) block(b block) error {
	face := s.faces[0]
	if b.bold {
		face = s.faces[1]
	}
	columns := make([][]string, len(b.cells))
	lines := 0
	width := (setWidth - 2*setMargin + columnGap) / max(1, len(b.cells))
	for i, c := range b.cells {
		columns[i] = wrap(c, face, max(30, width-columnGap))
		lines = max(lines, len(columns[i]))
	}
	if lines == 0 {
		s.y += face.height / 2
		return nil
	}
	s.number++
	for n := range lines {
		if s.y+face.height > setHeight-setMargin {
			if err := s.next(); err != nil {
				return err
			}
			s.number = 1
		}
		for i, c := range columns {
			if n < len(c) {
				s.line(c[n], setMargin+i*width, n+1, face, b.bold)
			}
		}
		s.y += face.height
	}
	s.y += face.height / 3
	return nil
}

// line sets the words of one line. All cells of a row make one paragraph, a line of which runs through all of them.
func (s *setter) line(text string, x, line int, face *typeface, bold bool) {
	space := max(1, face.width(" "))
	for _, w := range strings.Fields(text) {
		width := face.width(w)
		s.page.words = append(s.page.words, repository.Word{
			Text: w, Confidence: 1, Block: s.number, Par: s.number, Line: line, Bold: bold,
			Box: repository.Box{X: x, Y: s.y, W: max(1, width), H: face.height - 3},
		})
		x += width + space
	}
}

// wrap breaks a text into lines of at most width pixels; newlines in it stay. A word wider than a line is broken.
func wrap(text string, face *typeface, width int) []string {
	var lines []string
	space := face.width(" ")
	for hard := range strings.SplitSeq(strings.TrimRight(text, "\n\r \t"), "\n") {
		var b strings.Builder
		x := 0
		for w := range strings.FieldsSeq(hard) {
			for _, piece := range pieces(w, face, width) {
				n := face.width(piece)
				if x > 0 && x+space+n > width {
					lines = append(lines, b.String())
					b.Reset()
					x = 0
				}
				if x > 0 {
					b.WriteByte(' ')
					x += space
				}
				b.WriteString(piece)
				x += n
			}
		}
		if x > 0 {
			lines = append(lines, b.String())
		} else if len(lines) > 0 {
			lines = append(lines, "")
		}
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// pieces breaks a word that is wider than a line.
func pieces(word string, face *typeface, width int) []string {
	if len(word) < 12 || face.width(word) <= width {
		return []string{word}
	}
	var out []string
	start, x := 0, 0
	for i, r := range word {
		n := face.width(string(r))
		if x+n > width && i > start {
			out = append(out, word[start:i])
			start, x = i, 0
		}
		x += n
	}
	return append(out, word[start:])
}

// page is the page without a picture, which is drawn when somebody looks at it.
func (p *setPage) page() Page {
	return Page{Layout: repository.Layout{Width: setWidth, Height: setHeight, DPI: setDPI, Confidence: 1, Source: "text", Set: true, Words: p.words}}
}

// DrawSet makes the picture of a page that was set, a PNG, and a thumbnail. It costs some 15 ms.
func DrawSet(l repository.Layout) (picture, thumb []byte, err error) {
	faces, err := typefaces()
	if err != nil {
		return nil, nil, err
	}
	m := image.NewGray(image.Rect(0, 0, setWidth, setHeight)) // whatever a layout from elsewhere says
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	for _, w := range l.Words {
		face := faces[0]
		if w.Bold {
			face = faces[1]
		}
		face.draw(m, w.Box.X, w.Box.Y+face.ascent, w.Text)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, m); err != nil {
		return nil, nil, fmt.Errorf("draw a page: %w", err)
	}
	thumb, err = smaller(m)
	return out.Bytes(), thumb, err
}

// setText sets blocks and hands over their pages.
func (w *reading) setText(ctx context.Context, blocks func(yield func(block) bool)) error {
	number := 0
	return set(blocks, func(p *setPage) error {
		number++
		if number > w.config.MaxPages {
			return tooManyPages(number, w.config.MaxPages)
		}
		return w.one(ctx, number, func(context.Context) (Page, error) { return p.page(), nil })
	})
}
