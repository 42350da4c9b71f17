package page

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"docket/repository/fault"
)

// maxMember bounds one unpacked XML part of an office file.
const maxMember = 128 << 20

// maxElements bounds the elements of one XML part: a file that holds more is a bomb or of no use as a letter.
const maxElements = 5_000_000

// openPackage opens an office file, which is a zip archive of XML parts.
func openPackage(file string) (*zip.ReadCloser, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The office file is damaged and cannot be opened. Please ask the sender to send it again.")
	}
	return z, nil
}

// An element is the start of an XML element, by its name without a prefix.
type element struct {
	name  string
	attrs []xml.Attr
}

// attr is the value of an attribute by its name without a prefix.
func (e element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e element) number(name string) int {
	n, err := strconv.Atoi(e.attr(name))
	if err != nil {
		return 0
	}
	return n
}

// A visitor is told of an XML part's elements and text in their order. A nil function means that nobody is interested.
type visitor struct {
	start func(e element)
	end   func(name string)
	text  func(s string)
}

// visit walks through an XML part of a package. A part that is missing is empty. XML that breaks off is read up to there.
func visit(z *zip.Reader, name string, v visitor) error {
	f, err := z.Open(name)
	if err != nil {
		return nil //nolint:nilerr // a part that is not there says nothing
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxMember}
	d := xml.NewDecoder(limited)
	d.Strict = false
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("charset %q in an office file", label)
	}
	for range maxElements {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			if limited.N <= 0 {
				break
			}
			return errBroken
		}
		v.token(t)
	}
	return fault.New(fault.TooLarge, "The office file unpacks to more than can be read. It was kept; please look at it by hand.")
}

// errBroken says that an XML part broke off; what came before was read.
var errBroken = errors.New("broken XML")

func (v visitor) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		if v.start != nil {
			v.start(element{t.Name.Local, t.Attr})
		}
	case xml.EndElement:
		if v.end != nil {
			v.end(t.Name.Local)
		}
	case xml.CharData:
		if v.text != nil {
			v.text(string(t))
		}
	}
}

// properties reads the title and the author of an office file.
func properties(z *zip.Reader) Meta {
	var m Meta
	for _, part := range []string{"docProps/core.xml", "meta.xml"} {
		current := ""
		_ = visit(z, part, visitor{
			start: func(e element) { current = e.name },
			end:   func(string) { current = "" },
			text: func(s string) {
				switch current {
				case "title":
					m.Title += s
				case "creator", "initial-creator":
					if m.Author == "" {
						m.Author = s
					}
				}
			},
		})
	}
	m.Title, m.Author = strings.TrimSpace(m.Title), strings.TrimSpace(m.Author)
	return m
}

// has says whether a package has a part.
func has(z *zip.Reader, name string) bool {
	for _, f := range z.File {
		if f.Name == name {
			return true
		}
	}
	return false
}
