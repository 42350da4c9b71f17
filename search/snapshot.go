package search

import (
	"context"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
)

// A snapshot is one unchanging view of the index. Documents have numbers in it, dense and good for this view only.
type snapshot struct {
	ctx    context.Context
	reader index.IndexReader
	count  float64 // documents
	index  *Index
	unlock func()
}

// snapshot opens a view, to be closed by the caller.
func (x *Index) snapshot(ctx context.Context) (*snapshot, error) {
	x.mu.RLock()
	if x.closed {
		x.mu.RUnlock()
		return nil, errClosed
	}
	reader, err := x.current.Reader()
	if err != nil {
		x.mu.RUnlock()
		return nil, fmt.Errorf("read search index: %w", err)
	}
	s := &snapshot{ctx: ctx, reader: reader, index: x, unlock: x.mu.RUnlock}
	n, err := reader.DocCount()
	if err != nil {
		s.close()
		return nil, fmt.Errorf("read search index: %w", err)
	}
	s.count = float64(n)
	return s, nil
}

func (s *snapshot) close() {
	_ = s.reader.Close()
	s.unlock()
}

// postings calls f with each document that has a term in a field, in order of numbers, with its frequency and the field's norm,
// which is one over the square root of the field's length in words.
func (s *snapshot) postings(field, term string, f func(doc uint32, frequency int, norm float64)) error {
	r, err := s.reader.TermFieldReader(s.ctx, []byte(term), field, true, true, false)
	if err != nil {
		return fmt.Errorf("read search index: %w", err)
	}
	defer r.Close()
	var room index.TermFieldDoc
	for n := 0; ; n++ {
		if n&0xfff == 0xfff && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		d, err := r.Next(&room)
		if err != nil {
			return fmt.Errorf("read search index: %w", err)
		}
		if d == nil {
			return nil
		}
		f(uint32(d.ID.Value()), int(d.Freq), d.Norm)
	}
}

// having is the set of documents that have one of some terms in a field.
func (s *snapshot) having(field string, terms ...string) (*roaring.Bitmap, error) {
	parts, err := s.parts()
	if err != nil {
		return nil, err
	}
	set := roaring.New()
	for _, p := range parts {
		in, err := p.having(field, terms)
		if err != nil {
			return nil, fmt.Errorf("read search index: %w", err)
		}
		set.Or(roaring.AddOffset64(in, int64(p.offset)))
	}
	return set, s.ctx.Err()
}

// everything is the set of all documents.
func (s *snapshot) everything() (*roaring.Bitmap, error) {
	r, err := s.reader.DocIDReaderAll()
	if err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	defer r.Close()
	set := roaring.New()
	for {
		id, err := r.Next()
		if err != nil {
			return nil, fmt.Errorf("read search index: %w", err)
		}
		if id == nil {
			return set, nil
		}
		set.Add(uint32(id.Value()))
	}
}

// found is the set of documents that one of bleve's own searchers finds.
func (s *snapshot) found(searcher search.Searcher, err error) (*roaring.Bitmap, error) {
	if err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	defer searcher.Close()
	set := roaring.New()
	ctx := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(searcher.DocumentMatchPoolSize()+1, 0), IndexReader: s.reader}
	for {
		d, err := searcher.Next(ctx)
		if err != nil {
			return nil, fmt.Errorf("read search index: %w", err)
		}
		if d == nil {
			return set, s.ctx.Err()
		}
		set.Add(uint32(d.IndexInternalID.Value()))
		ctx.DocumentMatchPool.Put(d)
	}
}

// terms calls f with each term of a dictionary until it returns false, and closes the dictionary.
func terms(dict index.FieldDict, err error, f func(index.DictEntry) bool) error {
	if err != nil {
		return fmt.Errorf("read search index: %w", err)
	}
	defer dict.Close()
	for {
		e, err := dict.Next()
		if err != nil {
			return fmt.Errorf("read search index: %w", err)
		}
		if e == nil || !f(*e) {
			return nil
		}
	}
}

// id is a document number as bleve writes it.
func id(doc uint32) index.IndexInternalID { return index.NewIndexInternalID(nil, uint64(doc)) }
