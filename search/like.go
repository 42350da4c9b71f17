package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"
)

// Similar documents are found by the roots that tell a document from others: those with the highest product of frequency and
// rarity ("tf-idf"; Spärck Jones, "A statistical interpretation of term specificity", 1972). Roots are of one language, so
// documents in another language are never like it.
const (
	likeRoots = 25  // that are looked for
	likePart  = 0.3 // how many of those a document must hold to be like it
)

// like matches documents that speak of what one document speaks of, without that document.
type like struct{ document uuid.UUID }

func (like) isNode() {}

func (n like) String() string { return "like:" + n.document.String() }

// like reads the value of like:, the ID of a document.
func (p *parser) like(l lexeme) (node, *Problem) {
	id, err := uuid.Parse(l.text)
	if err != nil {
		return nil, p.problem(l, "After like: stands the ID of a document. The page of a document leads to those like it.")
	}
	return like{id}, nil
}

// likeDocument finds what is like a document. One that is not in the index, or that the reader may not see, is like none: what is found
// would tell what is in it.
func (m *matcher) likeDocument(n like) (*roaring.Bitmap, error) {
	doc := m.number(n.document.String())
	if doc == math.MaxUint32 || m.allowed != nil && !m.allowed.Contains(doc) {
		return roaring.New(), nil
	}
	words, err := m.telling(doc)
	if err != nil || len(words) == 0 {
		return roaring.New(), err
	}
	r := &ranked{words: words}
	var sets []*roaring.Bitmap
	for _, w := range words {
		o, err := m.occurrences(w)
		if err != nil {
			return nil, err
		}
		r.found, r.idf = append(r.found, o), append(r.idf, m.idf(len(o.docs)))
		sets = append(sets, roaring.BitmapOf(o.docs...))
	}
	r.set = atLeast(sets, max(1, int(math.Ceil(likePart*float64(len(words))))))
	r.set.Remove(doc)
	if !m.not {
		m.exact = append(m.exact, r)
	}
	return r.set, nil
}

// telling are the words that tell a document from others. A root that no other document has tells nothing about likeness.
func (m *matcher) telling(doc uint32) ([]*sought, error) {
	field, counts, _, err := m.rootCounts(doc)
	if err != nil {
		return nil, err
	}
	type root struct {
		text   string
		weight float64
	}
	var all []root
	for text, n := range counts {
		documents, err := m.frequency(field, text)
		if err != nil {
			return nil, err
		}
		if documents > 1 {
			all = append(all, root{text, (1 + math.Log(float64(n))) * m.idf(documents)})
		}
	}
	slices.SortFunc(all, func(a, b root) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text)) })
	var words []*sought
	for _, r := range all[:min(likeRoots, len(all))] {
		words = append(words, &sought{roots: map[string]string{field[len(inRoots):]: r.text}})
	}
	return words, nil
}

// frequency is how many documents have a term in a field.
func (s *snapshot) frequency(field, term string) (int, error) {
	r, err := s.reader.TermFieldReader(s.ctx, []byte(term), field, false, false, false)
	if err != nil {
		return 0, fmt.Errorf("read search index: %w", err)
	}
	defer r.Close()
	return int(r.Count()), nil
}
