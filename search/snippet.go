package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// snippetLength is about how long a snippet is, in bytes.
const snippetLength = 220

// beginning is the snippet of a document that matches nowhere in its text: how it begins.
func beginning(pages []string) Snippet {
	for _, p := range pages {
		if strings.TrimSpace(p) != "" {
			return cut(p, 0, min(len(p), snippetLength), nil)
		}
	}
	return Snippet{}
}

// bestSnippet is the stretch of a text with the most different words of the query in it, and of such the one with the most
// marks; worth grows with both.
func bestSnippet(text string, marks []marked) (s Snippet, worth int) {
	bestFrom, bestTo := 0, 0
	count := map[string]int{}
	for from, to := 0, 0; from < len(marks); from++ {
		for to < len(marks) && marks[to].End-marks[from].Start <= snippetLength {
			count[marks[to].key]++
			to++
		}
		if to <= from { // a single mark longer than a snippet
			to = from + 1
			count[marks[from].key]++
		}
		if w := 100*len(count) + to - from; w > worth {
			worth, bestFrom, bestTo = w, from, to
		}
		if count[marks[from].key]--; count[marks[from].key] == 0 {
			delete(count, marks[from].key)
		}
	}
	inside := marks[bestFrom:bestTo]
	start, end := inside[0].Start, inside[len(inside)-1].End
	spare := max(0, snippetLength-(end-start))
	start = min(start, wordStart(text, max(0, start-spare/3)))
	return cut(text, start, min(len(text), max(end, start+snippetLength)), marks), worth
}

// cut takes text[start:end], the end moved to that of a word, with its white space collapsed, and the marks in it.
func cut(text string, start, end int, marks []marked) Snippet {
	end = wordEnd(text, end)
	c := &collapser{}
	if start > 0 {
		c.b.WriteString("… ")
	}
	at := start
	var out []Mark
	for _, m := range marks {
		if m.Start < at || m.End > end {
			continue
		}
		c.write(text[at:m.Start])
		c.flush()
		from := c.b.Len()
		c.write(text[m.Start:m.End])
		if n := len(out); n > 0 && out[n-1].End == from {
			out[n-1].End = c.b.Len()
		} else {
			out = append(out, Mark{from, c.b.Len()})
		}
		at = m.End
	}
	c.write(text[at:end])
	if strings.TrimSpace(text[end:]) != "" {
		c.b.WriteString(" …")
	}
	return Snippet{Text: c.b.String(), Marks: out}
}

// A collapser writes text with runs of white space as one space, and none at the beginning and end.
type collapser struct {
	b     strings.Builder
	space bool // a space is due before the next word
	words bool // something was written
}

func (c *collapser) write(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			c.space = c.words
			continue
		}
		c.flush()
		c.b.WriteRune(r)
		c.words = true
	}
}

func (c *collapser) flush() {
	if c.space {
		c.b.WriteByte(' ')
		c.space = false
	}
}

// wordStart moves an offset forward to the start of a word, unless it is at one or none is near.
func wordStart(text string, i int) int {
	if i == 0 {
		return 0
	}
	for i < len(text) && !utf8.RuneStart(text[i]) {
		i++
	}
	if n := strings.IndexFunc(text[i:], unicode.IsSpace); n >= 0 && n < 30 {
		return i + n
	}
	return i
}

// wordEnd moves an offset forward to the end of a word, if that is near.
func wordEnd(text string, i int) int {
	for i < len(text) && !utf8.RuneStart(text[i]) {
		i++
	}
	if n := strings.IndexFunc(text[i:], unicode.IsSpace); n >= 0 && n < 30 {
		return i + n
	} else if n < 0 && len(text)-i < 30 {
		return len(text)
	}
	return i
}
