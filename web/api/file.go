package api

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"docket/repository/blob"
)

// Keep is the Cache-Control of bytes that never change under their address. Private: who may see them is decided by person.
const Keep = "private, max-age=31536000, immutable"

// foreignPolicy sandboxes what strangers sent us: even opened in a tab it can do nothing.
const foreignPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"

// A File is how bytes that strangers sent are announced.
type File struct {
	Media  string
	Name   string // to save it under; empty for none
	Digest blob.SHA256
	At     time.Time
	Fixed  bool // the address will always mean these bytes
}

// Send answers with bytes, whole or in ranges, and closes them. It is the one way by which pages and API hand out content.
func Send(w http.ResponseWriter, r *http.Request, body blob.Reader, f File) {
	defer body.Close()
	h := w.Header()
	h.Set("Content-Security-Policy", foreignPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", ETag(f.Digest))
	h.Set("Content-Type", f.Media)
	h.Set("Cache-Control", "private, no-cache") // kept, and asked for again by its tag
	if f.Fixed {
		h.Set("Cache-Control", Keep)
	}
	if f.Name != "" {
		h.Set("Content-Disposition", Attachment(f.Name))
	}
	http.ServeContent(w, r, "", f.At, onlySeek{body})
}

// ETag is the tag of bytes with a digest.
func ETag(digest blob.SHA256) string { return fmt.Sprintf(`"%x"`, digest[:16]) }

// Attachment tells a browser to save bytes under a name (RFC 6266).
func Attachment(name string) string {
	if s := mime.FormatMediaType("attachment", map[string]string{"filename": name}); s != "" {
		return s
	}
	return "attachment"
}

// onlySeek hides a reader's other methods, so that copying does not go around the check of the digest.
type onlySeek struct{ io.ReadSeeker }
