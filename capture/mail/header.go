package mail

import (
	"bytes"
	"strings"
)

// Bounds on one header.
const (
	maxFields     = 2000
	maxHeaderSize = 1 << 20 // bytes of all values
	maxField      = 64 << 10
)

// A Header is the fields above an entity, in order. Its zero value has none. Names are compared without regard to case.
type Header struct {
	fields []field
	label  string // charset of fields with raw 8-bit bytes; empty when unknown
}

type field struct {
	name  string // lower case
	value []byte // unfolded, not decoded
}

// Get is the first value of a field, decoded, on one line; empty when there is none.
func (h Header) Get(name string) string {
	if all := h.raw(name); len(all) > 0 {
		return h.decode(all[0])
	}
	return ""
}

// All is every value of a field in order, decoded, each on one line.
func (h Header) All(name string) []string {
	var all []string
	for _, v := range h.raw(name) {
		all = append(all, h.decode(v))
	}
	return all
}

// Has says whether there is such a field, if only an empty one.
func (h Header) Has(name string) bool { return len(h.raw(name)) > 0 }

// Names are the names of the fields in lower case, in order, as often as they stand there.
func (h Header) Names() []string {
	names := make([]string, 0, len(h.fields))
	for _, f := range h.fields {
		names = append(names, f.name)
	}
	return names
}

func (h Header) raw(name string) []string {
	var all []string
	name = strings.ToLower(name)
	for _, f := range h.fields {
		if f.name == name {
			all = append(all, strings.TrimSpace(string(f.value)))
		}
	}
	return all
}

func (h Header) first(name string) string {
	if all := h.raw(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

func (h Header) decode(value string) string { return line(decodeWords(rawText(value, h.label))) }

// A headerReader takes the lines of one header.
type headerReader struct {
	header   Header
	size     int
	repaired bool
	cut      bool // over a bound
}

// readHeader reads the header at the beginning of data and says where the body begins. It ends at an empty line, at a line
// that stop knows, or where lines no longer look like a header. The header before an entity without any has no fields.
func readHeader(data []byte, stop func(line []byte) bool) (r headerReader, body int) {
	for at := 0; at < len(data); {
		l, next := nextLine(data, at)
		switch {
		case stop != nil && stop(l):
			r.repaired = true
			return r, at
		case len(l) == 0:
			return r, next
		case l[0] == ' ' || l[0] == '\t':
			if len(bytes.TrimSpace(l)) == 0 && !headerLike(data, next) {
				return r, next
			}
			r.fold(l)
		default:
			if r.start(l) {
				break
			}
			r.repaired = true
			if colon, after, ok := foldedColon(data, l, next); ok && r.start(colon) {
				next = after
				break
			}
			if len(r.header.fields) == 0 || !headerLike(data, next) && !folded(data, next) {
				return r, at
			}
			r.fold(l) // a line that was folded without being indented
		}
		at = next
	}
	return r, len(data)
}

// skipBefore passes the line that begins a message in a mailbox file, and empty lines before a header.
func skipBefore(data []byte) int {
	at := 0
	for at < len(data) {
		l, next := nextLine(data, at)
		mbox := bytes.HasPrefix(l, []byte("From ")) || bytes.HasPrefix(l, []byte(">From "))
		if _, _, isField := fieldLine(l); isField || len(l) > 0 && !(mbox && headerLike(data, next)) {
			break
		}
		if len(l) == 0 && !headerLike(data, next) {
			next2 := next
			if nl, _ := nextLine(data, next2); len(nl) > 0 {
				break
			}
		}
		at = next
	}
	return at
}

// start begins a field, if the line is the beginning of one.
func (r *headerReader) start(l []byte) bool {
	name, value, ok := fieldLine(l)
	if !ok {
		return false
	}
	if len(r.header.fields) >= maxFields || r.size >= maxHeaderSize {
		r.cut = true
		return true
	}
	r.header.fields = append(r.header.fields, field{name: strings.ToLower(string(name))})
	r.add(value)
	return true
}

// fold adds a line to the field before it.
func (r *headerReader) fold(l []byte) {
	if len(r.header.fields) == 0 {
		r.repaired = true
		return
	}
	r.add(append([]byte{' '}, bytes.TrimLeft(l, " \t")...))
}

func (r *headerReader) add(value []byte) {
	f := &r.header.fields[len(r.header.fields)-1]
	room := min(maxField-len(f.value), maxHeaderSize-r.size)
	if len(value) > room {
		value, r.cut = value[:max(0, room)], true
	}
	r.size += len(value)
	f.value = append(f.value, value...)
}

// fieldLine parts "Name: value". A name has no spaces in it, though some stand before the colon in old messages.
func fieldLine(l []byte) (name, value []byte, ok bool) {
	colon := bytes.IndexByte(l, ':')
	if colon <= 0 || colon > 200 {
		return nil, nil, false
	}
	name = bytes.TrimRight(l[:colon], " \t")
	for _, b := range name {
		if b <= ' ' || b >= 0x7f {
			return nil, nil, false
		}
	}
	return name, bytes.TrimLeft(l[colon+1:], " \t"), len(name) > 0
}

// foldedColon joins a name with the colon that follows on the next line, as the syntax once allowed.
func foldedColon(data, name []byte, next int) (l []byte, after int, ok bool) {
	rest, after := nextLine(data, next)
	colon := bytes.TrimLeft(rest, " \t")
	if len(colon) == 0 || len(colon) == len(rest) || colon[0] != ':' || len(name) > 80 {
		return nil, 0, false
	}
	return append(append([]byte{}, name...), colon...), after, true
}

// folded says whether a line that goes on with the one before stands at a place.
func folded(data []byte, at int) bool {
	l, _ := nextLine(data, at)
	return len(l) > 0 && (l[0] == ' ' || l[0] == '\t') && len(bytes.TrimSpace(l)) > 0
}

// headerLike says whether a field or the rest of one stands at a place.
func headerLike(data []byte, at int) bool {
	l, _ := nextLine(data, at)
	if len(bytes.TrimSpace(l)) == 0 {
		return false
	}
	_, _, ok := fieldLine(l)
	return ok
}

// nextLine is the line at a place without its end, and where the next begins. Lines end with LF, CRLF or CRs before an LF.
func nextLine(data []byte, at int) (l []byte, next int) {
	end := bytes.IndexByte(data[at:], '\n')
	if end < 0 {
		return bytes.TrimRight(data[at:], "\r"), len(data)
	}
	return bytes.TrimRight(data[at:at+end], "\r"), at + end + 1
}
