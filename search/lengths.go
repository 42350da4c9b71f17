package search

import (
	"sync"

	index "github.com/blevesearch/bleve_index_api"
)

// A lengthsCache remembers the mean length of each text field in the newest snapshot that was asked.
type lengthsCache struct {
	mu     sync.Mutex
	of     index.IndexReader
	fields map[string]float64
}

// meanLength is the mean number of words in a field over the documents that have it; 1 when none has.
func (s *snapshot) meanLength(field string) (float64, error) {
	c := &s.index.lengths
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of != s.reader {
		c.of, c.fields = s.reader, map[string]float64{}
	}
	if mean, ok := c.fields[field]; ok {
		return mean, nil
	}
	var sum, n float64
	err := s.postings(field, everyDocument, func(_ uint32, _ int, norm float64) {
		if norm > 0 {
			sum, n = sum+1/(norm*norm), n+1
		}
	})
	if err != nil {
		return 0, err
	}
	mean := 1.0
	if n > 0 {
		mean = sum / n
	}
	c.fields[field] = mean
	return mean, nil
}
