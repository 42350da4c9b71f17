package search

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// A part is one of the segments that an index consists of. What is in it never changes: documents that are deleted are only
// marked. Its first document has the number offset in the snapshot.
type part struct {
	*scorch.SegmentSnapshot
	offset uint64
}

// parts are the segments of the snapshot, in the order of its numbers.
func (s *snapshot) parts() ([]part, error) {
	of, ok := s.reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("read search index: a snapshot is a %T", s.reader)
	}
	var all []part
	var offset uint64
	for _, seg := range of.Segments() {
		all = append(all, part{seg, offset})
		offset += seg.Segment().Count()
	}
	return all, nil
}

// having is the set of documents of the part that have one of some terms in a field, by their numbers in it.
func (p part) having(field string, terms []string) (*roaring.Bitmap, error) {
	set := roaring.New()
	dictionary, err := p.Segment().Dictionary(field)
	if err != nil {
		return nil, err
	}
	for _, t := range terms {
		list, err := dictionary.PostingsList([]byte(t), p.Deleted(), nil)
		if err != nil {
			return nil, err
		}
		if err := addPostings(set, list.Iterator(false, false, false, nil)); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// addPostings adds the documents of a list to a set: as a whole where the segment has them as one.
func addPostings(set *roaring.Bitmap, i segment.PostingsIterator) error {
	if whole, ok := i.(segment.OptimizablePostingsIterator); ok {
		if all := whole.ActualBitmap(); all != nil {
			set.Or(all)
			return nil
		}
	}
	for {
		d, err := i.Next()
		if err != nil || d == nil {
			return err
		}
		set.Add(uint32(d.Number()))
	}
}
