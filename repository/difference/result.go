package difference

import (
	"strings"

	"docket/repository"

	"golang.org/x/text/unicode/norm"
)

// A Page is a page of a version with its words in reading order. Of a word its text counts, and with which words it stands on a line
// and in a paragraph; its box need not be known.
type Page struct {
	Number int
	Words  []repository.Word
}

// PageOf is a page with the words of a text, whose lines are lines and whose empty lines part paragraphs.
func PageOf(number int, text string) Page {
	p := Page{number, make([]repository.Word, 0, strings.Count(text, " ")+strings.Count(text, "\n")+1)}
	par := 0
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			par++
		}
		for word := range strings.FieldsSeq(line) {
			p.Words = append(p.Words, repository.Word{Text: word, Par: par, Line: i})
		}
	}
	return p
}

// Placed are the words of a page with the boxes that a layout gives them; nil when the layout is one of other words.
func (p Page) Placed(l repository.Layout) []repository.Word {
	all := make([]repository.Word, 0, len(p.Words))
	for _, w := range l.Words {
		for part := range strings.FieldsSeq(w.Text) {
			if len(all) == len(p.Words) || p.Words[len(all)].Text != part {
				return nil
			}
			all = append(all, w)
		}
	}
	if len(all) < len(p.Words) {
		return nil
	}
	return all
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
	Page    int // 0 when there is none
	Changed []ChangedWord
}

// A ChangedWord is a word of a page that went or came.
type ChangedWord struct {
	Change int
	Word   int // index into the words of the page
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

// Marks are where the changed words of a page stand, by its words with their boxes.
func (s Side) Marks(words []repository.Word) (all []Mark) {
	for i, c := range s.Changed {
		if c.Word >= len(words) || words[c.Word].Box.IsZero() {
			continue
		}
		w, n := words[c.Word], len(all)
		if n == 0 || all[n-1].Change != c.Change {
			all = append(all, Mark{c.Change, []repository.Box{w.Box}})
			continue
		}
		boxes := all[n-1].Boxes
		if words[s.Changed[i-1].Word].SameLine(w) {
			boxes[len(boxes)-1] = boxes[len(boxes)-1].Union(w.Box)
		} else {
			all[n-1].Boxes = append(boxes, w.Box)
		}
	}
	return all
}

// A text is the words of all pages, with the page of each.
type text struct {
	words []string // composed
	at    []int    // index of the page
	word  []int    // index into the page's words
	pages []Page
}

func newText(pages []Page) text {
	n := 0
	for _, p := range pages {
		n += len(p.Words)
	}
	t := text{pages: pages, words: make([]string, 0, n), at: make([]int, 0, n), word: make([]int, 0, n)}
	for i, p := range pages {
		for j, w := range p.Words {
			t.words, t.at, t.word = append(t.words, norm.NFC.String(w.Text)), append(t.at, i), append(t.word, j)
		}
	}
	return t
}

// place is a word as its page has it.
func (t text) place(i int) repository.Word { return t.pages[t.at[i]].Words[t.word[i]] }

// before are the few words that stand before a place, for somebody to recognise it by.
func (t text) before(i int) string { return strings.Join(t.words[max(i-3, 0):i], " ") }
