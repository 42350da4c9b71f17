package mail

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Properties of Outlook's messages and attachments (MS-OXPROPS) by their ids.
const (
	propSubject    = 0x0037
	propSubmitted  = 0x0039
	propHeaders    = 0x007d
	propKind       = 0x0c15 // of a recipient: 1 To, 2 Cc, 3 Bcc
	propSenderName = 0x0c1a
	propSender     = 0x0c1f
	propSentFor    = 0x0042
	propSentForAt  = 0x0065
	propTo         = 0x0e04
	propCc         = 0x0e03
	propDelivered  = 0x0e06
	propBody       = 0x1000
	propRTF        = 0x1009
	propHTML       = 0x1013
	propID         = 0x1035
	propReferences = 0x1039
	propInReplyTo  = 0x1042
	propClass      = 0x001a
	propName       = 0x3001
	propAddress    = 0x3003
	propData       = 0x3701
	propShortName  = 0x3704
	propMethod     = 0x3705
	propLongName   = 0x3707
	propMIME       = 0x370e
	propContentID  = 0x3712
	propSMTP       = 0x39fe
	propSenderSMTP = 0x5d01
	propSentSMTP   = 0x5d02
	propCodepage   = 0x3fde
)

// Types of properties.
const (
	typeShort    = 0x02
	typeLong     = 0x03
	typeFloat    = 0x04
	typeDouble   = 0x05
	typeCurrency = 0x06
	typeAppTime  = 0x07
	typeError    = 0x0a
	typeBool     = 0x0b
	typeObject   = 0x0d
	typeInt64    = 0x14
	typeString   = 0x1e
	typeUnicode  = 0x1f
	typeTime     = 0x40
	typeGUID     = 0x48
	typeBinary   = 0x102
)

// A prop is one property's value.
type prop struct {
	kind uint16
	data []byte
}

// props are properties by id.
type props map[uint16]prop

// text is a property as text; codepage is that of strings that are not Unicode.
func (p props) text(id uint16, codepage string) string {
	v, ok := p[id]
	if !ok {
		return ""
	}
	switch v.kind {
	case typeUnicode:
		return strings.TrimRight(decodeUTF16(v.data), "\x00")
	case typeString, typeBinary:
		text, _ := decodeCharset([]byte(strings.TrimRight(string(v.data), "\x00")), codepage)
		return text
	}
	return ""
}

func (p props) number(id uint16) int {
	if v := p[id]; len(v.data) >= 4 && (v.kind == typeLong || v.kind == typeShort) {
		return int(int32(binary.LittleEndian.Uint32(v.data)))
	}
	return 0
}

// firstText is the first of some properties that is not empty.
func (p props) firstText(codepage string, ids ...uint16) string {
	for _, id := range ids {
		if s := strings.TrimSpace(p.text(id, codepage)); s != "" {
			return s
		}
	}
	return ""
}

// codepage is the charset of strings that are not Unicode; empty when nothing tells.
func (p props) codepage() string { return pageLabel(p.number(propCodepage)) }

func pageLabel(n int) string {
	switch {
	case n == 65001:
		return "utf-8"
	case n == 28591:
		return "windows-1252"
	case n > 28591 && n <= 28606:
		return fmt.Sprintf("iso-8859-%d", n-28590)
	case n == 932:
		return "shift_jis"
	case n == 936:
		return "gbk"
	case n == 949:
		return "euc-kr"
	case n == 950:
		return "big5"
	case n == 20866:
		return "koi8-r"
	case n >= 1250 && n <= 1258:
		return fmt.Sprintf("windows-%d", n)
	}
	return ""
}

func decodeUTF16(data []byte) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// bodies are the texts of a message of Outlook: the plain one, and its HTML or what its RTF makes of it.
func (p props) bodies() slot {
	codepage := p.codepage()
	t := slot{plain: cleanText(p.text(propBody, codepage)), html: cleanText(p.html(codepage))}
	t.hasPlain = t.plain != ""
	if t.html == "" {
		text, isHTML := rtfText(unpackRTF(p[propRTF].data))
		switch {
		case isHTML:
			t.html = text
		case strings.TrimSpace(t.plain) == "":
			t.plain, t.hasPlain = text, text != ""
		}
	}
	return t
}

func (p props) html(codepage string) string {
	v := p[propHTML]
	if v.kind == typeBinary {
		text, _ := decodeCharset(v.data, htmlCharset(v.data, codepage))
		return text
	}
	return p.text(propHTML, codepage)
}

// cleanText is a text with plain line ends and without what nobody sees.
func cleanText(s string) string {
	return visible(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}
