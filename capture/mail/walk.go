package mail

import (
	"bytes"
	"strings"
)

// An entity is a header and what it heads: the message itself, or anything within a multipart of it.
type entity struct {
	header Header
	media  string            // lower case; text/plain where nothing is said
	params map[string]string // of Content-Type
	parts  []*entity         // of a multipart, in order
	body   []byte            // of a leaf, not decoded
	within *entity           // nil for the message itself
	depth  int
	stated bool // it says its type
}

// A walker takes a message apart in one pass over its lines. The boundaries of the multiparts that are open lie on a stack; a
// line that is one of them ends whatever was begun inside. So missing and doubled boundaries cost nothing but their own parts.
type walker struct {
	data     []byte
	stack    []open
	leaf     *entity // whose body is being passed; nil in a preamble or an epilogue
	begin    int     // where its body begins
	entities int
	repeats  int
	repaired bool
	cut      bool
}

// An open multipart waits for its next boundary.
type open struct {
	entity *entity
	mark   []byte
	seen   bool // its boundary came at least once
	begin  int  // where its preamble begins
}

// walk takes the tree of a message.
func walk(data []byte) (*entity, *walker) {
	w := &walker{data: data}
	root, at := w.enter(0, nil)
	w.run(at)
	if root.header.label == "" {
		root.header.label = root.firstLabel()
	}
	return root, w
}

// firstLabel is the first charset that anything in an entity tells: most likely that of fields which tell none.
func (e *entity) firstLabel() string {
	for _, p := range e.parts {
		if label := p.params["charset"]; label != "" {
			return label
		}
		if label := p.firstLabel(); label != "" {
			return label
		}
	}
	return ""
}

// run goes through the lines from a place to the end.
func (w *walker) run(at int) {
	for at < len(w.data) {
		l, next := nextLine(w.data, at)
		i, closing := w.boundary(l)
		if i < 0 {
			at = next
			continue
		}
		w.end(at)
		w.pop(i+1, at)
		w.stack[i].seen = true
		if closing {
			w.pop(i, at)
			at = next
			continue
		}
		if w.entities >= maxEntities {
			w.cut = true
			break
		}
		_, at = w.enter(next, w.stack[i].entity)
	}
	w.end(len(w.data))
	if n := len(w.stack); n > 0 {
		w.repaired = w.repaired || !w.cut
		w.pop(0, len(w.data))
	}
}

// enter reads the header of an entity and begins its body.
func (w *walker) enter(at int, within *entity) (*entity, int) {
	if within == nil {
		at += skipBefore(w.data[at:])
	}
	r, body := readHeader(w.data[at:], func(l []byte) bool { i, _ := w.boundary(l); return i >= 0 })
	w.entities++
	w.repaired = w.repaired || r.repaired && (within == nil || len(r.header.fields) > 0) // a part may have no header
	w.cut = w.cut || r.cut
	e := &entity{header: r.header, within: within}
	if within != nil {
		e.depth = within.depth + 1
		e.header.label = within.header.label
		within.parts = append(within.parts, e)
	}
	e.setMedia()
	body += at
	if mark := w.mark(e, body); mark != nil {
		w.stack = append(w.stack, open{entity: e, mark: mark, begin: body})
		return e, body
	}
	w.leaf, w.begin = e, body
	return e, body
}

// setMedia reads the entity's type. What is no type at all is text, and messages are what a digest holds.
func (e *entity) setMedia() {
	stated := e.header.first("Content-Type")
	e.stated = stated != ""
	e.media, e.params = parseMedia(stated, e.header.label)
	if label := e.params["charset"]; label != "" && e.header.label == "" {
		e.header.label = label
	}
	switch {
	case e.media == "text" || e.media == "" && e.within != nil && e.within.media == "multipart/digest" && !e.stated:
		e.media = map[bool]string{true: "text/plain", false: "message/rfc822"}[e.media == "text"]
	case e.media == "multipart":
		e.media = "multipart/mixed"
	case e.media == "message":
		e.media = "message/rfc822"
	case !strings.Contains(e.media, "/") || strings.HasPrefix(e.media, "/"):
		e.media = "text/plain"
		if e.fileName() != "" {
			e.media = octets
		}
	}
}

