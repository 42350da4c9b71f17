package difference

// A cell is how many words an old and a new page have in common.
type cell struct{ old, new, words int }

// pair finds which pages belong together: those that have the most words in common, all in order. What lies between two such
// pairs is paired in order too, as long as there are pages on both sides.
func (c *comparison) pair(edits []edit) {
	c.ofOld, c.ofNew = make([]int, len(c.old.pages)), make([]int, len(c.new.pages))
	i, j := 0, 0
	for _, anchor := range append(chain(c.cells(edits)), cell{len(c.old.pages), len(c.new.pages), 0}) {
		for i < anchor.old || j < anchor.new {
			p := Pair{}
			if i < anchor.old {
				p.Old.Page, c.ofOld[i] = c.old.pages[i].Number, len(c.result.Pairs)
				i++
			}
			if j < anchor.new {
				p.New.Page, c.ofNew[j] = c.new.pages[j].Number, len(c.result.Pairs)
				j++
			}
			c.result.Pairs = append(c.result.Pairs, p)
		}
		if anchor.words > 0 {
			c.ofOld[i], c.ofNew[j] = len(c.result.Pairs), len(c.result.Pairs)
			c.result.Pairs = append(c.result.Pairs, Pair{Old: Side{Page: c.old.pages[i].Number}, New: Side{Page: c.new.pages[j].Number}})
			i, j = i+1, j+1
		}
	}
}

// cells counts the words in common of the pages that have some. Words that stayed are in order, so there are no more cells than
// pages, and they come in order.
func (c *comparison) cells(edits []edit) []cell {
	var all []cell
	for _, e := range edits {
		if e.a < 0 || e.b < 0 {
			continue
		}
		old, new := c.old.at[e.a], c.new.at[e.b]
		if n := len(all); n > 0 && all[n-1].old == old && all[n-1].new == new {
			all[n-1].words++
		} else {
			all = append(all, cell{old, new, 1})
		}
	}
	return all
}

// chain is the choice of cells with the most words in which no page comes twice.
func chain(all []cell) []cell {
	most, before := make([]int, len(all)), make([]int, len(all))
	best := -1
	for i, c := range all {
		most[i], before[i] = c.words, -1
		for j := range i {
			if all[j].old < c.old && all[j].new < c.new && most[j]+c.words > most[i] {
				most[i], before[i] = most[j]+c.words, j
			}
		}
		if best < 0 || most[i] > most[best] {
			best = i
		}
	}
	var chosen []cell
	for i := best; i >= 0; i = before[i] {
		chosen = append([]cell{all[i]}, chosen...)
	}
	return chosen
}
