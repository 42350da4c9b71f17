package verify

import (
	"crypto/sha256"
	"hash"
	"io"
)

// A body is the hash of a body in one canonical form (RFC 6376, section 3.4.3 and 3.4.4). Line ends that may yet prove to be the
// last ones are counted, not kept, so it takes the same memory for every body.
type body struct {
	relaxed bool
	sum     hash.Hash
	ends    int  // line ends not yet written
	space   bool // relaxed: white space not yet written
	any     bool // something was written
	out     []byte
}

func newBody(relaxed bool) *body {
	return &body{relaxed: relaxed, sum: sha256.New(), out: make([]byte, 0, 4096)}
}

// put takes the next byte, which is not part of a line end.
func (b *body) put(c byte) {
	if b.relaxed && (c == ' ' || c == '\t') {
		b.space = true
		return
	}
	for ; b.ends > 0; b.ends-- {
		b.emit('\r')
		b.emit('\n')
	}
	if b.space {
		b.emit(' ')
		b.space = false
	}
	b.emit(c)
}

// end takes a line end.
func (b *body) end() {
	b.ends++
	b.space = false
}

func (b *body) emit(c byte) {
	b.any = true
	b.out = append(b.out, c)
	if len(b.out) == cap(b.out) {
		b.sum.Write(b.out)
		b.out = b.out[:0]
	}
}

// digest is the hash of what was taken. A body of nothing is empty when relaxed, and else one line end.
func (b *body) digest() []byte {
	if b.any || !b.relaxed {
		b.out = append(b.out, "\r\n"...)
	}
	b.sum.Write(b.out)
	b.out = b.out[:0]
	return b.sum.Sum(nil)
}

// readBody gives all that r holds to bodies, with lone line feeds as line ends.
func readBody(r io.Reader, bodies []*body) error {
	buf := make([]byte, 32<<10)
	for cr := false; ; {
		n, err := r.Read(buf)
		for _, b := range bodies {
			b.take(buf[:n], cr)
		}
		if n > 0 {
			cr = buf[n-1] == '\r'
		}
		if err == nil {
			continue
		}
		if err != io.EOF {
			return err
		}
		for _, b := range bodies {
			b.take(nil, cr)
		}
		return nil
	}
}

// take takes a piece of the body. cr says that the one before ended with a carriage return, which is held back until it is
// known whether a line feed follows; nil says that nothing follows.
func (b *body) take(piece []byte, cr bool) {
	if piece == nil && cr {
		b.put('\r')
	}
	for _, c := range piece {
		switch {
		case c == '\n':
			b.end()
		case cr:
			b.put('\r')
			fallthrough
		default:
			if c != '\r' {
				b.put(c)
			}
		}
		cr = c == '\r'
	}
}
