package mail

// maxBER bounds the elements that are looked at on the way to the content.
const maxBER = 10_000

// signedData is the type of what is signed (1.2.840.113549.1.7.2, RFC 5652).
var signedData = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}

// signedContent is the content of opaque-signed S/MIME. It goes down the one way to it through BER, whose lengths may be left
// open, and neither verifies a signature nor believes it. signed says that it is signed data at all; the content of a signature
// that stands beside what it signs is empty.
func signedContent(data []byte) (content []byte, signed bool) {
	b := &ber{left: maxBER}
	info, _, ok := b.next(data) // ContentInfo
	if !ok || info.tag != 0x30 {
		return nil, false
	}
	kind, rest, ok := b.next(info.value)
	if !ok || kind.tag != 0x06 || string(kind.value) != string(signedData) {
		return nil, false
	}
	explicit, _, ok := b.next(rest)
	if !ok {
		return nil, false
	}
	signedInfo, _, ok := b.next(explicit.value)
	if !ok || signedInfo.tag != 0x30 {
		return nil, false
	}
	rest = signedInfo.value
	for range 2 { // version, digest algorithms
		if _, rest, ok = b.next(rest); !ok {
			return nil, false
		}
	}
	encapsulated, _, ok := b.next(rest)
	if !ok {
		return nil, false
	}
	_, rest, _ = b.next(encapsulated.value) // its type
	wrapped, _, ok := b.next(rest)
	if !ok {
		return nil, true
	}
	octets, _, ok := b.next(wrapped.value)
	if !ok {
		return nil, true
	}
	return b.octets(octets), true
}

// A ber reads elements of BER without recursion: an element of open length is passed over by counting what is open.
type ber struct{ left int }

type element struct {
	tag   byte
	value []byte
}

// next reads the element at the beginning of data. What is cut off ends with the data.
func (b *ber) next(data []byte) (e element, rest []byte, ok bool) {
	head, length, open, ok := b.head(data)
	if !ok {
		return element{}, nil, false
	}
	e.tag = data[0]
	if !open {
		length = min(length, len(data)-head)
		e.value = data[head : head+length]
		return e, data[head+length:], true
	}
	end, after := b.endOf(data[head:])
	e.value = data[head : head+end]
	return e, data[head+after:], true
}

// endOf finds where an element of open length ends.
func (b *ber) endOf(data []byte) (end, after int) {
	at, depth := 0, 1
	for at < len(data) {
		if at+1 < len(data) && data[at] == 0 && data[at+1] == 0 {
			if depth--; depth == 0 {
				return at, at + 2
			}
			at += 2
			continue
		}
		head, length, open, ok := b.head(data[at:])
		switch {
		case !ok:
			return len(data), len(data)
		case open:
			depth++
			at += head
		default:
			at += head + min(length, len(data)-at-head)
		}
	}
	return len(data), len(data)
}

// head reads a tag of one byte and a length.
func (b *ber) head(data []byte) (head, length int, open, ok bool) {
	if b.left--; b.left < 0 || len(data) < 2 || data[0]&0x1f == 0x1f {
		return 0, 0, false, false
	}
	switch l := data[1]; {
	case l < 0x80:
		return 2, int(l), false, true
	case l == 0x80:
		return 2, 0, true, true
	default:
		n := int(l & 0x7f)
		if n > 4 || len(data) < 2+n {
			return 0, 0, false, false
		}
		for _, c := range data[2 : 2+n] {
			length = length<<8 | int(c)
		}
		return 2 + n, length, false, true
	}
}

// octets joins the chunks of an octet string.
func (b *ber) octets(e element) []byte {
	if e.tag&0x20 == 0 {
		return e.value
	}
	var all []byte
	b.left = max(b.left, len(e.value)/64+maxBER)
	for rest := e.value; len(rest) > 0; {
		chunk, after, ok := b.next(rest)
		if !ok {
			break
		}
		if chunk.tag&0x20 == 0 {
			all = append(all, chunk.value...)
		} else if inner, _, ok := b.next(chunk.value); ok && inner.tag == 0x04 {
			all = append(all, inner.value...)
		}
		rest = after
	}
	return all
}
