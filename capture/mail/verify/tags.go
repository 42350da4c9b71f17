package verify

import (
	"errors"
	"strings"
)

// tags are the tag=value pairs of a signature or a key (RFC 6376, section 3.2), values without white space around them.
type tags map[string]string

var errTags = errors.New("malformed tags")

// parseTags reads a list of tags. A tag must have a name, and none may stand twice; an empty last one is allowed.
func parseTags(s string) (tags, error) {
	parts := strings.Split(s, ";")
	if n := len(parts) - 1; n > 0 && strings.TrimFunc(parts[n], isSpace) == "" {
		parts = parts[:n]
	}
	t := make(tags, len(parts))
	for _, part := range parts {
		name, value, found := strings.Cut(part, "=")
		name = strings.TrimFunc(name, isSpace)
		if _, twice := t[name]; !found || twice || !isTagName(name) {
			return nil, errTags
		}
		t[name] = strings.TrimFunc(value, isSpace)
	}
	return t, nil
}

func isTagName(s string) bool {
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// list is a value of several, parted by colons.
func list(value string) []string { return strings.Split(compact(value), ":") }

// unsigned is a field whose b= is empty: what a signature is made over (RFC 6376, section 3.5, and RFC 8617, section 4.1.3).
func (f field) unsigned() field {
	name, value, _ := strings.Cut(f.raw, ":")
	parts := strings.Split(value, ";")
	for i, part := range parts {
		tag, _, found := strings.Cut(part, "=")
		if found && strings.TrimFunc(tag, isSpace) == "b" {
			parts[i] = tag + "="
		}
	}
	return field{f.name, name + ":" + strings.Join(parts, ";")}
}
