package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// labels of charsets as some mailers write them.
var labels = map[string]string{
	"ks_c_5601-1987": "euc-kr", "ks_c_5601": "euc-kr", "cp949": "euc-kr", "ms949": "euc-kr", "cp932": "shift_jis", "ms932": "shift_jis", "cp936": "gbk",
	"cp950": "big5", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252", "cp-850": "windows-1252", "ansi": "windows-1252", "iso8859-8-i": "iso-8859-8", "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8",
	"iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "hp-roman8": "windows-1252",
}

// none are labels that say nothing.
var none = map[string]bool{"": true, "unknown-8bit": true, "x-unknown": true, "unknown": true, "default": true, "default_charset": true, "us-ascii": true, "ascii": true, "binary": true, "7bit": true, "8bit": true, "utf-8": true, "utf8": true}

// decodeCharset turns bytes into UTF-8. The charset that was told holds, unless the bytes say otherwise: valid UTF-8 with
// characters beyond ASCII is UTF-8 whatever 8-bit charset was told, and a charset of 7 bits has none. guessed says that the
// label was not followed.
func decodeCharset(data []byte, label string) (text string, guessed bool) {
	label = cleanLabel(label)
	e := lookup(label)
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return strings.ToValidUTF8(string(data[3:]), "\ufffd"), false
	case label == "utf-7" || label == "unicode-1-1-utf-7":
		return decodeUTF7(data), false
	case e != nil && (wide(label) || !utf8.Valid(data) || ascii(data)):
		out, err := e.NewDecoder().Bytes(data)
		if err == nil {
			return string(out), false
		}
	case utf8.Valid(data) && !(bytes.Contains(data, []byte("\x1b$")) && e == nil):
		return string(data), !none[label] && !ascii(data)
	}
	return decodeGuess(data), true
}

func cleanLabel(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\"'<>;"))
	if as, ok := labels[label]; ok {
		return as
	}
	return label
}

// lookup is the encoding of a label; nil when it is unknown, says nothing, or is UTF-8.
func lookup(label string) encoding.Encoding {
	if none[label] {
		return nil
	}
	switch label {
	case "utf-16", "utf16", "ucs-2", "iso-10646-ucs-2":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case "utf-32", "ucs-4":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	}
	e, name := charset.Lookup(label)
	if name == "replacement" || name == "utf-8" {
		return nil
	}
	return e
}

// wide says whether a charset writes several bytes for a character, so that its text may look like valid UTF-8 by chance.
func wide(label string) bool {
	for _, p := range []string{"iso-2022", "utf-16", "utf16", "ucs", "utf-32", "gb", "hz", "big5", "euc", "shift", "sjis", "ms_kanji", "x-sjis"} {
		if strings.HasPrefix(label, p) {
			return true
		}
	}
	return false
}

func ascii(data []byte) bool {
	for _, b := range data {
		if b >= 0x80 {
			return false
		}
	}
	return true
}

// decodeGuess decodes bytes by what they look like.
func decodeGuess(data []byte) string {
	label := "windows-1252"
	if bytes.Contains(data, []byte("\x1b$")) {
		label = "iso-2022-jp"
	} else if best, err := chardet.NewTextDetector().DetectBest(data[:min(len(data), 64<<10)]); err == nil && best.Confidence > 10 && !(len(data) < 40 && wide(strings.ToLower(best.Charset))) {
		label = best.Charset
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	e := lookup(cleanLabel(label))
	if e == nil {
		e = lookup("windows-1252")
	}
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return string(out)
}

// mostlyUTF8 says whether bytes are UTF-8 that was damaged in few places: at least twice as many characters are sound.
func mostlyUTF8(data []byte) bool {
	sound, broken, run := 0, 0, false
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n <= 1:
			broken += btoi(!run)
			run = true
		default:
			sound += btoi(n > 1)
			run = false
		}
		data = data[n:]
	}
	return sound >= 2*broken && sound > 0
}

// rawText is a header value that may hold 8-bit bytes without saying in which charset.
func rawText(value, label string) string {
	if utf8.ValidString(value) && !strings.Contains(value, "\x1b$") {
		return value
	}
	if lookup(cleanLabel(label)) == nil {
		label = ""
	}
	text, _ := decodeCharset([]byte(value), label)
	return text
}
