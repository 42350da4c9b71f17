package mail

import (
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"

	"docket/repository/fault"

	"github.com/richardlehane/mscfb"
)

// Bounds on a .msg.
const (
	maxStreams  = 50_000
	maxMsgDepth = 6 // messages in messages
)

// FromOutlook writes a message that Outlook saved (.msg) as one of RFC 5322, with all that it brings. The error is of kind
// TooLarge or Invalid: the file is over MaxSize, or no message of Outlook's at all.
func FromOutlook(r io.ReaderAt, size int64) (message []byte, err error) {
	if size > MaxSize {
		return nil, fault.New(fault.TooLarge, "The message has more than %d MB, the most that is read.", MaxSize>>20)
	}
	notOutlook := fault.New(fault.Invalid, "The file is not a message of Outlook, or it is damaged. It was kept; please look at it by hand.")
	defer func() {
		if recover() != nil {
			message, err = nil, notOutlook
		}
	}()
	root, err := readMsg(io.NewSectionReader(r, 0, size), size)
	if err != nil || !root.isMessage() {
		return nil, notOutlook
	}
	return root.message(0).bytes(), nil
}

// A storage is a folder in a compound file.
type storage struct {
	props   props
	folders map[string]*storage
	order   []string
}

func newStorage() *storage { return &storage{props: props{}, folders: map[string]*storage{}} }

func (s *storage) folder(name string) *storage {
	if s.folders[name] == nil {
		s.folders[name] = newStorage()
		s.order = append(s.order, name)
	}
	return s.folders[name]
}

// readMsg reads all streams of a compound file into folders. Together they are no larger than the file.
func readMsg(r io.ReaderAt, size int64) (*storage, error) {
	file, err := mscfb.New(r)
	if err != nil {
		return nil, err
	}
	root, left := newStorage(), size
	for n := 0; n < maxStreams; n++ {
		entry, err := file.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return root, nil
		}
		at := root
		for _, name := range entry.Path[:min(len(entry.Path), 3*maxMsgDepth)] {
			at = at.folder(name)
		}
		if entry.FileInfo().IsDir() {
			at.folder(entry.Name)
			continue
		}
		if entry.Size > left {
			continue
		}
		data := readStream(entry)
		left -= int64(len(data))
		at.stream(entry.Name, data, propsHead(entry.Path))
	}
	return root, nil
}

// readStream reads in small steps, because finding the sectors of a large one takes more than linear time.
func readStream(f *mscfb.File) []byte {
	var out []byte
	buf := make([]byte, 64<<10)
	for int64(len(out)) < f.Size {
		n, err := f.Read(buf)
		out = append(out, buf[:n]...)
		if err != nil || n == 0 {
			break
		}
	}
	return out
}

// stream takes one stream: a property of variable length, or the list of those of fixed length, which begins after head.
func (s *storage) stream(name string, data []byte, head int) {
	if hexed, ok := strings.CutPrefix(name, "__substg1.0_"); ok && len(hexed) >= 8 {
		if raw, err := hex.DecodeString(hexed[:8]); err == nil {
			id, kind := uint16(raw[0])<<8|uint16(raw[1]), uint16(raw[2])<<8|uint16(raw[3])
			s.props[id] = prop{kind, data}
		}
		return
	}
	if name != "__properties_version1.0" {
		return
	}
	for at := head; at+16 <= len(data); at += 16 {
		kind, id := uint16(data[at])|uint16(data[at+1])<<8, uint16(data[at+2])|uint16(data[at+3])<<8
		switch kind {
		case typeShort, typeLong, typeBool, typeTime, typeInt64:
			if _, known := s.props[id]; !known {
				s.props[id] = prop{kind, data[at+8 : at+16]}
			}
		}
	}
}

// propsHead is how much stands before the list of properties: it depends on what they are of.
func propsHead(path []string) int {
	switch {
	case len(path) == 0:
		return 32 // the message itself
	case strings.HasPrefix(path[len(path)-1], "__substg1.0_"):
		return 24 // a message within
	}
	return 8 // a recipient or an attachment
}

// isMessage says whether a compound file holds a message and not a letter or a table.
func (s *storage) isMessage() bool {
	_, class := s.props[propClass]
	_, subject := s.props[propSubject]
	_, named := s.folders["__nameid_version1.0"]
	return class || subject || named
}

// message puts a message together.
func (s *storage) message(depth int) outlook {
	o := outlook{props: s.props, slot: s.props.bodies()}
	page := s.props.codepage()
	for _, name := range s.order {
		f := s.folders[name]
		switch {
		case strings.HasPrefix(name, "__recip_version1.0_") && len(o.to) < maxAddresses:
			a := Address{f.props.text(propName, page), f.props.firstText(page, propSMTP, propAddress)}
			if !strings.Contains(a.Address, "@") {
				a.Address = ""
			}
			kind := f.props.number(propKind)
			if kind == 0 {
				kind = 1
			}
			o.to = append(o.to, outlookAddress{a, kind})
		case strings.HasPrefix(name, "__attach_version1.0_") && len(o.parts) < maxEntities:
			o.parts = append(o.parts, f.attachment(page, depth))
		}
	}
	return o
}

// attachment is one thing that a message brings; a message within it is written out.
func (s *storage) attachment(page string, depth int) Part {
	p := Part{
		Name:      baseName(s.props.firstText(page, propLongName, propShortName, propName)),
		MediaType: line(strings.ToLower(s.props.text(propMIME, page))),
		ContentID: line(s.props.text(propContentID, page)),
		Body:      s.props[propData].data,
	}
	inner := s.folders["__substg1.0_"+strings.ToUpper(strconv.FormatInt(propData, 16))+"000D"]
	if inner != nil && inner.isMessage() && depth < maxMsgDepth {
		p.Body, p.MediaType = inner.message(depth+1).bytes(), "message/rfc822"
		if p.Name != "" && !strings.HasSuffix(strings.ToLower(p.Name), ".eml") {
			p.Name += ".eml"
		}
	}
	return p
}
