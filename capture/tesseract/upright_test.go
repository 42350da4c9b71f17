package tesseract

import (
	"image"
	"testing"
)

// lines are boxes of letters in lines of text, ten pixels apart and thirty from line to line.
func lines(rows, columns int) []image.Rectangle {
	var all []image.Rectangle
	for y := range rows {
		for x := range columns {
			all = append(all, image.Rect(x*10, y*30, x*10+8, y*30+12))
		}
	}
	return all
}

func turnedBoxes(boxes []image.Rectangle) []image.Rectangle {
	out := make([]image.Rectangle, len(boxes))
	for i, b := range boxes {
		out[i] = image.Rect(b.Min.Y, b.Min.X, b.Max.Y, b.Max.X)
	}
	return out
}

func TestLinesRunDown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		letters []image.Rectangle
		want    bool
	}{
		{"no letters", nil, false},
		{"too few to tell", turnedBoxes(lines(1, fewLetters-1)), false},
		{"a page", lines(40, 60), false},
		{"a page on its side", turnedBoxes(lines(40, 60)), true},
		{"a line", lines(1, 30), false},
		{"a line that runs down", turnedBoxes(lines(1, 30)), true},
		{"two columns of figures", lines(30, 2), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := (&sheet{letters: c.letters}).linesRunDown(); got != c.want {
				t.Errorf("lines run down: %v, want %v", got, c.want)
			}
		})
	}
}

func TestHabit(t *testing.T) {
	t.Parallel()
	var h habit
	for range habitPages - 1 {
		h.note("hu")
	}
	if got := h.language(); got != "" {
		t.Errorf("after %d pages the habit is %q, want none yet", habitPages-1, got)
	}
	h.note("hu")
	if got := h.language(); got != "hu" {
		t.Errorf("after %d pages the habit is %q, want hu", habitPages, got)
	}
	h.note("de")
	if got := h.language(); got != "" {
		t.Errorf("after a page in another language the habit is %q, want none", got)
	}
}
