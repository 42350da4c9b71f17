package detect

import (
	"cmp"
	"math"
	"slices"
)

// maxFeatures bounds the vocabulary, and with it a model's memory. Features that most texts have are kept first.
const maxFeatures = 400_000

// A vocabulary holds the features that were seen in training, with their weight by rarity (inverse document frequency).
type vocabulary struct {
	hashes []uint32  // sorted, so that each block's features stand together
	idf    []float32 // by position
}

// newVocabulary takes the features that at least two texts have; a feature of one text alone teaches nothing.
func newVocabulary(texts [][]occurrence) *vocabulary {
	seen := map[uint32]int{}
	for _, t := range texts {
		for _, o := range t {
			seen[o.hash]++
		}
	}
	v := &vocabulary{}
	for h, n := range seen {
		if n >= 2 {
			v.hashes = append(v.hashes, h)
		}
	}
	if len(v.hashes) > maxFeatures {
		slices.SortFunc(v.hashes, func(a, b uint32) int { return cmp.Or(cmp.Compare(seen[b], seen[a]), cmp.Compare(a, b)) })
		v.hashes = slices.Clip(v.hashes[:maxFeatures])
	}
	slices.Sort(v.hashes)
	v.idf = make([]float32, len(v.hashes))
	for i, h := range v.hashes {
		v.idf[i] = float32(1 + math.Log(float64(1+len(texts))/float64(1+seen[h])))
	}
	return v
}

// A feature is one component of a vector.
type feature struct {
	at    uint32
	value float32
}

// vector weighs a text's features: the logarithm of the count times the rarity. Known is the share of the text's distinct
// words that the vocabulary holds.
func (v *vocabulary) vector(text []occurrence) (x []feature, known float64) {
	x = make([]feature, 0, len(text))
	words, strange := 0, 0
	rest := v.hashes
	for _, o := range text {
		at, found := slices.BinarySearch(rest, o.hash)
		if blockOf(o.hash) == wordBlock {
			words++
			if !found {
				strange++
			}
		}
		rest = rest[at:]
		if found {
			i := len(v.hashes) - len(rest)
			x = append(x, feature{uint32(i), float32(1+math.Log(float64(o.count))) * v.idf[i]})
		}
	}
	return x, 1 - float64(strange)/float64(max(1, words))
}

// part gives the components of x in some blocks, each block brought to its length.
func (v *vocabulary) part(x []feature, wanted ...int) []feature {
	var squares [blocks]float64
	var out []feature
	for _, f := range x {
		if b := blockOf(v.hashes[f.at]); slices.Contains(wanted, b) {
			squares[b] += float64(f.value) * float64(f.value)
			out = append(out, f)
		}
	}
	for i := range out {
		b := blockOf(v.hashes[out[i].at])
		out[i].value *= float32(blockLength[b] / math.Sqrt(squares[b]))
	}
	return out
}
