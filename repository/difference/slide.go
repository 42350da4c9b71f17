package difference

// farthest is how many words a change is moved at most.
const farthest = 400

// slide moves changes to where a person would see them. When a page is taken out between two that begin with the same word,
// "[1 ... Chapter] 2" and "Chapter [1 ... ] Chapter 2" say the same, and one of them is what happened. A change that only
// removes or only adds, and can be told in several ways, is told so that it begins a page, else a paragraph, else a line.
func slide(edits []edit, old, new text) {
	for from := 0; from < len(edits); {
		to := from
		for to < len(edits) && !edits[to].stayed() {
			to++
		}
		if to > from {
			slideOne(edits, from, to, old, new)
		}
		from = to + 1
	}
}

func (e edit) stayed() bool { return e.a >= 0 && e.b >= 0 }

// slideOne moves the change of some edits towards the begin, as far as the words around it allow.
func slideOne(edits []edit, from, to int, old, new text) {
	t, of := old, func(e edit) int { return e.a }
	if edits[from].a < 0 {
		t, of = new, func(e edit) int { return e.b }
	}
	for _, e := range edits[from:to] {
		if of(e) < 0 {
			return // it removes and adds
		}
	}
	first, last := of(edits[from]), of(edits[to-1])
	best, rank := 0, t.begins(first)
	for n := 1; n <= min(farthest, from) && edits[from-n].stayed() && t.words[first-n] == t.words[last-n+1]; n++ {
		if r := t.begins(first - n); r > rank {
			best, rank = n, r
		}
	}
	for range best {
		from, to = from-1, to-1
		edits[from], edits[to] = swap(edits[from], edits[to])
	}
}

// swap has the word before a change be its first, and the last word of the change stay in its place.
func swap(before, last edit) (first, stays edit) {
	if last.b < 0 {
		return edit{before.a, -1}, edit{last.a, before.b}
	}
	return edit{-1, before.b}, edit{before.a, last.b}
}

// begins says how good a place a word is for a change to begin at.
func (t text) begins(i int) int {
	switch {
	case i == 0 || t.at[i] != t.at[i-1]:
		return 3
	case t.place(i).Block != t.place(i-1).Block || t.place(i).Par != t.place(i-1).Par:
		return 2
	case !t.place(i).SameLine(t.place(i - 1)):
		return 1
	}
	return 0
}
