package difference

import "slices"

// Compare says how a version differs from an older one. Its time is bounded whatever the texts, its memory follows their length.
func Compare(old, new []Page) Result { return within(old, new, budget) }

func within(old, new []Page, budget float64) Result {
	c := comparison{old: newText(old), new: newText(new)}
	edits, coarse := compare(c.old.words, c.new.words, budget)
	slide(edits, c.old, c.new)
	c.result = Result{OldN: len(c.old.words), NewN: len(c.new.words), Coarse: coarse}
	c.pair(edits)
	for i, e := range edits {
		if e.a >= 0 && e.b >= 0 {
			c.stayed(e)
			continue
		}
		if i == 0 || edits[i-1].a >= 0 && edits[i-1].b >= 0 {
			c.begin()
		}
		c.changed(e)
	}
	return c.result
}

// A comparison is a Result in the making.
type comparison struct {
	old, new     text
	ofOld, ofNew []int // by page: index of its pair
	seen         int   // words of the new version that were passed
	result       Result
}

// stayed puts a word that stayed where it stands now.
func (c *comparison) stayed(e edit) {
	c.result.Common++
	c.seen = e.b + 1
	c.run(c.ofNew[c.new.at[e.b]], Stayed, 0, c.new.words[e.b])
}

// begin begins a change.
func (c *comparison) begin() {
	c.result.Changes = append(c.result.Changes, Change{Number: len(c.result.Changes) + 1, Before: c.new.before(c.seen)})
}

// changed puts a word that went or came where it stood or stands.
func (c *comparison) changed(e edit) {
	change := &c.result.Changes[len(c.result.Changes)-1]
	if e.a >= 0 {
		page := c.old.at[e.a]
		if len(change.Old) == 0 {
			change.OldPage = c.old.pages[page].Number
		}
		change.Old = append(change.Old, c.old.words[e.a])
		c.run(c.ofOld[page], Went, change.Number, c.old.words[e.a])
		old := &c.result.Pairs[c.ofOld[page]].Old
		old.Changed = append(old.Changed, ChangedWord{change.Number, c.old.word[e.a]})
		return
	}
	page := c.new.at[e.b]
	if len(change.New) == 0 {
		change.NewPage = c.new.pages[page].Number
	}
	change.New = append(change.New, c.new.words[e.b])
	c.run(c.ofNew[page], Came, change.Number, c.new.words[e.b])
	side := &c.result.Pairs[c.ofNew[page]].New
	side.Changed = append(side.Changed, ChangedWord{change.Number, c.new.word[e.b]})
	c.seen = e.b + 1
}

// run adds a word to the runs of a pair. Within a change, what went stands before what came.
func (c *comparison) run(pair int, fate Fate, change int, word string) {
	p := &c.result.Pairs[pair]
	p.Changed = p.Changed || change > 0
	for i := len(p.Runs) - 1; i >= max(len(p.Runs)-2, 0) && p.Runs[i].Change == change; i-- {
		if p.Runs[i].Fate == fate {
			p.Runs[i].Words = append(p.Runs[i].Words, word)
			return
		}
	}
	at := len(p.Runs)
	if fate == Went && at > 0 && p.Runs[at-1].Change == change {
		at--
	}
	p.Runs = slices.Insert(p.Runs, at, Run{fate, change, []string{word}})
}
