package mail

import (
	"bytes"
	"strings"
)

// maxWraps bounds wrappings within wrappings of one message.
const maxWraps = 20

// unwrap opens what Outlook (TNEF) and S/MIME wrap up: what is inside counts as if it had stood there (rule 40). What cannot be
// opened is left to be a part. The message that is stored stays the original.
func (s *sorter) unwrap(e *entity) bool {
	var open func(data []byte, e *entity) bool
	switch name := strings.ToLower(e.fileName()); {
	case e.media == "application/ms-tnef" || e.media == "application/vnd.ms-tnef" || name == "winmail.dat" || name == "win.dat":
		open = s.tnef
	case e.media == "application/pkcs7-mime" || e.media == "application/x-pkcs7-mime" || e.media == octets && strings.HasSuffix(name, ".p7m"):
		open = s.smime
	default:
		return false
	}
	if s.wraps++; s.wraps > maxWraps {
		s.message.flag(Incomplete)
		return false
	}
	data, _ := decodeTransfer(e.body, e.header.first("Content-Transfer-Encoding"))
	return open(data, e)
}

// smime opens what is signed and flags what is encrypted.
func (s *sorter) smime(data []byte, e *entity) bool {
	kind := strings.ToLower(e.params["smime-type"])
	if i := bytes.Index(data, []byte("-----BEGIN ")); i >= 0 && i < 200 {
		data = unarmour(data[i:])
	}
	content, signed := signedContent(data)
	if !signed {
		if kind != "certs-only" {
			s.message.flag(Encrypted)
		}
		return false
	}
	s.message.flag(Signed)
	if len(content) == 0 {
		return kind == "certs-only"
	}
	s.message.flag(Wrapped)
	inner, w := walk(content)
	if w.cut {
		s.message.flag(Incomplete)
	}
	s.sort(inner, nil)
	return true
}

// unarmour takes the bytes between the lines of hyphens.
func unarmour(data []byte) []byte {
	_, next := nextLine(data, 0)
	body, _, _ := bytes.Cut(data[next:], []byte("-----END"))
	out, _ := decodeBase64(body)
	return out
}

// tnef opens a winmail.dat. Its own text counts where the message has no other.
func (s *sorter) tnef(data []byte, e *entity) bool {
	t, ok := readTNEF(data)
	if !ok {
		return false
	}
	m := s.message
	m.flag(Wrapped)
	if t.damaged {
		m.flag(Repaired)
	}
	if t.cut {
		m.flag(Incomplete)
	}
	if own := t.slot(); !s.hasText() && own != (slot{}) {
		s.slots = append(s.slots, own)
	}
	for _, p := range t.parts {
		m.add(p)
	}
	return true
}

func (s *sorter) hasText() bool {
	for _, t := range s.slots {
		if strings.TrimSpace(t.plain+t.html) != "" {
			return true
		}
	}
	return false
}
