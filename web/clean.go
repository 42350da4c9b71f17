package web

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// clean takes out of what was sent what is no text: bytes that are no UTF-8, and NUL, which the database keeps in no text.
func clean(s string) string {
	if utf8.ValidString(s) && !strings.Contains(s, "\x00") {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

func cleanAll(values url.Values) {
	for name, list := range values {
		for i, s := range list {
			list[i] = clean(s)
		}
		if own := clean(name); own != name {
			delete(values, name)
			values[own] = list
		}
	}
}

// cleanQuery cleans the query of an address. Nearly all are clean and stay as they are, byte for byte.
func cleanQuery(u *url.URL) {
	if text, err := url.QueryUnescape(u.RawQuery); err != nil || clean(text) == text {
		return
	}
	values := u.Query()
	cleanAll(values)
	u.RawQuery = values.Encode()
}
