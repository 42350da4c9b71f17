package search

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A node is a part of a parsed query. Its String is the query in a canonical form in which every bracket is written, for
// tests and for the log.
type node interface {
	fmt.Stringer
	isNode()
}

// everything matches all documents: the empty query.
type everything struct{}

// all matches what each of its parts matches.
type all []node

// anyOf matches what at least one of its parts matches.
type anyOf []node

// not matches what its part does not.
type not struct{ of node }

// bag are plain words of one level, ranked together; see package doc for which of them a document must hold.
type bag []word

// A word is one plain word of a query: what was typed between spaces, with the words it consists of.
type word struct {
	text       string
	start, end int // in the query, bytes
}

// phrase matches words next to each other in that order.
type phrase struct{ text string }

// prefix matches words that begin so.
type prefix struct{ text string }

// fuzzy matches words within so many edits.
type fuzzy struct {
	text  string
	edits int // 1 or 2
}

// term asks for a value of a field.
type term struct {
	field  field
	value  string
	prefix bool // value* was written
}

// period asks for days of a date field, both ends included. A zero end is open.
type period struct {
	field    field
	from, to time.Time
}

// amountRange asks for numbers of an amount field.
type amountRange struct {
	field         field
	min, max      *float64 // nil is open
	notMin, below bool     // the end itself is not in
	currency      string   // three letters, empty for any
}

func (everything) isNode()  {}
func (all) isNode()         {}
func (anyOf) isNode()       {}
func (not) isNode()         {}
func (bag) isNode()         {}
func (phrase) isNode()      {}
func (prefix) isNode()      {}
func (fuzzy) isNode()       {}
func (term) isNode()        {}
func (period) isNode()      {}
func (amountRange) isNode() {}

func (everything) String() string { return "(everything)" }
func (n all) String() string      { return list("and", n) }
func (n anyOf) String() string    { return list("or", n) }
func (n not) String() string      { return "(not " + n.of.String() + ")" }
func (n phrase) String() string   { return strconv.Quote(n.text) }
func (n prefix) String() string   { return n.text + "*" }
func (n fuzzy) String() string    { return n.text + "~" + strconv.Itoa(n.edits) }

func (n bag) String() string {
	texts := make([]string, len(n))
	for i, w := range n {
		texts[i] = w.text
	}
	return "(words " + strings.Join(texts, " ") + ")"
}

func (n term) String() string {
	if n.prefix {
		return n.field.name + ":" + n.value + "*"
	}
	return n.field.name + ":" + n.value
}

func (n period) String() string {
	return n.field.name + ":" + day(n.from) + ".." + day(n.to)
}

func (n amountRange) String() string {
	end := func(v *float64, open bool) string {
		switch {
		case v == nil:
			return ""
		case open:
			return "|" + strconv.FormatFloat(*v, 'f', -1, 64)
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	return strings.TrimSpace(n.field.name + ":" + end(n.min, n.notMin) + ".." + end(n.max, n.below) + " " + n.currency)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func list(name string, nodes []node) string {
	parts := make([]string, len(nodes))
	for i, n := range nodes {
		parts[i] = n.String()
	}
	return "(" + name + " " + strings.Join(parts, " ") + ")"
}
