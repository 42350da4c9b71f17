package page

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// decodeText turns bytes in any charset into UTF-8. A byte order mark decides, then valid UTF-8, then a declared charset,
// then what the bytes look like.
func decodeText(data []byte, declared string) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return strings.ToValidUTF8(string(data[3:]), "\ufffd")
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return decodeUTF16(data, unicode.LittleEndian, unicode.UseBOM)
	case looksUTF16(data, 1):
		return decodeUTF16(data, unicode.LittleEndian, unicode.IgnoreBOM)
	case looksUTF16(data, 0):
		return decodeUTF16(data, unicode.BigEndian, unicode.IgnoreBOM)
	case utf8.Valid(data):
		return string(data)
	}
	if declared == "" {
		declared = guessCharset(data)
	}
	return decodeCharset(data, declared)
}

func decodeUTF16(data []byte, order unicode.Endianness, bom unicode.BOMPolicy) string {
	out, err := unicode.UTF16(order, bom).NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return string(out)
}

// looksUTF16 says whether most bytes at odd (1) or even (0) places are zero, as in Latin text in UTF-16.
func looksUTF16(data []byte, odd int) bool {
	n := min(len(data), 4096) &^ 1
	if n < 8 {
		return false
	}
	zeros := [2]int{}
	for i, b := range data[:n] {
		if b == 0 {
			zeros[i&1]++
		}
	}
	return zeros[odd] > n/2*6/10 && zeros[1-odd] < n/20
}

func decodeCharset(data []byte, label string) string {
	e, _ := charset.Lookup(label)
	if e == nil {
		e, _ = charset.Lookup("windows-1252")
	}
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return string(out)
}

// guessCharset names the charset that bytes look like.
func guessCharset(data []byte) string {
	best, err := chardet.NewTextDetector().DetectBest(data[:min(len(data), 64<<10)])
	if err != nil {
		return "windows-1252"
	}
	return best.Charset
}
