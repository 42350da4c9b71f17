package mail

import (
	"strings"
	"unicode/utf8"
)

// decodeWords decodes the encoded words of RFC 2047 wherever they stand, also where they should not: in quotes, glued to
// text, without padding or with spaces in them. Neighbours in one charset are decoded together, because senders part
// characters between them. A broken word stays as it is.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	var out strings.Builder
	var pending []byte // decoded bytes of the words so far
	label := ""
	flush := func() {
		if len(pending) > 0 {
			text, _ := decodeCharset(pending, label)
			out.WriteString(text)
			pending = nil
		}
	}
	for len(s) > 0 {
		at := strings.Index(s, "=?")
		if at < 0 {
			break
		}
		w, ok := cutWord(s[at:])
		if !ok {
			flush()
			out.WriteString(s[:at+2])
			s = s[at+2:]
			continue
		}
		if between := s[:at]; len(pending) == 0 || strings.TrimSpace(between) != "" { // white space between words is none
			flush()
			out.WriteString(between)
		}
		if len(pending) > 0 && !strings.EqualFold(label, w.label) {
			flush()
		}
		label, pending = w.label, append(pending, w.data...)
		s = s[at+w.length:]
	}
	flush()
	out.WriteString(s)
	return out.String()
}

// An encodedWord is one word with its bytes decoded.
type encodedWord struct {
	label  string
	data   []byte
	length int // of what was read
}

// cutWord reads an encoded word at the beginning of s: =?charset*language?B or Q?text?=.
func cutWord(s string) (encodedWord, bool) {
	rest := s[2:]
	label, rest, ok := strings.Cut(rest, "?")
	if !ok || len(label) == 0 || len(label) > 60 || len(rest) < 2 || rest[1] != '?' || strings.ContainsAny(label, " \t") {
		return encodedWord{}, false
	}
	label, _, _ = strings.Cut(label, "*")
	kind, text := rest[0]|0x20, rest[2:]
	end := strings.Index(text, "?=")
	length := len(s) - len(text)
	switch {
	case end < 0:
		end = len(text)
		length += end
	case kind == 'q' && end == 0 && strings.HasPrefix(text[1:], "=") && len(text) > 4 && isHex(text[2]) && isHex(text[3]):
		next := strings.Index(text[2:], "?=") // "?=3F..." begins with an encoded byte
		if next < 0 {
			return encodedWord{}, false
		}
		end = next + 2
		length += end + 2
	default:
		length += end + 2
	}
	text = text[:end]
	switch kind {
	case 'b':
		data, _ := decodeBase64([]byte(text))
		return encodedWord{label, data, length}, true
	case 'q':
		data, _ := decodeQuoted([]byte(strings.ReplaceAll(text, "_", " ")))
		return encodedWord{label, data, length}, true
	}
	return encodedWord{}, false
}

func isHex(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F'
}

// line makes one bounded line of a text: white space becomes single spaces, control characters and those that turn the
// direction of what follows are left out.
func line(s string) string {
	if len(s) > 16*maxLine {
		s = s[:16*maxLine]
	}
	s = strings.Join(strings.Fields(visible(s)), " ")
	if utf8.RuneCountInString(s) > maxLine {
		s = string([]rune(s)[:maxLine])
	}
	return s
}

// visible drops what a person does not see: control characters but line ends and tabs, byte order marks, and overrides of
// direction, which make names of files lie. Broken UTF-8 becomes U+FFFD.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\ufeff' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
