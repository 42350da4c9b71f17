package repository

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// messageType is the media type of an e-mail as it came (RFC 5322).
const messageType = "message/rfc822"

// mediaType tells what bytes are by their beginning. Messages are told here: the library knows few of the fields that they begin with,
// and a signature of their sender (DKIM-Signature, ARC-Seal) is none of those.
func mediaType(name string, head []byte) string {
	m := mimetype.Detect(head)
	switch {
	case NamedMessage(name, head) || m.Is("text/plain") && IsMessage(head):
		return messageType
	case m.Is(messageType) && !IsMessage(head): // it takes a single field for a header
		return m.Parent().String()
	}
	return m.String()
}

// NamedMessage says whether a file that is called a message begins like one, whatever it brings further down, NULs or the beginning of a PDF.
func NamedMessage(name string, head []byte) bool {
	return strings.EqualFold(path.Ext(name), ".eml") && firstField.Match(head)
}

// IsMessage says whether a text begins like a message: its first line is a header field, and so are at least two more of different names.
func IsMessage(head []byte) bool {
	head = bytes.TrimLeft(head, "\r\n")
	if bytes.HasPrefix(head, []byte("From ")) { // as in a mailbox file
		if i := bytes.IndexByte(head, '\n'); i > 0 {
			head = head[i+1:]
		}
	}
	head = bytes.ReplaceAll(head, []byte("\r"), nil)
	if at := bytes.Index(head, []byte("\n\n")); at > 0 {
		head = head[:at]
	}
	names := map[string]bool{}
	for _, m := range fields.FindAllSubmatch(head, -1) {
		names[strings.ToLower(string(m[1]))] = true
	}
	return firstField.Match(head) && len(names) >= 3 && (names["from"] || names["received"] || names["message-id"])
}

var (
	firstField = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*:`)
	fields     = regexp.MustCompile(`(?mi)^(from|to|subject|date|received|message-id|mime-version|return-path|delivered-to|content-type|x-[a-z-]+|dkim-signature|reply-to|cc):[ \t]*\S`)
)
