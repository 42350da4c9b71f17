package bagit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strings"
	"unicode/utf8"
)

// Bounds of a manifest: of one line, of one path, and of how many files a bag may list.
const (
	maxLine  = 8 << 10
	maxPath  = 1 << 10
	maxFiles = 10_000_000
)

// payload is the folder of the files that the bag is about.
const payload = "data/"

// An Entry is a line of a manifest.
type Entry struct {
	Path   string // from the bag's folder, separated by "/": "data/letter.pdf"
	SHA256 [sha256.Size]byte
}

// String writes the entry as a line of a manifest without its end.
func (e Entry) String() string {
	return hex.EncodeToString(e.SHA256[:]) + "  " + escape.Replace(e.Path)
}

// RFC 8493, 2.1.3: line ends and percent signs in paths are percent-encoded, and nothing else is.
var (
	escape   = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	unescape = strings.NewReplacer("%25", "%", "%0D", "\r", "%0d", "\r", "%0A", "\n", "%0a", "\n")
)

// ReadManifest gives the entries of a manifest in their order. It stops at the first line that is none, or whose path is not
// fit to be followed; nothing is held in memory but one line.
func ReadManifest(r io.Reader) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 0, maxLine), maxLine)
		lines.Split(splitLines)
		n := 0
		for lines.Scan() {
			if n++; n > maxFiles {
				yield(Entry{}, fmt.Errorf("it lists more than %d files", maxFiles))
				return
			}
			if len(lines.Bytes()) == 0 {
				continue
			}
			e, err := parseEntry(lines.Text())
			if err != nil {
				err = fmt.Errorf("line %d: %w", n, err)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Entry{}, fmt.Errorf("line %d: %w", n+1, err))
		}
	}
}

// splitLines ends lines with LF, CR or CRLF, as the RFC allows.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0 || !atEOF && data[i] == '\r' && i+1 == len(data): // a LF may follow
		return 0, nil, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i], nil
	}
	return i + 1, data[:i], nil
}

func parseEntry(line string) (Entry, error) {
	digits, path, found := cutSpace(line)
	if !found {
		return Entry{}, errors.New("it is not a digest and a path")
	}
	var e Entry
	if n, err := hex.Decode(e.SHA256[:], pad(digits)); err != nil || n != sha256.Size || len(digits) != 2*sha256.Size {
		return Entry{}, fmt.Errorf("%.80q is no SHA-256", digits)
	}
	e.Path = unescape.Replace(path)
	return e, checkPath(e.Path)
}

// pad keeps a text of any length from overrunning the digest.
func pad(digits string) []byte {
	return []byte(digits[:min(len(digits), 2*sha256.Size)])
}

// cutSpace splits at the first run of blanks; an asterisk after it, which sha256sum writes for binary files, belongs to it.
func cutSpace(line string) (before, after string, found bool) {
	i := strings.IndexAny(line, " \t")
	if i < 0 {
		return line, "", false
	}
	after = strings.TrimLeft(line[i:], " \t")
	return line[:i], strings.TrimPrefix(after, "*"), true
}

// checkPath refuses paths that could lead out of the bag or mislead who reads them.
func checkPath(path string) error {
	switch {
	case len(path) > maxPath:
		return fmt.Errorf("a path of %d bytes is too long", len(path))
	case !utf8.ValidString(path) || strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }):
		return fmt.Errorf("the path %.200q holds what no path of a bag may hold", path)
	case !fs.ValidPath(path) || path == "." || strings.HasPrefix(path, "~"):
		return fmt.Errorf("the path %.200q does not lie in the bag", path)
	}
	return nil
}
