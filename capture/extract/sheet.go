package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/repository"
	"docket/taxonomy"
)

// A token is a run of letters and digits, or one other character.
type token struct {
	text  string // as it stands
	fold  string // as it is compared
	word  int    // index of the word it is part of
	line  int    // index of the line it stands in
	space bool   // white space stands before it
	alnum bool   // letters or digits, else one other character
	digit bool   // holds a digit
}

// A line is a run of words side by side with no wide gap. The words of one printed line that stand in two columns are
// two lines.
type line struct {
	first, last int // its tokens: first to before last
	page        int // 1-based
	para        int // counts paragraphs over all pages
	top         int // index among the lines of its page, downwards, as read
	box         repository.Box
	left        int // nearest line to the left at the same height, -1 for none
	above       int // nearest line above that it overlaps, -1 for none
}

// A sheet is all the words of a document cut into tokens and lines.
type sheet struct {
	words    []repository.Word
	tokens   []token
	lines    []line
	pages    []page
	language string
	hits     []hit // phrases found, in order of their first token
	begin    []int // for each token the first of the hits that begin there or later
	label    []int // for each token the longest label that ends with it, as an index into hits; -1 for none
}

// A page is what matters of a page's layout beside its words.
type page struct {
	number, width, height int
	first, last           int // its lines
}

// maxWords bounds the work on one document; a letter has some hundreds.
const maxWords = 200_000

func newSheet(layouts []repository.Layout) *sheet {
	s := &sheet{}
	for i := range layouts {
		l := &layouts[i]
		p := page{number: l.Page, width: l.Width, height: l.Height, first: len(s.lines)}
		if p.number == 0 {
			p.number = i + 1
		}
		words := joinCombs(l.Words)
		for j := range words {
			if len(s.words) == maxWords {
				break
			}
			s.addWord(words[j], p, j == 0, words[max(0, j-1)])
		}
		p.last = len(s.lines)
		if p.height == 0 {
			for _, ln := range s.lines[p.first:p.last] {
				p.width, p.height = max(p.width, ln.box.X+ln.box.W), max(p.height, ln.box.Y+ln.box.H)
			}
		}
		s.pages = append(s.pages, p)
	}
	s.neighbours()
	return s
}

func (s *sheet) addWord(w repository.Word, p page, firstOfPage bool, prev repository.Word) {
	s.words = append(s.words, w)
	newPara := firstOfPage || prev.Block != w.Block || prev.Par != w.Par
	if newPara || prev.Line != w.Line || wideGap(prev.Box, w.Box) {
		para := 0
		if n := len(s.lines); n > 0 {
			para = s.lines[n-1].para
			if newPara {
				para++
			}
		}
		s.lines = append(s.lines, line{first: len(s.tokens), last: len(s.tokens), page: p.number, para: para, top: len(s.lines) - p.first, left: -1, above: -1})
	}
	n := len(s.lines) - 1
	s.lines[n].box = s.lines[n].box.Union(w.Box)
	s.cut(w.Text, n)
	s.lines[n].last = len(s.tokens)
}

// wideGap says whether two neighbours in a line stand so far apart that they belong to two columns.
func wideGap(a, b repository.Box) bool {
	return !a.IsZero() && !b.IsZero() && (b.X-(a.X+a.W) > 2*max(a.H, b.H) || b.X+b.W < a.X)
}

// cut adds the tokens of one word.
func (s *sheet) cut(text string, ln int) {
	start, space, digit := -1, true, false
	add := func(t string, alnum bool) {
		s.tokens = append(s.tokens, token{text: t, fold: taxonomy.Fold(t), word: len(s.words) - 1, line: ln, space: space, alnum: alnum, digit: digit})
		space, digit, start = false, false, -1
	}
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) {
			if start < 0 {
				start = i
			}
			digit = digit || unicode.IsDigit(r)
			continue
		}
		if start >= 0 {
			add(text[start:i], true)
		}
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		add(string(r), false)
	}
	if start >= 0 {
		add(text[start:], true)
	}
}

// neighbours finds for each line the one to its left and the one above it. Lines without boxes have only the order in
// which they were read.
func (s *sheet) neighbours() {
	for _, p := range s.pages {
		byY := make([]int, 0, p.last-p.first)
		for i := p.first; i < p.last; i++ {
			if s.lines[i].box.IsZero() {
				if i > p.first {
					s.lines[i].above = i - 1
				}
				continue
			}
			byY = append(byY, i)
		}
		slices.SortFunc(byY, func(a, b int) int { return cmp.Compare(s.lines[a].box.Y, s.lines[b].box.Y) })
		for k, i := range byY {
			for _, j := range byY[max(0, k-24):min(len(byY), k+12)] {
				if i != j {
					s.lines[i].relate(s, j)
				}
			}
		}
	}
}

// relate makes line j the left or upper neighbour of l if it is nearer than the one known.
func (l *line) relate(s *sheet, j int) {
	a, b := s.lines[j].box, l.box
	h := max(1, min(a.H, b.H))
	overlapY := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
	overlapX := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
	if overlapY*2 > h && a.X+a.W <= b.X+h {
		if l.left < 0 || s.lines[l.left].box.X < a.X {
			l.left = j
		}
		return
	}
	if overlapX > 0 && a.Y < b.Y && overlapY*2 <= h && b.Y-(a.Y+a.H) < 3*max(a.H, b.H) {
		if l.above < 0 || s.lines[l.above].box.Y < a.Y {
			l.above = j
		}
	}
}

// text is what stands between two tokens, as it stands, lines joined by spaces.
func (s *sheet) text(first, last int) string {
	var b strings.Builder
	for i := first; i < last; i++ {
		if s.tokens[i].space && i > first {
			b.WriteByte(' ')
		}
		b.WriteString(s.tokens[i].text)
	}
	return b.String()
}

// box is the page, the place and the mean confidence of the words that hold the tokens from first to before last. Words
// of a later page are left out.
func (s *sheet) box(first, last int) (pageNumber int, b repository.Box, confidence float64) {
	if first >= last {
		return 0, b, 0
	}
	pageNumber = s.lines[s.tokens[first].line].page
	var words []repository.Word
	for i := s.tokens[first].word; i <= s.tokens[last-1].word; i++ {
		words = append(words, s.words[i])
	}
	for i := first; i < last; i++ {
		if t := s.tokens[i]; s.lines[t.line].page == pageNumber {
			b = b.Union(s.words[t.word].Box)
		}
	}
	return pageNumber, b, repository.MeanConfidence(words)
}

// para is the number of the paragraph in which a token stands.
func (s *sheet) para(i int) int { return s.lines[s.tokens[i].line].para }

// sentenceEnd says whether a sentence ends with token i: a full stop, question or exclamation mark before a space and a
// capital, or the end of the paragraph. The full stop of an abbreviation or an ordinal number ends none.
func (s *sheet) sentenceEnd(i int) bool {
	if i+1 >= len(s.tokens) || s.para(i) != s.para(i+1) {
		return true
	}
	next := s.tokens[i+1]
	switch s.tokens[i].text {
	case "!", "?":
		return next.space
	case ".":
		r, _ := utf8.DecodeRuneInString(next.text)
		if !next.space || !unicode.IsUpper(r) || i == 0 {
			return false
		}
		prev := s.tokens[i-1]
		if prev.digit && len(prev.text) <= 2 {
			return !s.is(i+1, kindMonth) && !s.is(i-1, kindStreet) && s.language != "hu"
		}
		return utf8.RuneCountInString(prev.text) > 1 && !s.is(i-1, kindShort)
	}
	return false
}
