package web

import (
	"bytes"
	"compress/gzip"
	"strings"
)

// leastCompressed is the size from which compressing a page saves a packet.
const leastCompressed = 1400

// compressed is a page's body packed with gzip, nil when that is not worth it or not accepted. Pages hold no secret that an
// attacker could guess from their length: there is no CSRF token in them, and sessions live in cookies.
func compressed(body []byte, accept string) []byte {
	if len(body) < leastCompressed || !strings.Contains(accept, "gzip") {
		return nil
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil || w.Close() != nil {
		return nil
	}
	return b.Bytes()
}
