package verify

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// maxHeader bounds the header of a message in bytes, and so everything that is made of it.
const maxHeader = 1 << 20

var errHeader = errors.New("header too large")

// A field is one field of a header as it came, with line ends as CRLF and without the last one.
type field struct {
	name string // lower case
	raw  string
}

// value is what follows the colon.
func (f field) value() string {
	_, v, _ := strings.Cut(f.raw, ":")
	return v
}

// A header is all fields of a message, the topmost first.
type header []field

// named gives the fields of a name, the topmost first.
func (h header) named(name string) (found []field) {
	for _, f := range h {
		if f.name == name {
			found = append(found, f)
		}
	}
	return found
}

// readHeader reads up to and with the empty line. Lines may end in LF; the line that a mailbox file puts before a message is no field.
func readHeader(r *bufio.Reader) (h header, err error) {
	for left := maxHeader; ; {
		line, err := readLine(r, &left)
		if err != nil && err != io.EOF {
			return nil, err
		}
		switch {
		case line == "":
			return h, nil
		case len(h) > 0 && (line[0] == ' ' || line[0] == '\t'):
			h[len(h)-1].raw += "\r\n" + line
		case len(h) == 0 && strings.HasPrefix(line, "From "):
		default:
			name, _, _ := strings.Cut(line, ":")
			h = append(h, field{strings.ToLower(strings.TrimRight(name, " \t")), line})
		}
		if err == io.EOF {
			return h, nil
		}
	}
}

// readLine reads a line without its end and takes its length from left.
func readLine(r *bufio.Reader, left *int) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if *left -= len(part); *left < 0 {
			return "", errHeader
		}
		line = append(line, part...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		s := strings.TrimSuffix(string(line), "\n")
		return strings.TrimSuffix(s, "\r"), err
	}
}

// canonical is a field as it is signed, with its line end (RFC 6376, section 3.4.1 and 3.4.2).
func (f field) canonical(relaxed bool) string {
	if !relaxed {
		return f.raw + "\r\n"
	}
	return f.name + ":" + strings.Join(strings.FieldsFunc(f.value(), isSpace), " ") + "\r\n"
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }

// compact is s without white space.
func compact(s string) string { return strings.Join(strings.FieldsFunc(s, isSpace), "") }
