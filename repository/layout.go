package repository

import (
	"strings"
)

// A Box is a rectangle on a page in pixels of the page image, origin at the top left. The zero Box means "no place".
type Box struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// IsZero says whether b names no place.
func (b Box) IsZero() bool { return b == Box{} }

// Union is the smallest box that holds b and c. A zero box adds nothing.
func (b Box) Union(c Box) Box {
	if b.IsZero() {
		return c
	}
	if c.IsZero() {
		return b
	}
	x, y := min(b.X, c.X), min(b.Y, c.Y)
	return Box{X: x, Y: y, W: max(b.X+b.W, c.X+c.W) - x, H: max(b.Y+b.H, c.Y+c.H) - y}
}

// A Word is one word of a page as it was read.
type Word struct {
	Text       string  `json:"text"`
	Box        Box     `json:"box"`
	Confidence float64 `json:"conf"` // 0 to 1; 1 for text that was in the file
	Block      int     `json:"block"`
	Par        int     `json:"par"`
	Line       int     `json:"line"` // counts within its paragraph
	Bold       bool    `json:"bold,omitempty"`
}

// SameLine says whether two words of a page stand on one line.
func (w Word) SameLine(x Word) bool { return w.Block == x.Block && w.Par == x.Par && w.Line == x.Line }

// A Layout is the text of one page with places. Words stand in reading order. It is stored as JSON beside the page image.
type Layout struct {
	Page       int     `json:"page"`          // 1-based
	Width      int     `json:"width"`         // of the page image, pixels
	Height     int     `json:"height"`        // of the page image, pixels
	DPI        int     `json:"dpi"`           // of the page image
	Rotated    int     `json:"rotated"`       // degrees clockwise by which the received page was turned: 0, 90, 180, 270
	Skew       float64 `json:"skew"`          // degrees by which the received page was straightened
	Language   string  `json:"language"`      // two letters: en, de, hu, pl, ru, sl; empty when unknown
	Confidence float64 `json:"confidence"`    // mean over the words weighted by their length, 0 to 1
	Source     string  `json:"source"`        // "text" when the file held it, "ocr" when it was recognised
	Set        bool    `json:"set,omitempty"` // the file has no pages: this one was set by us, and can be drawn from its words
	Words      []Word  `json:"words"`
}

// Text is the page's text: words joined by spaces, lines by newlines, paragraphs by an empty line.
func (l *Layout) Text() string {
	text, _ := l.TextWithOffsets()
	return text
}

// TextWithOffsets is Text and, for each word, the byte offset in it at which the word starts.
func (l *Layout) TextWithOffsets() (string, []int) {
	var b strings.Builder
	offsets := make([]int, len(l.Words))
	for i, w := range l.Words {
		if i > 0 {
			b.WriteString(separator(l.Words[i-1], w))
		}
		offsets[i] = b.Len()
		b.WriteString(w.Text)
	}
	return b.String(), offsets
}

func separator(prev, next Word) string {
	switch {
	case prev.Block != next.Block || prev.Par != next.Par:
		return "\n\n"
	case prev.Line != next.Line:
		return "\n"
	}
	return " "
}

// MeanConfidence is the mean of the words' confidences weighted by their length in bytes, 0 for a page without words.
func MeanConfidence(words []Word) float64 {
	var sum, weight float64
	for _, w := range words {
		n := float64(len(w.Text))
		sum, weight = sum+n*w.Confidence, weight+n
	}
	if weight == 0 {
		return 0
	}
	return sum / weight
}
