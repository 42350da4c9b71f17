package capture

import (
	"slices"

	"docket/repository/fault"

	"github.com/google/uuid"
)

// A DraftPage is a page on the scan desk. Pages lie in one order; each piece is a run of them.
type DraftPage struct {
	ID        int64
	Scan      uuid.UUID // of which file
	Number    int       // in it, from 1
	Turn      int       // degrees clockwise
	Removed   bool      // it stays on the desk and is not sent
	Begins    bool      // a piece begins with it
	Blank     bool
	Separator bool
	Whole     bool // it is a whole file that is not taken apart: a piece of its own
}

// An Arrangement is something done to pages on the desk.
type Arrangement string

// What can be done. Those that say "all" ask for no pages.
const (
	TurnRight    Arrangement = "turn-right"
	TurnLeft     Arrangement = "turn-left"
	Remove       Arrangement = "remove"
	Restored     Arrangement = "restore"
	Split        Arrangement = "split"        // a piece begins with each of the pages
	Join         Arrangement = "join"         // the pieces of the pages are joined to the ones before them
	MoveBefore   Arrangement = "move-before"  // the pages come before another one, into its piece
	MoveAfter    Arrangement = "move-after"   // or after it
	RemoveBlanks Arrangement = "remove-blank" // all
	SplitFiles   Arrangement = "split-files"  // all: every file is a piece
	SplitPages   Arrangement = "split-pages"  // all: every page is a piece
	JoinAll      Arrangement = "join-all"     // all: one piece
)

// Arrange gives pages as they lie after something was done to the chosen ones. At is the page that pages are moved to. What
// would change nothing changes nothing; a page that is not on the desk is a Conflict, since somebody else took it.
func Arrange(pages []DraftPage, what Arrangement, chosen []int64, at int64) ([]DraftPage, error) {
	pages = slices.Clone(pages)
	index := func(id int64) int { return slices.IndexFunc(pages, func(p DraftPage) bool { return p.ID == id }) }
	for _, id := range chosen {
		if index(id) < 0 {
			return nil, fault.New(fault.Conflict, "This page is no longer on the desk. Look at it again.")
		}
	}
	is := func(p DraftPage) bool { return slices.Contains(chosen, p.ID) }
	switch what {
	case MoveBefore, MoveAfter:
		if index(at) < 0 || slices.Contains(chosen, at) {
			return pages, nil
		}
		return settle(move(pages, is, at, what == MoveAfter)), nil
	case Join:
		return settle(join(pages, is)), nil
	}
	for i := range pages {
		p := &pages[i]
		switch {
		case what == RemoveBlanks:
			p.Removed = p.Removed || p.Blank
		case what == SplitFiles:
			p.Begins = p.Number == 1 || i > 0 && pages[i-1].Scan != p.Scan || i > 0 && pages[i-1].Separator
		case what == SplitPages:
			p.Begins = true
		case what == JoinAll:
			p.Begins = false
		case !is(*p):
		case what == TurnRight && !p.Whole:
			p.Turn = (p.Turn + 90) % 360
		case what == TurnLeft && !p.Whole:
			p.Turn = (p.Turn + 270) % 360
		case what == Remove, what == Restored:
			p.Removed = what == Remove
		case what == Split:
			p.Begins = true
		}
	}
	return settle(pages), nil
}

// draftPieces parts pages into the runs that will be pieces, with the pages that are not sent.
func draftPieces(pages []DraftPage) [][]DraftPage {
	var all [][]DraftPage
	for i, p := range pages {
		if i == 0 || p.Begins {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], p)
	}
	return all
}

// settle makes the first page begin a piece, and every whole file be one.
func settle(pages []DraftPage) []DraftPage {
	for i := range pages {
		if i == 0 || pages[i].Whole || pages[i-1].Whole {
			pages[i].Begins = true
		}
	}
	return pages
}

// join takes the beginnings of the pieces away that have a chosen page.
func join(pages []DraftPage, is func(DraftPage) bool) []DraftPage {
	var out []DraftPage
	for _, piece := range draftPieces(pages) {
		if slices.ContainsFunc(piece, is) {
			piece[0].Begins = false
		}
		out = append(out, piece...)
	}
	return out
}

// move takes the chosen pages out of their pieces and puts them beside the page at, into its piece.
func move(pages []DraftPage, is func(DraftPage) bool, at int64, after bool) []DraftPage {
	var taken []DraftPage
	var pieces [][]DraftPage
	for _, piece := range draftPieces(pages) {
		var left []DraftPage
		for _, p := range piece {
			if is(p) {
				taken = append(taken, p)
			} else {
				left = append(left, p)
			}
		}
		if len(left) > 0 {
			pieces = append(pieces, left)
		}
	}
	var out []DraftPage
	for _, piece := range pieces {
		if i := slices.IndexFunc(piece, func(p DraftPage) bool { return p.ID == at }); i >= 0 {
			if after {
				i++
			}
			piece = slices.Insert(piece, i, taken...)
		}
		for i := range piece {
			piece[i].Begins = i == 0
		}
		out = append(out, piece...)
	}
	return out
}
