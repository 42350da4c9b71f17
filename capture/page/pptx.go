package page

import (
	"archive/zip"
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
)

// readPPTX reads a presentation: a page for each slide, with its notes.
func readPPTX(w *reading, ctx context.Context) error {
	return w.readPackage(ctx, func(z *zip.Reader) ([]block, error) {
		var all []block
		for _, slide := range numbered(z, "ppt/slides/slide") {
			blocks, err := drawingMarkup().blocks(z, slide)
			if len(blocks) > 0 {
				blocks[0].breaks = true
			}
			all = append(all, blocks...)
			if err != nil {
				return all, err
			}
		}
		return all, nil
	})
}

// numbered lists the parts prefix1.xml, prefix2.xml ... by number.
func numbered(z *zip.Reader, prefix string) []string {
	numbers := map[string]int{}
	var names []string
	for _, f := range z.File {
		rest, ok := strings.CutPrefix(f.Name, prefix)
		n, err := strconv.Atoi(strings.TrimSuffix(rest, path.Ext(rest)))
		if ok && err == nil && path.Ext(rest) == ".xml" {
			numbers[f.Name] = n
			names = append(names, f.Name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return numbers[a] - numbers[b] })
	return names
}

// drawingMarkup is that of the shapes and tables of DrawingML.
func drawingMarkup() markup {
	m := officeText
	m.start = func(f *flow, e element) {
		switch e.name {
		case "br":
			f.text.WriteByte('\n')
		case "ph":
			f.bold = strings.Contains(strings.ToLower(e.attr("type")), "title")
		}
	}
	return m
}
