package page

import (
	"bufio"
	"errors"
	"html"
	"io"
	"strconv"
	"strings"
	"unicode"

	"docket/repository"
)

// A pdfWord is a word with its place in points (1/72 inch), origin at the top left of the page.
type pdfWord struct {
	text             string
	x0, y0, x1, y1   float64
	block, par, line int
}

// A pdfPage is the text of one page as pdftotext finds it.
type pdfPage struct {
	width, height float64 // points
	words         []pdfWord
}

// maxWords bounds the words of a page: a sheet of small print has about 3,000.
const maxWords = 100_000

// parseBBox reads the output of pdftotext -bbox-layout and gives each page to do. It reads line by line and not as XML:
// the tool writes one element a line, and lets characters through that XML forbids.
func parseBBox(r io.Reader, do func(pdfPage) error) error {
	var p pdfPage
	block, line := 0, 0
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		s, err := lines.ReadString('\n')
		s = strings.TrimSpace(s)
		switch {
		case strings.HasPrefix(s, "<page "):
			p = pdfPage{width: attribute(s, "width"), height: attribute(s, "height")}
			block, line = 0, 0
		case strings.HasPrefix(s, "<block "):
			block, line = block+1, 0
		case strings.HasPrefix(s, "<line "):
			line++
		case strings.HasPrefix(s, "<word ") && len(p.words) < maxWords:
			p.words = appendWord(p.words, s, block, line)
		case s == "</page>":
			if err := do(p); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func appendWord(words []pdfWord, s string, block, line int) []pdfWord {
	_, text, ok := strings.Cut(s, ">")
	if !ok {
		return words
	}
	text = cleanText(html.UnescapeString(strings.TrimSuffix(text, "</word>")))
	if text == "" {
		return words
	}
	return append(words, pdfWord{
		text: text, block: block, par: block, line: line,
		x0: attribute(s, "xMin"), y0: attribute(s, "yMin"), x1: attribute(s, "xMax"), y1: attribute(s, "yMax"),
	})
}

// attribute is the number that an attribute of an element holds, 0 when it has none.
func attribute(element, name string) float64 {
	_, rest, ok := strings.Cut(element, " "+name+`="`)
	if !ok {
		return 0
	}
	number, _, _ := strings.Cut(rest, `"`)
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	return v
}

// cleanText drops control characters and writes ligatures out.
func cleanText(s string) string {
	s = ligatures.Replace(strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u00ad' || r == '\ufeff' || r == '\ufffe' {
			return -1
		}
		return r
	}, s))
}

var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st")

// layout turns the page's words into a layout at a resolution.
func (p pdfPage) layout(dpi int) repository.Layout {
	f := float64(dpi) / 72
	px := func(v float64) int { return int(v*f + 0.5) }
	l := repository.Layout{Width: px(p.width), Height: px(p.height), DPI: dpi, Confidence: 1, Source: "text"}
	l.Words = make([]repository.Word, len(p.words))
	for i, w := range p.words {
		x, y := px(w.x0), px(w.y0)
		l.Words[i] = repository.Word{
			Text: w.text, Confidence: 1, Block: w.block, Par: w.par, Line: w.line,
			Box: repository.Box{X: x, Y: y, W: max(1, px(w.x1)-x), H: max(1, px(w.y1)-y)},
		}
	}
	return l
}
