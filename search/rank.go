package search

import (
	"math"

	"github.com/RoaringBitmap/roaring/v2"
)

// A ranked is one part of a query that documents are ranked by: a bag of words, or something found as it stands.
type ranked struct {
	words []*sought
	found []occurrences // parallel to words
	idf   []float64     // parallel to words
	set   *roaring.Bitmap
	bonus float64 // for parts found as they stand: what each document in set gets
}

// rank reads the posting lists of a bag.
func (s *snapshot) rank(b bag) (*ranked, error) {
	r := &ranked{words: expand(b)}
	for _, w := range r.words {
		o, err := s.occurrences(w)
		if err != nil {
			return nil, err
		}
		r.found = append(r.found, o)
		r.idf = append(r.idf, s.idf(len(o.docs)))
	}
	return r, nil
}

// idf is BM25's weight of a term that so many documents hold, never negative.
func (s *snapshot) idf(documents int) float64 {
	df := float64(documents)
	return math.Log(1 + (max(s.count, df)-df+0.5)/(df+0.5))
}

// flat ranks the documents of a set by one amount: the weight of a word so rare.
func (s *snapshot) flat(set *roaring.Bitmap) *ranked {
	return &ranked{set: set, bonus: s.idf(int(set.GetCardinality()))}
}

// required says how many of a bag's words, those that are stop words nowhere, a document must hold: all of one or two, all
// but one of three or four, and of more a part that falls with their number, as people who write whole sentences do not expect
// each word to be found.
func required(words int) int {
	switch {
	case words <= 2:
		return words
	case words <= 4:
		return words - 1
	}
	return max(2, int(math.Ceil(float64(words)*leastPart)))
}

const leastPart = 0.15

// matching is the set of documents that hold as many of the words as are required.
func (r *ranked) matching() *roaring.Bitmap {
	if r.set != nil {
		return r.set
	}
	var hard []*roaring.Bitmap
	for i, w := range r.words {
		if !w.optional() {
			hard = append(hard, roaring.BitmapOf(r.found[i].docs...))
		}
	}
	r.set = atLeast(hard, required(len(hard)))
	return r.set
}

// complete is the set of documents that hold all words that are stop words nowhere.
func (r *ranked) complete() *roaring.Bitmap {
	var hard []*roaring.Bitmap
	for i, w := range r.words {
		if !w.optional() {
			hard = append(hard, roaring.BitmapOf(r.found[i].docs...))
		}
	}
	return atLeast(hard, len(hard))
}

// atLeast is the set of what is in n or more of the sets.
func atLeast(sets []*roaring.Bitmap, n int) *roaring.Bitmap {
	switch {
	case len(sets) == 0 || n > len(sets):
		return roaring.New()
	case n <= 1:
		return roaring.FastOr(sets...)
	case n == len(sets):
		return roaring.FastAnd(sets...)
	}
	// layers[k] is what is in more than k of the sets seen so far.
	layers := make([]*roaring.Bitmap, n)
	for k := range layers {
		layers[k] = roaring.New()
	}
	for _, s := range sets {
		for k := n - 1; k > 0; k-- {
			layers[k].Or(roaring.And(layers[k-1], s))
		}
		layers[0].Or(s)
	}
	return layers[n-1]
}

// score adds to the scores of documents what the part is worth in them.
func (r *ranked) score(scores *scores) {
	if r.words == nil {
		scores.addSet(r.set, r.bonus)
		return
	}
	for i := range r.words {
		o := &r.found[i]
		scores.merge(o.docs, func(at, j int) {
			times := float64(o.times[j])
			scores.of[at] += r.idf[i] * times * (bm25K1 + 1) / (times + bm25K1)
		})
	}
}

// most is the most that the part can be worth in a document.
func (r *ranked) most() float64 {
	sum := r.bonus
	for _, idf := range r.idf {
		sum += idf * (bm25K1 + 1)
	}
	return sum
}

// scores are those of the documents of a set.
type scores struct {
	docs []uint32 // in order
	of   []float64
}

func newScores(set *roaring.Bitmap) *scores {
	docs := set.ToArray()
	return &scores{docs, make([]float64, len(docs))}
}

// merge calls f for each of some documents, in order, that is in the set, with its place in the set and in docs.
func (s *scores) merge(docs []uint32, f func(at, j int)) {
	at := 0
	for j, doc := range docs {
		for at < len(s.docs) && s.docs[at] < doc {
			at++
		}
		if at == len(s.docs) {
			return
		}
		if s.docs[at] == doc {
			f(at, j)
		}
	}
}

// addSet adds the same to each document of a set.
func (s *scores) addSet(set *roaring.Bitmap, score float64) {
	s.merge(set.ToArray(), func(at, _ int) { s.of[at] += score })
}
