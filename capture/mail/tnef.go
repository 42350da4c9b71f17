package mail

import (
	"encoding/binary"
	"strings"
)

// Attributes of TNEF (MS-OXTNEF).
const (
	tnefSignature = 0x223e9f78
	attBody       = 0x800c
	attData       = 0x800f
	attTitle      = 0x8010
	attRender     = 0x9002 // begins an attachment
	attProps      = 0x9003
	attAttachment = 0x9005 // properties of an attachment
	attCodepage   = 0x9007
)

// A tnef is what a winmail.dat holds.
type tnef struct {
	props    props
	body     []byte
	codepage string
	parts    []Part
	damaged  bool
	cut      bool
	depth    int
}

// readTNEF reads a winmail.dat as far as it is sound; ok says that it is one at all.
func readTNEF(data []byte) (t tnef, ok bool) { return readTNEFAt(data, 0) }

func readTNEFAt(data []byte, depth int) (t tnef, ok bool) {
	if len(data) < 6 || binary.LittleEndian.Uint32(data) != tnefSignature {
		return t, false
	}
	t = tnef{props: props{}, codepage: "windows-1252", depth: depth}
	var part *Part
	for data = data[6:]; len(data) > 0; {
		if len(data) < 11 {
			t.damaged = true
			break
		}
		id, size := binary.LittleEndian.Uint16(data[1:]), int(binary.LittleEndian.Uint32(data[5:]))
		value := data[9:]
		if size < 0 || size > len(value) {
			t.damaged, size = true, len(value)
		}
		value = value[:size]
		data = data[min(len(data), 9+size+2):]
		if id == attRender {
			if len(t.parts) >= maxParts {
				t.cut = true
				break
			}
			t.parts = append(t.parts, Part{MediaType: octets})
			part = &t.parts[len(t.parts)-1]
		}
		t.attribute(id, value, part)
	}
	t.finish()
	return t, true
}

// attribute takes one attribute, of the message or of an attachment.
func (t *tnef) attribute(id uint16, value []byte, part *Part) {
	switch id {
	case attCodepage:
		if len(value) >= 4 {
			if label := pageLabel(int(binary.LittleEndian.Uint32(value))); label != "" {
				t.codepage = label
			}
		}
	case attBody:
		t.body = value
	case attProps:
		p, sound := readProps(value)
		t.props, t.damaged = p, t.damaged || !sound
	case attTitle:
		if part != nil && part.Name == "" {
			name, _ := decodeCharset([]byte(strings.TrimRight(string(value), "\x00")), t.codepage)
			part.Name = baseName(name)
		}
	case attData:
		if part != nil {
			part.Body = value
		}
	case attAttachment:
		if part != nil {
			p, sound := readProps(value)
			t.damaged = t.damaged || !sound
			t.attachment(p, part)
		}
	}
}

// attachment takes the properties of an attachment, which tell better than its attributes.
func (t *tnef) attachment(p props, part *Part) {
	if name := baseName(p.firstText(t.codepage, propLongName, propShortName)); name != "" {
		part.Name = name
	} else if name := baseName(p.text(propName, t.codepage)); name != "" && part.Name == "" {
		part.Name = name
	}
	if media := strings.ToLower(p.text(propMIME, "")); strings.Contains(media, "/") {
		part.MediaType = line(media)
	}
	part.ContentID = strings.Trim(line(p.text(propContentID, "")), "<> ")
	data := p[propData]
	if len(data.data) == 0 {
		return
	}
	part.Body = data.data
	if data.kind == typeObject && len(data.data) > 16 {
		part.Body = data.data[16:] // after the id of its interface
		t.embedded(part)
	}
}

// embedded writes a message that is attached as TNEF of its own as a message of RFC 5322.
func (t *tnef) embedded(part *Part) {
	if t.depth >= 5 {
		return
	}
	if inner, ok := readTNEFAt(part.Body, t.depth+1); ok {
		o := outlook{props: inner.props, slot: inner.slot(), parts: inner.parts}
		part.Body, part.MediaType, part.Message = o.bytes(), "message/rfc822", true
		if part.Name != "" && !strings.HasSuffix(strings.ToLower(part.Name), ".eml") {
			part.Name += ".eml"
		}
	}
}

// finish drops attachments that hold nothing.
func (t *tnef) finish() {
	kept := t.parts[:0]
	for _, p := range t.parts {
		if len(p.Body) > 0 || p.Name != "" {
			kept = append(kept, p)
		}
	}
	t.parts = kept
}

// slot is the text of the message itself.
func (t *tnef) slot() slot {
	s := t.props.bodies()
	if strings.TrimSpace(s.plain) == "" && s.html == "" && len(t.body) > 0 {
		text, _ := decodeCharset([]byte(strings.TrimRight(string(t.body), "\x00")), t.codepage)
		s.plain, s.hasPlain = cleanText(text), true
	}
	return s
}

// readProps reads a list of properties as far as it is sound.
func readProps(data []byte) (p props, sound bool) {
	p = props{}
	r := &propReader{data: data}
	for n := r.u32(); n > 0 && r.sound() && len(p) < 5000; n-- {
		kind, id := r.u16(), r.u16()
		if id >= 0x8000 { // named: its name is not needed
			r.take(16)
			if r.u32() == 0 {
				r.take(4)
			} else {
				r.padded(int(r.u32()))
			}
		}
		value, ok := r.value(kind)
		if !ok {
			break
		}
		if _, twice := p[id]; !twice && id < 0x8000 {
			p[id] = prop{kind &^ 0x1000, value}
		}
	}
	return p, r.sound()
}

// A propReader reads little-endian values until the data end.
type propReader struct {
	data   []byte
	failed bool
}

func (r *propReader) sound() bool { return !r.failed }

func (r *propReader) take(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.failed = true
		return nil
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *propReader) padded(n int) []byte {
	out := r.take(n)
	r.take(min((4-n%4)%4, len(r.data)))
	return out
}

func (r *propReader) u16() uint16 {
	if b := r.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *propReader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// value reads the first value of a property and passes over the others.
func (r *propReader) value(kind uint16) (first []byte, ok bool) {
	many := kind&0x1000 != 0
	kind &^= 0x1000
	size := map[uint16]int{typeShort: 4, typeLong: 4, typeFloat: 4, typeError: 4, typeBool: 4, typeDouble: 8, typeCurrency: 8, typeAppTime: 8, typeInt64: 8, typeTime: 8, typeGUID: 16}[kind]
	variable := kind == typeString || kind == typeUnicode || kind == typeObject || kind == typeBinary
	if size == 0 && !variable {
		r.failed = kind > 1
		return nil, kind <= 1
	}
	count := 1
	if many || variable {
		count = int(r.u32())
	}
	for i := 0; i < count && r.sound(); i++ {
		n := size
		if variable {
			n = int(r.u32())
		}
		v := r.padded(n)
		if i == 0 {
			first = v
		}
	}
	return first, r.sound()
}
