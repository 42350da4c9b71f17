package capture

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"strings"
)

// A mailDigest finds out, while a message goes by, what all its copies have in common: its Message-ID and its body, or where it has
// no Message-ID its sender and its body. Servers change neither; line ends and empty lines at the end do not count. What has neither, such
// as a file of Outlook's, is only the same when all of it is.
type mailDigest struct {
	head     []byte
	body     hash.Hash
	inBody   bool
	newlines int // held back: they count only when something follows
}

// maxHead bounds how much of a message is looked through for its Message-ID.
const maxHead = 256 << 10

func newMailDigest() *mailDigest { return &mailDigest{body: sha256.New()} }

// Write takes the next bytes of the message. It never fails.
func (d *mailDigest) Write(b []byte) (int, error) {
	n := len(b)
	if d.inBody {
		d.text(b)
		return n, nil
	}
	from := max(0, len(d.head)-3)
	d.head = append(d.head, b...)
	end, size := headEnd(d.head[from:])
	if end < 0 && len(d.head) < maxHead {
		return n, nil
	}
	d.inBody = true
	if end < 0 {
		end, size = len(d.head)-from, 0
	}
	rest := d.head[from+end+size:]
	d.head = d.head[:from+end]
	d.text(rest)
	return n, nil
}

// headEnd is where the empty line after the header begins, and how long it is with the line end before it. It is -1 when there is none.
func headEnd(b []byte) (at, size int) {
	at, size = -1, 0
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(b, []byte(end)); i >= 0 && (at < 0 || i < at) {
			at, size = i, len(end)
		}
	}
	return at, size
}

func (d *mailDigest) text(b []byte) {
	for len(b) > 0 {
		i := bytes.IndexAny(b, "\r\n")
		if i != 0 {
			for ; d.newlines > 0; d.newlines-- {
				d.body.Write([]byte{'\n'})
			}
			if i < 0 {
				i = len(b)
			}
			d.body.Write(b[:i])
			b = b[i:]
			continue
		}
		if b[0] == '\n' {
			d.newlines++
		}
		b = b[1:]
	}
}

// identity is the SHA-256 that all copies of the message have in common.
func (d *mailDigest) identity() []byte {
	name := "Message-Id"
	value := headerValue(d.head, name)
	if value == "" {
		name = "From"
		value = headerValue(d.head, name)
	}
	if value == "" {
		name, value = "All", string(d.head)
	}
	all := sha256.New()
	fmt.Fprintf(all, "%s: %s\n%x", name, value, d.body.Sum(nil))
	return all.Sum(nil)
}

// messageID is the Message-ID that the message gives itself, without <>; empty for none.
func (d *mailDigest) messageID() string {
	return strings.Trim(headerValue(d.head, "Message-Id"), "<> ")
}

// headerValue is the first value of a field in a message's header, unfolded and with single spaces.
func headerValue(head []byte, name string) string {
	value, found := "", false
	for line := range bytes.Lines(head) {
		if found && (line[0] == ' ' || line[0] == '\t') {
			value += " " + string(line)
			continue
		}
		if found {
			break
		}
		field, rest, colon := bytes.Cut(line, []byte(":"))
		if found = colon && strings.EqualFold(strings.TrimSpace(string(field)), name); found {
			value = string(rest)
		}
	}
	return strings.Join(strings.Fields(value), " ")
}
