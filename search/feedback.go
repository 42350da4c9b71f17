package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// Pseudo-relevance feedback: the best documents tell what else documents of the matter speak of, and those that do move up. This
// is the relevance model RM3 (Lavrenko and Croft, "Relevance-Based Language Models", SIGIR 2001; Abdul-Jaleel et al., "UMass at TREC
// 2004"), used for the order of the best documents only: it never adds a document to those found.
const (
	feedbackWords     = 3    // a query of fewer words says exactly what it means
	feedbackDocuments = 10   // that are taken to be relevant
	feedbackTerms     = 30   // that are looked for
	feedbackWeight    = 0.5  // of those against the query's own words
	feedbackTokens    = 1500 // of each document that are read
)

// refine adds to the scores of the best documents, at most so many, what feedback says.
func (m *matcher) refine(scores *scores, window int) error {
	words := 0
	for _, r := range m.bags {
		words += r.hard()
	}
	if words < feedbackWords || len(scores.docs) <= 2 {
		return nil
	}
	var top best
	for i, doc := range scores.docs {
		top.offer(placed{doc: doc, score: scores.of[i]}, window)
	}
	near := top.sorted()
	model, err := m.relevanceModel(near[:min(feedbackDocuments, len(near))])
	if err != nil {
		return err
	}
	docs := make([]uint32, len(near))
	for i, p := range near {
		docs[i] = p.doc
	}
	slices.Sort(docs)
	for _, t := range model {
		if err := m.addFeedback(scores, docs, t, float64(words)); err != nil {
			return err
		}
	}
	return nil
}

// hard is the number of words that are stop words nowhere.
func (r *ranked) hard() int {
	n := 0
	for _, w := range r.words {
		if !w.optional() {
			n++
		}
	}
	return n
}

// A modelTerm is a root and how much it speaks for relevance.
type modelTerm struct {
	field, root string
	weight      float64 // of all terms of a model together 1
	in          int     // feedback documents it stands in
}

// relevanceModel is what the roots of some documents are together, each document counting by its score.
func (m *matcher) relevanceModel(documents []placed) ([]modelTerm, error) {
	total := 0.0
	for _, p := range documents {
		total += p.score
	}
	model := map[[2]string]*modelTerm{}
	for _, p := range documents {
		field, counts, length, err := m.rootCounts(p.doc)
		if err != nil {
			return nil, err
		}
		for root, n := range counts {
			k := [2]string{field, root}
			if model[k] == nil {
				model[k] = &modelTerm{field: field, root: root}
			}
			model[k].weight += p.score / total * float64(n) / float64(length)
			model[k].in++
		}
	}
	return strongest(model), nil
}

// rootCounts counts the roots at the beginning of a document.
func (m *matcher) rootCounts(doc uint32) (field string, counts map[string]int, length int, err error) {
	kept, pages, _, err := m.kept(doc)
	if err != nil {
		return "", nil, 0, err
	}
	l := languageOf(kept.Language)
	counts = map[string]int{}
	for _, page := range pages {
		for _, t := range tokenize(page) {
			if length > feedbackTokens {
				break
			}
			if len(t.term) < 2 || strings.ContainsAny(t.term, "0123456789") {
				continue
			}
			for _, r := range roots(l, t) {
				counts[r]++
				length++
			}
		}
	}
	return rootField(inRoots, l), counts, length, nil
}

// strongest are the terms of a model that weigh most, of those that more than one document has, with weights that add up to 1.
func strongest(model map[[2]string]*modelTerm) []modelTerm {
	var all []modelTerm
	for _, t := range model {
		if t.in > 1 {
			all = append(all, *t)
		}
	}
	slices.SortFunc(all, func(a, b modelTerm) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.field, b.field), cmp.Compare(a.root, b.root))
	})
	all = all[:min(feedbackTerms, len(all))]
	sum := 0.0
	for _, t := range all {
		sum += t.weight
	}
	for i := range all {
		all[i].weight /= sum
	}
	return all
}

// addFeedback adds what one term of the model is worth in each of some documents.
func (m *matcher) addFeedback(scores *scores, docs []uint32, t modelTerm, words float64) error {
	mean, err := m.meanLength(t.field)
	if err != nil {
		return err
	}
	r, err := m.reader.TermFieldReader(m.ctx, []byte(t.root), t.field, true, true, false)
	if err != nil {
		return fmt.Errorf("read search index: %w", err)
	}
	defer r.Close()
	weight := m.idf(int(r.Count())) * t.weight * words * feedbackWeight / (1 - feedbackWeight)
	return eachOf(r, docs, func(at int, d *index.TermFieldDoc) {
		length := 1.0
		if d.Norm > 0 {
			length = 1 - bm25B + bm25B/(d.Norm*d.Norm*mean)
		}
		times := float64(d.Freq) / length
		i, _ := slices.BinarySearch(scores.docs, docs[at])
		scores.of[i] += weight * times * (bm25K1 + 1) / (times + bm25K1)
	})
}

// eachOf calls f for those of some documents, in order of numbers, that a posting list holds.
func eachOf(r index.TermFieldReader, docs []uint32, f func(at int, d *index.TermFieldDoc)) error {
	var room index.TermFieldDoc
	for at := 0; at < len(docs); {
		d, err := r.Advance(id(docs[at]), &room)
		if err != nil {
			return fmt.Errorf("read search index: %w", err)
		}
		if d == nil {
			return nil
		}
		found := uint32(d.ID.Value())
		for at < len(docs) && docs[at] < found {
			at++
		}
		if at < len(docs) && docs[at] == found {
			f(at, d)
			at++
		}
	}
	return nil
}
