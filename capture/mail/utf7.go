package mail

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// decodeUTF7 decodes the charset of RFC 2152, which old mailers still write: ASCII with runs of UTF-16 in base64 between + and -.
func decodeUTF7(data []byte) string {
	var out strings.Builder
	s := string(data)
	for {
		before, rest, ok := strings.Cut(s, "+")
		out.WriteString(before)
		if !ok {
			return strings.ToValidUTF8(out.String(), "\ufffd")
		}
		end := 0
		for end < len(rest) && isBase64(rest[end]) {
			end++
		}
		switch {
		case end == 0:
			out.WriteByte('+')
		default:
			out.WriteString(utf16Text(rest[:end]))
		}
		s = strings.TrimPrefix(rest[end:], "-")
	}
}

func utf16Text(run string) string {
	raw, err := base64.RawStdEncoding.DecodeString(run[:len(run)-btoi(len(run)%4 == 1)])
	if err != nil {
		return ""
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
