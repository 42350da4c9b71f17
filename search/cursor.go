package search

import (
	"encoding/base64"
	"strings"

	"docket/repository/fault"
)

// A cursor is where a page of results ended: the sort key and the document of its last hit. Pages are cut by key, not by
// number, so that documents that arrive meanwhile do not shift what follows.
type cursor struct {
	set      bool
	sort     Sort
	key      string
	document string // as in the index
}

var errCursor = fault.New(fault.Invalid, "This link to further results is not valid. Please search again.")

// String is the cursor as it travels.
func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(c.sort) + "\n" + c.key + "\n" + c.document))
}

// parseCursor reads a cursor of results in the given order. The empty one is before the first hit.
func parseCursor(s string, sort Sort) (cursor, error) {
	if s == "" {
		return cursor{}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.Split(string(text), "\n")
	if err != nil || len(parts) != 3 || parts[0] != string(sort) {
		return cursor{}, errCursor
	}
	return cursor{true, sort, parts[1], parts[2]}, nil
}
