package extract

import (
	"strings"
	"unicode/utf8"

	"docket/repository"
)

// typed lays a text out as a typewriter would: every character ten pixels wide, every line 24 high. An empty line ends a
// paragraph, a form feed a page.
func typed(text string) []repository.Layout {
	var pages []repository.Layout
	for n, pageText := range strings.Split(text, "\f") {
		page := repository.Layout{Page: n + 1, Width: 1000, Height: 1400, DPI: 100, Source: "text"}
		par, line := 0, 0
		for y, l := range strings.Split(pageText, "\n") {
			if strings.TrimSpace(l) == "" {
				par, line = par+1, 0
				continue
			}
			line++
			x := 0
			for field := range strings.SplitSeq(l, " ") {
				w := utf8.RuneCountInString(field)
				if w > 0 {
					page.Words = append(page.Words, repository.Word{
						Text: field, Confidence: 1, Par: par, Line: line,
						Box: repository.Box{X: x * 10, Y: y * 24, W: w * 10, H: 16},
					})
				}
				x += w + 1
			}
		}
		pages = append(pages, page)
	}
	return pages
}
