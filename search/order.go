package search

import (
	"cmp"
	"container/heap"
	"slices"
	"strconv"

	"docket/repository/fault"

	"github.com/RoaringBitmap/roaring/v2"
)

// A placed is a document with what it is ordered by.
type placed struct {
	doc     uint32
	score   float64
	sortKey string // what a cursor keeps of the order; see ordering
}

// An ordering is one page of the documents found.
type ordering struct {
	sort Sort // the order in truth, see Request.Sort
	page []placed
	more bool // another page follows
}

// order gives the page of documents that a request asks for.
func (m *matcher) order(r Request, found *roaring.Bitmap, limit int) (ordering, error) {
	sort := r.Sort
	if sort == Relevance && len(m.bags)+len(m.exact) == 0 {
		sort = ByReceived
	}
	after, err := parseCursor(r.Cursor, sort)
	if err != nil {
		return ordering{}, err
	}
	var o ordering
	switch sort {
	case Relevance:
		o, err = m.byScore(found, after, limit)
	case ByDate:
		o, err = m.byDay(found, inDate, after, limit)
	case ByReceived:
		o, err = m.byDay(found, inReceived, after, limit)
	default:
		err = fault.New(fault.Invalid, "Results can be sorted by date, by received or by relevance, not by “%s”.", sort)
	}
	o.sort = sort
	return o, err
}

// window is how many of the best documents are looked at closely.
const window = 300

// byScore orders by falling score, documents of one score by rising number.
func (m *matcher) byScore(found *roaring.Bitmap, after cursor, limit int) (ordering, error) {
	scores := m.scored(found)
	if err := m.refine(scores, window); err != nil {
		return ordering{}, err
	}
	m.lift(scores)
	begin := placed{doc: 0, score: 0}
	if after.set {
		var err error
		if begin.score, err = strconv.ParseFloat(after.key, 64); err != nil {
			return ordering{}, errCursor
		}
		begin.doc = m.number(after.document)
	}
	var top best
	for i, doc := range scores.docs {
		p := placed{doc: doc, score: scores.of[i]}
		if after.set && better(p, begin) <= 0 {
			continue
		}
		top.offer(p, limit+1)
	}
	page := top.sorted()
	more := len(page) > limit
	page = page[:min(limit, len(page))]
	for i := range page {
		page[i].sortKey = strconv.FormatFloat(page[i].score, 'g', -1, 64)
	}
	return ordering{page: page, more: more}, nil
}

// better is below 0 when a comes before b.
func better(a, b placed) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
}

// best keeps the best so many, the worst of them on top.
type best []placed

func (b best) Len() int           { return len(b) }
func (b best) Less(i, j int) bool { return better(b[i], b[j]) > 0 }
func (b best) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// Push implements heap.Interface.
func (b *best) Push(x any) { *b = append(*b, x.(placed)) }

// Pop implements heap.Interface.
func (b *best) Pop() any {
	last := (*b)[len(*b)-1]
	*b = (*b)[:len(*b)-1]
	return last
}

func (b *best) offer(p placed, size int) {
	if len(*b) < size {
		heap.Push(b, p)
		return
	}
	if better(p, (*b)[0]) < 0 {
		(*b)[0] = p
		heap.Fix(b, 0)
	}
}

func (b best) sorted() []placed {
	slices.SortFunc(b, better)
	return b
}

// number is a document's number in this view; the largest there is when the document is not in it any more.
func (s *snapshot) number(document string) uint32 {
	n, err := s.reader.InternalID(document)
	if err != nil || n == nil {
		return ^uint32(0)
	}
	return uint32(n.Value())
}
