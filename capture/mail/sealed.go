package mail

import (
	"archive/zip"
	"bytes"
	"strings"
)

// seals flags what is signed or encrypted as a whole (rule 41).
func (m *Message) seals(root *entity) {
	switch root.media {
	case "multipart/signed":
		m.flag(Signed)
	case "multipart/encrypted":
		m.flag(Encrypted)
	}
	if strings.Contains(m.Text, "-----BEGIN PGP MESSAGE-----") {
		m.flag(Encrypted)
	}
	if strings.Contains(m.Text, "-----BEGIN PGP SIGNED MESSAGE-----") {
		m.flag(Signed)
	}
}

// sealed says whether a file opens only with a password or key: an archive with encrypted members, a PDF or an office file that
// is encrypted, an OpenPGP message.
func sealed(body []byte) bool {
	switch {
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return sealedZip(body)
	case bytes.HasPrefix(body, []byte("%PDF-")):
		return bytes.Contains(body, []byte("/Encrypt")) && pdfEncrypt(body)
	case bytes.HasPrefix(body, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return bytes.Contains(body, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"))
	case bytes.HasPrefix(body, []byte("Rar!\x1a\x07\x00")):
		return len(body) > 23 && body[10]&0x80 != 0 // its headers are encrypted
	}
	return bytes.HasPrefix(bytes.TrimLeft(body[:min(len(body), 200)], "\r\n \t"), []byte("-----BEGIN PGP MESSAGE-----"))
}

func sealedZip(body []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return len(body) > 8 && body[6]&1 != 0
	}
	for _, f := range z.File[:min(len(z.File), 1000)] {
		if f.Flags&1 != 0 {
			return true
		}
	}
	return false
}

// pdfEncrypt says whether the word stands as a key: in a trailer, or in the dictionary of a stream of cross-references.
func pdfEncrypt(body []byte) bool {
	for rest := body; ; {
		at := bytes.Index(rest, []byte("/Encrypt"))
		if at < 0 {
			return false
		}
		rest = rest[at+len("/Encrypt"):]
		next := bytes.TrimLeft(rest[:min(len(rest), 20)], " \r\n")
		if len(next) > 0 && (next[0] >= '0' && next[0] <= '9' || bytes.HasPrefix(next, []byte("<<"))) {
			return true
		}
	}
}
