package mail

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"mime"
	"strings"
	"time"
)

// An outlook is a message of Outlook, from a .msg or within TNEF, to be written as one of RFC 5322.
type outlook struct {
	props props
	slot  slot
	to    []outlookAddress
	parts []Part
}

type outlookAddress struct {
	Address
	kind int // 1 To, 2 Cc, 3 Bcc
}

// bytes writes the message: the header it came with, or one made of its properties, then its texts and what it brings. What
// the HTML shows is told by the references in it.
func (o outlook) bytes() []byte {
	var b bytes.Buffer
	o.header(&b)
	b.WriteString("MIME-Version: 1.0\r\n")
	if inner := o.wrapped(); inner != nil {
		b.Write(inner)
		return b.Bytes()
	}
	if len(o.parts) == 0 {
		o.texts(&b)
		return b.Bytes()
	}
	const mark = "=_mixed" // what is inside is base64, which has no hyphens
	b.WriteString("Content-Type: multipart/mixed; boundary=\"" + mark + "\"\r\n\r\n")
	b.WriteString("--" + mark + "\r\n")
	o.texts(&b)
	for _, p := range o.parts {
		b.WriteString("\r\n--" + mark + "\r\n")
		writePart(&b, p)
	}
	b.WriteString("\r\n--" + mark + "--\r\n")
	return b.Bytes()
}

// wrapped is the whole entity of a signed or encrypted message, which Outlook keeps as its only attachment.
func (o outlook) wrapped() []byte {
	class := strings.ToUpper(o.props.text(propClass, ""))
	if !strings.HasPrefix(class, "IPM.NOTE.SMIME") || len(o.parts) != 1 {
		return nil
	}
	p := o.parts[0]
	if strings.HasSuffix(class, "MULTIPARTSIGNED") || bytes.HasPrefix(bytes.ToLower(p.Body[:min(len(p.Body), 30)]), []byte("content-type: multipart/signed")) {
		return p.Body
	}
	var b bytes.Buffer
	b.WriteString("Content-Type: application/pkcs7-mime; name=\"smime.p7m\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	writeBase64(&b, p.Body)
	return b.Bytes()
}

// header writes the header the message came with, without what says how it was put together then.
func (o outlook) header(b *bytes.Buffer) {
	page := o.props.codepage()
	if came := o.props.text(propHeaders, page); strings.Contains(came, ":") {
		r, _ := readHeader([]byte(came), nil)
		for _, f := range r.header.fields {
			if !strings.HasPrefix(f.name, "content-") && f.name != "mime-version" && f.name != "x-microsoft-antispam-mailbox-delivery" {
				writeField(b, f.name, string(f.value), false)
			}
		}
		if r.header.Has("From") || r.header.Has("Subject") {
			return
		}
	}
	o.made(b, page)
}

// made writes a header of the message's properties.
func (o outlook) made(b *bytes.Buffer, page string) {
	from := Address{o.props.firstText(page, propSentFor, propSenderName), o.props.firstText(page, propSentSMTP, propSenderSMTP, propSentForAt, propSender)}
	if !strings.Contains(from.Address, "@") {
		from.Address = ""
	}
	writeField(b, "From", writeAddress(from), false)
	for kind, name := range map[int]string{1: "To", 2: "Cc"} {
		var all []string
		for _, a := range o.to {
			if a.kind == kind {
				all = append(all, writeAddress(a.Address))
			}
		}
		if len(all) == 0 {
			all = append(all, strings.ReplaceAll(o.props.text(map[int]uint16{1: propTo, 2: propCc}[kind], page), ";", ","))
		}
		writeField(b, name, strings.Join(all, ", "), false)
	}
	writeField(b, "Subject", o.props.text(propSubject, page), true)
	for _, id := range []uint16{propSubmitted, propDelivered} {
		if t := fileTime(o.props[id].data); !t.IsZero() {
			writeField(b, "Date", t.Format(time.RFC1123Z), false)
			break
		}
	}
	writeField(b, "Message-ID", o.props.text(propID, page), false)
	writeField(b, "In-Reply-To", o.props.text(propInReplyTo, page), false)
	writeField(b, "References", o.props.text(propReferences, page), false)
}

func writeAddress(a Address) string {
	name := line(a.Name)
	switch {
	case a.Address == "" && name == "":
		return ""
	case a.Address == "":
		return encodeWord(name)
	case name == "" || name == a.Address:
		return "<" + line(a.Address) + ">"
	}
	return encodeWord(name) + " <" + line(a.Address) + ">"
}

// encodeWord writes a name so that nothing in it is taken for more.
func encodeWord(s string) string {
	for _, r := range s {
		if r >= 0x7f || strings.ContainsRune(`"\?=`, r) {
			return mime.BEncoding.Encode("utf-8", s)
		}
	}
	return `"` + s + `"`
}

func writeField(b *bytes.Buffer, name, value string, encode bool) {
	value = strings.TrimSpace(strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == 0 {
			return -1
		}
		return r
	}, value)), " "))
	if value == "" {
		return
	}
	if encode {
		value = mime.BEncoding.Encode("utf-8", value)
	}
	b.WriteString(name + ": " + value + "\r\n")
}

// fileTime is a time of Windows: tenths of microseconds since 1601.
func fileTime(data []byte) time.Time {
	if len(data) < 8 {
		return time.Time{}
	}
	ticks := binary.LittleEndian.Uint64(data)
	if ticks < 116444736e9 || ticks > 2e17 {
		return time.Time{}
	}
	return time.UnixMicro(int64(ticks/10) - 11644473600e6).UTC()
}

// texts writes the texts of the message.
func (o outlook) texts(b *bytes.Buffer) {
	text := func(kind, s string) {
		b.WriteString("Content-Type: text/" + kind + "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
		writeBase64(b, []byte(s))
	}
	switch {
	case o.slot.html == "":
		text("plain", o.slot.plain)
	case strings.TrimSpace(o.slot.plain) == "":
		text("html", o.slot.html)
	default:
		const mark = "=_alternative"
		b.WriteString("Content-Type: multipart/alternative; boundary=\"" + mark + "\"\r\n\r\n--" + mark + "\r\n")
		text("plain", o.slot.plain)
		b.WriteString("\r\n--" + mark + "\r\n")
		text("html", o.slot.html)
		b.WriteString("\r\n--" + mark + "--\r\n")
	}
}

func writePart(b *bytes.Buffer, p Part) {
	media := p.MediaType
	if media == "" || strings.ContainsAny(media, "\r\n;\"") {
		media = octets
	}
	b.WriteString("Content-Type: " + media + "\r\n")
	b.WriteString("Content-Disposition: attachment; filename*=utf-8''" + escape(p.Name) + "\r\n")
	if p.ContentID != "" {
		b.WriteString("Content-ID: <" + line(p.ContentID) + ">\r\n")
	}
	b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	writeBase64(b, p.Body)
}

// escape writes a name in percent encoding.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[c>>4])+string("0123456789abcdef"[c&15])))
	}
	return b.String()
}

func writeBase64(b *bytes.Buffer, data []byte) {
	for len(data) > 0 {
		n := min(57, len(data))
		b.WriteString(base64.StdEncoding.EncodeToString(data[:n]) + "\r\n")
		data = data[n:]
	}
}
