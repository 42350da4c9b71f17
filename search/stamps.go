package search

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
	"github.com/google/uuid"
)

// stampTerm is a stamp as a term, so that all are read from a dictionary without a look at any document.
func stampTerm(s Stamp) string {
	return key(s.Document) + "/" + strconv.Itoa(s.Version) + "/" + hex.EncodeToString(s.Digest[:])
}

// Stamps implements Engine.
func (x *Index) Stamps(ctx context.Context, f func(Stamp) bool) error {
	s, err := x.snapshot(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	var failed error
	dict, err := s.reader.FieldDict(inStamp)
	err = terms(dict, err, func(e index.DictEntry) bool {
		live, err := s.having(inStamp, e.Term) // a dictionary still lists what was deleted not long ago
		if err != nil || live.IsEmpty() {
			failed = err
			return err == nil
		}
		stamp, err := parseStamp(e.Term)
		failed = err
		return err == nil && f(stamp)
	})
	if failed != nil {
		return failed
	}
	return err
}

func parseStamp(term string) (Stamp, error) {
	parts := strings.Split(term, "/")
	if len(parts) != 3 {
		return Stamp{}, fmt.Errorf("read search index: %q is not a stamp", term)
	}
	var s Stamp
	var err error
	if s.Document, err = uuid.Parse(parts[0]); err == nil {
		s.Version, err = strconv.Atoi(parts[1])
	}
	if err == nil {
		_, err = hex.Decode(s.Digest[:], []byte(parts[2]))
	}
	if err != nil {
		return Stamp{}, fmt.Errorf("read search index: stamp %q: %w", term, err)
	}
	return s, nil
}
