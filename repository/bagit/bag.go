package bagit

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"docket/repository/fault"
)

// Names of a bag's tag files.
const (
	declaration = "bagit.txt"
	info        = "bag-info.txt"
	manifest    = "manifest-sha256.txt"
	tagManifest = "tagmanifest-sha256.txt"
	fetch       = "fetch.txt"
)

// maxTagFile bounds bagit.txt and bag-info.txt, which are read into memory.
const maxTagFile = 1 << 20

// A Bag is a bag that is being read. It is safe for concurrent use.
type Bag struct {
	root *os.Root
	info []Field
}

// A Field is a line of bag-info.txt. Labels may come more than once; their case does not matter.
type Field struct{ Label, Value string }

// Open opens a bag and reads its declaration and its fields, without looking at the payload. What is no bag, or one that this
// package cannot read whole, is a fault of kind Invalid.
func Open(dir string) (*Bag, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "There is no folder %s.", dir)
	}
	b := &Bag{root: root}
	if err := b.begin(); err != nil {
		return nil, errors.Join(fault.Wrap(err, fault.Invalid, "%s is no bag that can be read: %v.", dir, err), root.Close())
	}
	return b, nil
}

// Close lets go of the folder.
func (b *Bag) Close() error { return b.root.Close() }

func (b *Bag) begin() error {
	declared, err := b.fields(declaration)
	if err != nil {
		return err
	}
	version, encoding := value(declared, "BagIt-Version"), value(declared, "Tag-File-Character-Encoding")
	if version != "1.0" && version != "0.97" {
		return fmt.Errorf("%s declares version %.20q, known are 1.0 and 0.97", declaration, version)
	}
	if !strings.EqualFold(encoding, "UTF-8") {
		return fmt.Errorf("%s declares the encoding %.20q, known is UTF-8", declaration, encoding)
	}
	if _, err := b.root.Lstat(fetch); err == nil {
		return fmt.Errorf("it has a %s: files are missing that would have to be fetched from elsewhere", fetch)
	}
	b.info, err = b.fields(info)
	return err
}

// Info is the first value of a label in bag-info.txt, empty when there is none.
func (b *Bag) Info(label string) string { return value(b.info, label) }

func value(fields []Field, label string) string {
	for _, f := range fields {
		if strings.EqualFold(f.Label, label) {
			return f.Value
		}
	}
	return ""
}

// fields reads a tag file of "Label: value" lines; a line that begins with a blank goes on with the one before.
func (b *Bag) fields(name string) ([]Field, error) {
	f, err := b.File(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	defer f.Close()
	lines := bufio.NewScanner(io.LimitReader(f, maxTagFile))
	lines.Buffer(nil, maxTagFile)
	lines.Split(splitLines)
	var fields []Field
	for lines.Scan() {
		line := strings.TrimPrefix(lines.Text(), "\uFEFF")
		label, value, found := strings.Cut(line, ":")
		switch {
		case strings.TrimSpace(line) == "":
		case strings.ContainsAny(line[:1], " \t") && len(fields) > 0:
			fields[len(fields)-1].Value += " " + strings.TrimSpace(line)
		case !found:
			return nil, fmt.Errorf("%s holds %.80q, which is no label with a value", name, line)
		default:
			fields = append(fields, Field{strings.TrimSpace(label), strings.TrimSpace(value)})
		}
	}
	return fields, lines.Err()
}

// File opens a regular file of the bag. A symbolic link in its last place, or one that leads out of the bag, is refused.
func (b *Bag) File(path string) (*os.File, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	known, err := b.root.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !known.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	return b.root.Open(path)
}