// mark is the boundary of a multipart that is to be opened; nil for anything else, and for one that lies too deep.
func (w *walker) mark(e *entity, body int) []byte {
	if !strings.HasPrefix(e.media, "multipart/") {
		return nil
	}
	if e.depth >= maxDepth {
		w.cut = true
		return nil
	}
	mark := strings.TrimRight(e.params["boundary"], " \t")
	if mark != "" {
		return []byte(mark)
	}
	w.repaired = true
	guessed := w.guessMark(body)
	if guessed == nil {
		e.media = "text/plain"
	}
	return guessed
}

// guessMark looks for the first line that may be the boundary that a multipart does not tell: two hyphens, and a header after it.
func (w *walker) guessMark(at int) []byte {
	for end := min(len(w.data), at+64<<10); at < end; {
		l, next := nextLine(w.data, at)
		if i, _ := w.boundary(l); i >= 0 {
			return nil
		}
		after, _ := nextLine(w.data, next)
		if len(l) > 2 && len(l) < 100 && bytes.HasPrefix(l, []byte("--")) && len(after) > 8 && strings.EqualFold(string(after[:8]), "content-") {
			return bytes.TrimSpace(l[2:])
		}
		at = next
	}
	return nil
}

// boundary says which open multipart a line is a boundary of, -1 for none, and whether it closes it.
func (w *walker) boundary(l []byte) (i int, closing bool) {
	if len(l) < 3 || l[0] != '-' || l[1] != '-' {
		return -1, false
	}
	l = bytes.TrimRight(l[2:], " \t")
	for i := len(w.stack) - 1; i >= 0; i-- {
		rest, ok := bytes.CutPrefix(l, w.stack[i].mark)
		if !ok {
			continue
		}
		if string(bytes.TrimSpace(rest)) == "--" {
			return i, true
		}
		rest, closing = bytes.CutPrefix(rest, []byte("--"))
		if len(rest) == 0 || len(w.stack[i].mark) >= 6 && (rest[0] == ' ' || rest[0] == '\t') { // what follows counts for nothing
			return i, closing
		}
	}
	return -1, false
}

// end ends the body of the open leaf at a boundary. The line end before the boundary belongs to the boundary.
func (w *walker) end(at int) {
	if w.leaf == nil {
		return
	}
	w.leaf.body = w.upTo(w.begin, at)
	w.leaf = nil
}

func (w *walker) upTo(begin, at int) []byte {
	body := w.data[begin:max(begin, at)]
	if at < len(w.data) {
		body = bytes.TrimSuffix(body, []byte("\n"))
		body = bytes.TrimSuffix(body, []byte("\r"))
	}
	return body
}

// pop closes open multiparts down to a height. One whose boundary never came holds what another boundary parts, or is text.
func (w *walker) pop(height, at int) {
	closed := w.stack[height:]
	w.stack = w.stack[:height]
	for _, o := range closed {
		if !o.seen {
			w.repaired = true
			w.again(o.entity, w.upTo(o.begin, at))
		}
	}
}

// maxAgain bounds how often the body of a multipart is gone through anew.
const maxAgain = 5

// again walks through the body of a multipart with a boundary that is guessed.
func (w *walker) again(e *entity, body []byte) {
	inner := &walker{data: body, entities: w.entities, repeats: w.repeats + 1}
	mark := inner.guessMark(0)
	if mark == nil || w.repeats >= maxAgain || len(e.parts) > 0 {
		e.media, e.body = "text/plain", body
		return
	}
	inner.stack = []open{{entity: e, mark: mark}}
	inner.run(0)
	w.entities, w.repeats, w.cut = inner.entities, inner.repeats, w.cut || inner.cut
}
