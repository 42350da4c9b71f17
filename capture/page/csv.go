package page

import (
	"context"
	"encoding/csv"
	"strings"
)

// readCSV reads a table of separated values.
func readCSV(w *reading, ctx context.Context) error {
	data, err := w.readAll()
	if err != nil {
		return err
	}
	return w.setBlocks(ctx, csvBlocks(decodeText(data, "")))
}

// maxColumns is how many cells stand beside each other on a page; the cells of a wider row stand below each other.
const maxColumns = 8

// csvBlocks makes a row of each record. A record that cannot be parsed is taken as it is.
func csvBlocks(text string) []block {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text)
	r.LazyQuotes, r.FieldsPerRecord, r.TrimLeadingSpace = true, -1, true
	var blocks []block
	for {
		record, err := r.Read()
		if len(record) > 0 {
			blocks = append(blocks, row(record)...)
		}
		if err != nil {
			return blocks
		}
	}
}

// row sets cells beside each other, or below each other when they are too many.
func row(cells []string) []block {
	cells = trimCells(cells)
	for i := range cells {
		cells[i] = strings.TrimSpace(visible(cells[i]))
	}
	var blocks []block
	for len(cells) > maxColumns {
		blocks = append(blocks, block{cells: cells[:maxColumns:maxColumns]})
		cells = cells[maxColumns:]
	}
	if len(cells) > 0 {
		blocks = append(blocks, block{cells: cells})
	}
	return blocks
}

// separator is the character that stands equally often, and at least once, in most of the first lines.
func separator(text string) rune {
	lines := strings.SplitN(text, "\n", 21)
	lines = lines[:min(len(lines), 20)]
	best, bestScore := ',', 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		counts := map[int]int{}
		for _, l := range lines {
			if n := strings.Count(l, string(c)); n > 0 {
				counts[n]++
			}
		}
		for n, lines := range counts {
			if score := lines*100 + min(n, 50); score > bestScore {
				best, bestScore = c, score
			}
		}
	}
	return best
}
