package search

import (
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// byDay orders by falling day of a date field, documents of one day by falling ID, which is the order in which they came,
// newest first, and those without a date last. It walks the field's days from the newest until the page is full.
func (m *matcher) byDay(found *roaring.Bitmap, field string, after cursor, limit int) (ordering, error) {
	days, err := m.days(field)
	if err != nil {
		return ordering{}, err
	}
	var o ordering
	rest := found.Clone()
	for _, d := range append(days, "") {
		set := rest
		if d != "" {
			if set, err = m.having(field, d); err != nil {
				return ordering{}, err
			}
			set.And(rest)
			rest.AndNot(set)
		}
		if set.IsEmpty() || after.set && d > after.key {
			continue
		}
		if o.more, err = m.addDay(&o.page, set, d, after, limit); err != nil || o.more {
			return o, err
		}
	}
	return o, nil
}

// addDay adds a day's documents to a page and says whether some were left for the next.
func (m *matcher) addDay(page *[]placed, set *roaring.Bitmap, day string, after cursor, limit int) (more bool, err error) {
	type named struct {
		doc uint32
		id  string
	}
	var docs []named
	for it := set.Iterator(); it.HasNext(); {
		doc := it.Next()
		name, err := m.reader.ExternalID(id(doc))
		if err != nil {
			return false, err
		}
		if !after.set || day < after.key || name < after.document {
			docs = append(docs, named{doc, name})
		}
	}
	slices.SortFunc(docs, func(a, b named) int {
		if a.id > b.id {
			return -1
		}
		return 1
	})
	for _, d := range docs {
		if len(*page) == limit {
			return true, nil
		}
		*page = append(*page, placed{doc: d.doc, sortKey: day})
	}
	return false, nil
}

// days are the days of a date field, newest first.
func (s *snapshot) days(field string) ([]string, error) {
	var days []string
	dict, err := s.reader.FieldDict(field)
	err = terms(dict, err, func(e index.DictEntry) bool {
		if len(e.Term) == len(time.DateOnly) {
			days = append(days, e.Term)
		}
		return true
	})
	slices.Reverse(days)
	return days, err
}
