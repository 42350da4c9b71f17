package tesseract

import (
	"slices"

	"docket/repository"
)

// inRows puts the words of a form into reading order: row by row from the top, each from left to right, so that a label stands
// before what is filled in beside it. Rows that stand apart begin a new block.
func inRows(words []repository.Word) []repository.Word {
	if len(words) == 0 {
		return words
	}
	height := medianHeight(words)
	rows := rowsOf(words, height)
	out := make([]repository.Word, 0, len(words))
	block, line, bottom := 0, 0, 0
	for i, row := range rows {
		box := row[0].Box
		for _, w := range row[1:] {
			box = box.Union(w.Box)
		}
		if i == 0 || box.Y-bottom > height {
			block, line = block+1, 0
		}
		line++
		bottom = box.Y + box.H
		slices.SortStableFunc(row, func(a, b repository.Word) int { return a.Box.X - b.Box.X })
		for _, w := range row {
			w.Block, w.Par, w.Line = block, block, line
			out = append(out, w)
		}
	}
	return out
}

func medianHeight(words []repository.Word) int {
	heights := make([]int, len(words))
	for i, w := range words {
		heights[i] = w.Box.H
	}
	slices.Sort(heights)
	return max(1, heights[len(heights)/2])
}

// rowsOf parts words into rows: a word belongs to the row whose middle its own middle is nearer to than half a letter's height.
func rowsOf(words []repository.Word, height int) [][]repository.Word {
	middle := func(w repository.Word) int { return w.Box.Y + w.Box.H/2 }
	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b repository.Word) int { return middle(a) - middle(b) })
	var rows [][]repository.Word
	sum := 0
	for _, w := range sorted {
		if n := len(rows); n > 0 {
			row := rows[n-1]
			if middle(w)-sum/len(row) <= height/2 {
				rows[n-1], sum = append(row, w), sum+middle(w)
				continue
			}
		}
		rows, sum = append(rows, []repository.Word{w}), middle(w)
	}
	return rows
}
