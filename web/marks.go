package web

import (
	"docket/repository"
	"docket/taxonomy"
)

// A place is one token of a layout and the word that it stands in.
type place struct {
	folded string
	word   int
}

// boxes are where the terms stand on a page. A term is a word or a phrase; a phrase gets one box a line. Case and accents do
// not matter.
func boxes(l repository.Layout, terms []string) []repository.Box {
	places := placesOf(l)
	var all []repository.Box
	for _, term := range terms {
		for _, found := range occur(l, places, term) {
			all = append(all, found...)
		}
	}
	return all
}

// occurrences are the places at which one term stands on a page, each with one box a line.
func occurrences(l repository.Layout, term string) [][]repository.Box {
	return occur(l, placesOf(l), term)
}

func placesOf(l repository.Layout) (places []place) {
	for i, w := range l.Words {
		for _, t := range taxonomy.Tokens(w.Text) {
			places = append(places, place{t.Folded, i})
		}
	}
	return places
}

func occur(l repository.Layout, places []place, term string) (all [][]repository.Box) {
	wanted := taxonomy.Tokens(term)
	for i := range places {
		if stands(places[i:], wanted) {
			all = append(all, lines(l, places[i].word, places[i+len(wanted)-1].word))
		}
	}
	return all
}

// stands says whether places begin with the tokens of a term.
func stands(places []place, wanted []taxonomy.Token) bool {
	if len(wanted) == 0 || len(places) < len(wanted) {
		return false
	}
	for i, w := range wanted {
		if places[i].folded != w.Folded {
			return false
		}
	}
	return true
}

// lines are the boxes of the words from first to last, one a line.
func lines(l repository.Layout, first, last int) []repository.Box {
	var all []repository.Box
	for i := first; i <= last; i++ {
		w := l.Words[i]
		if i > first && l.Words[i-1].SameLine(w) {
			all[len(all)-1] = all[len(all)-1].Union(w.Box)
			continue
		}
		all = append(all, w.Box)
	}
	return all
}
