package difference

import (
	"strings"

	"docket/repository"

	"golang.org/x/text/unicode/norm"
)

// A Page is a page of a version with its words in reading order. Words of a text without places have no boxes.
type Page struct {
	Number int
	Words  []repository.Word
}

// A Fate is what became of words.
type Fate string

// The fates.
const (
	Stayed Fate = "stayed"
	Went   Fate = "went"
	Came   Fate = "came"
)

// A Result is how two versions differ.
type Result struct {
	Pairs      []Pair
	Changes    []Change
	Common     int  // words that both have
	OldN, NewN int  // words of each
	Coarse     bool // some parts were compared roughly, because they were too much
}

// A Change is words that went, words that came, or the one for the other.
type Change struct {
	Number           int      // from 1
	OldPage, NewPage int      // on which page it begins; 0 when nothing of it is in that version
	Before           string   // a few words that stand before it
	Old, New         []string // the words; none when none went or came
}

// A Pair is an old and a new page that belong together.
type Pair struct {
	Old, New Side
	Runs     []Run
	Changed  bool
}

// A Side is one page of a pair.
type Side struct {
	Page  int // 0 when there is none
	Marks []Mark
}

// A Mark is where words of a change stand on a page, one box a line.
type Mark struct {
	Change int
	Boxes  []repository.Box
}

// A Run is words that follow each other and share a fate.
type Run struct {
	Fate   Fate
	Change int // 0 for words that stayed
	Words  []string
}

// Text is the words as they are read.
func (r Run) Text() string { return strings.Join(r.Words, " ") }

// A text is the words of all pages, with the page of each.
type text struct {
	words []string // composed
	at    []int    // index of the page
	place []repository.Word
	pages []Page
}

func newText(pages []Page) text {
	t := text{pages: pages}
	for i, p := range pages {
		for _, w := range p.Words {
			for part := range strings.FieldsSeq(w.Text) {
				t.words, t.at, t.place = append(t.words, norm.NFC.String(part)), append(t.at, i), append(t.place, w)
			}
		}
	}
	return t
}

// before are the few words that stand before a place, for somebody to recognise it by.
func (t text) before(i int) string { return strings.Join(t.words[max(i-3, 0):i], " ") }
