package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a content transfer encoding (RFC 2045, 6). What is damaged is decoded as far as it goes; sound says
// that nothing was. An unknown encoding is none.
func decodeTransfer(data []byte, encoding string) (out []byte, sound bool) {
	encoding, _, _ = strings.Cut(encoding, ";")
	encoding, _, _ = strings.Cut(encoding, "(")
	switch strings.ToLower(strings.Trim(encoding, " \t\"'")) {
	case "base64", "b", "x-base64", "base-64", "bas64":
		return decodeBase64(data)
	case "quoted-printable", "q", "quoted printable", "quotedprintable", "quoted/printable":
		return decodeQuoted(data)
	case "uuencode", "x-uuencode", "x-uue", "uue", "x-uu":
		return decodeUU(data)
	case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "7 bit", "8 bit", "none":
		return data, true
	}
	return data, false
}

func isBase64(b byte) bool {
	return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/'
}

// decodeBase64 decodes what is of the alphabet and passes over the rest. Padding ends a run; another may follow, as when parts
// were glued together, but not lines of plain text, as when a mailing list has added them.
func decodeBase64(data []byte) (out []byte, sound bool) {
	if plainWords(data) {
		return data, false
	}
	clean := make([]byte, 0, len(data))
	out, sound = make([]byte, 0, len(data)/4*3+3), true
	padded := false
	flush := func() {
		if len(clean)%4 == 1 {
			clean, sound = clean[:len(clean)-1], false
		}
		at := len(out)
		out = append(out, make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))...)
		n, err := base64.RawStdEncoding.Decode(out[at:], clean)
		out, clean, sound = out[:at+n], clean[:0], sound && err == nil
	}
	for at := 0; at < len(data); {
		l, next := nextLine(data, at)
		if padded && bytes.ContainsAny(l, " .,:_") {
			return out, false
		}
		at = next
		for _, b := range l {
			switch {
			case isBase64(b):
				clean, padded = append(clean, b), false
			case b == '=':
				if len(clean) > 0 {
					flush()
				}
				padded = true
			case b == '-' || b == '_': // as in addresses of pages
				clean = append(clean, map[byte]byte{'-': '+', '_': '/'}[b])
				sound = false
			case b != ' ' && b != '\t' && b != '\r' && b != 0:
				sound = false
			}
		}
	}
	flush()
	return out, sound
}

// plainWords says whether what is called base64 is plain text: spaces between words on its first lines.
func plainWords(data []byte) bool {
	words, lines := 0, 0
	for at := 0; at < len(data) && lines < 10; {
		l, next := nextLine(data, at)
		at = next
		if n := len(bytes.Fields(l)); n > 0 {
			words, lines = words+n, lines+1
		}
	}
	return lines > 0 && words >= 3*lines && words > 4
}

// decodeQuoted decodes quoted-printable. An equals sign that begins no byte stays, as does everything beyond ASCII.
func decodeQuoted(data []byte) (out []byte, sound bool) {
	out, sound = make([]byte, 0, len(data)), true
	for len(data) > 0 {
		l, next := nextLine(data, 0)
		ended := next > 0 && data[next-1] == '\n'
		if ended {
			l = bytes.TrimRight(l, " \t")
		}
		data = data[next:]
		soft := bytes.HasSuffix(l, []byte("="))
		if soft {
			l = l[:len(l)-1]
		}
		for i := 0; i < len(l); i++ {
			if l[i] != '=' {
				out = append(out, l[i])
				continue
			}
			if i+2 < len(l) && isHex(l[i+1]) && isHex(l[i+2]) {
				out = append(out, unhex(l[i+1])<<4|unhex(l[i+2]))
				i += 2
				continue
			}
			out, sound = append(out, '='), false
		}
		if ended && !soft {
			out = append(out, '\r', '\n')
		}
	}
	return out, sound
}

func unhex(b byte) byte {
	switch {
	case b <= '9':
		return b - '0'
	case b >= 'a':
		return b - 'a' + 10
	}
	return b - 'A' + 10
}

// decodeUU decodes what lies between a begin and an end line of uuencode.
func decodeUU(data []byte) (out []byte, sound bool) {
	inside := false
	for at := 0; at < len(data); {
		l, next := nextLine(data, at)
		at = next
		switch {
		case !inside:
			inside = bytes.HasPrefix(l, []byte("begin "))
		case bytes.Equal(l, []byte("end")):
			return out, true
		case len(l) > 0:
			out = append(out, uuLine(l)...)
		}
	}
	if !inside {
		return data, false
	}
	return out, false
}

func uuLine(l []byte) []byte {
	n := int((l[0] - ' ') & 63)
	var out []byte
	for l = l[1:]; len(l) > 0 && len(out) < n; l = l[min(4, len(l)):] {
		var q [4]byte
		for i := range min(4, len(l)) {
			q[i] = (l[i] - ' ') & 63
		}
		out = append(out, q[0]<<2|q[1]>>4, q[1]<<4|q[2]>>2, q[2]<<6|q[3])
	}
	return out[:min(n, len(out))]
}
