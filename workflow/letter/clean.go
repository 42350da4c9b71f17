package letter

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/workflow/thread"
)

// Bounds of what goes into a header, in bytes. Encoded, none makes a line of more than 998 octets (RFC 5322, section 2.1.1).
const (
	maxName    = 200
	maxSubject = 400
	maxFile    = 200
	maxID      = 250
)

// maxReferences is how many Message-IDs go out (rule 33).
const maxReferences = 10

// plain is a text as one line of visible characters: whatever could end a line, turn writing round or hide is left out.
func plain(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return cut(strings.Join(strings.Fields(s), " "), most)
}

// cut ends a text after at most so many bytes, between words where there are any.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[:most-len("…")]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	if i := strings.LastIndexByte(s, ' '); i > most/2 {
		s = s[:i]
	}
	return s + "…"
}

// Subject is a subject with the ticket's number in brackets, once, wherever it stood.
func Subject(subject, number string) string {
	subject = plain(subject, maxSubject)
	if number == "" {
		return subject
	}
	found := regexp.MustCompile(`(?i)[\[(]?` + regexp.QuoteMeta(number) + `[\])]?`)
	first := true
	subject = found.ReplaceAllStringFunc(subject, func(string) string {
		if first {
			first = false
			return "[" + number + "]"
		}
		return ""
	})
	if first {
		subject += " [" + number + "]"
	}
	return strings.Join(strings.Fields(subject), " ")
}

// displayName is a name beside an address. A backslash in an encoded word is one that RFC 2047 (section 5, 3) does not permit there, and
// net/mail writes it all the same.
func displayName(s string) string { return strings.ReplaceAll(plain(s, maxName), `\`, "/") }

// plainAddress says whether an address can stand in a header and an envelope as it is: visible ASCII, and nothing that ends it.
func plainAddress(a string) bool {
	i := strings.LastIndexByte(a, '@')
	return i > 0 && i < len(a)-1 && len(a) <= 254 && !strings.ContainsFunc(a, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`"\()<>,:;[]`, r)
	})
}

// references are the Message-IDs of the conversation, the oldest first: at most ten, of which the first says where it began and the
// others are the nearest (rule 33). What is no Message-ID is left out.
func references(parents []string) (refs []string) {
	for _, id := range slices.Backward(parents) {
		id = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
		bad := strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' })
		if id = "<" + id + ">"; !bad && len(id) > 2 && len(id) <= maxID && !slices.Contains(refs, id) {
			refs = append(refs, id)
		}
	}
	if over := len(refs) - maxReferences; over > 0 {
		refs = slices.Delete(refs, 1, 1+over)
	}
	return refs
}

// fileName is the name of an attachment: no folders, nothing hidden, its ending kept when it is cut.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:"<>|?*`, r) {
			return '_'
		}
		return r
	}, plain(s, 1000))
	if len(s) > maxFile {
		end := ""
		if i := strings.LastIndexByte(s, '.'); i >= 0 && len(s)-i <= 10 {
			end = s[i:]
		}
		s = cut(s, maxFile-len(end)) + end
	}
	if s == "" {
		return "file"
	}
	return s
}

// Body is the whole text of a message: what somebody wrote, the signature, and the marker by which an answer finds its ticket when a
// program has given it another Message-ID (rule 26).
func Body(text, signature, token string) string {
	parts := []string{lines(text)}
	if s := lines(signature); s != "" {
		parts = append(parts, s)
	}
	return strings.Join(append(parts, thread.Marker(token)), "\n\n") + "\n"
}

// lines is a text without control characters, and without empty lines around it.
func lines(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.TrimRight(strings.TrimLeft(s, "\n"), " \t\n")
}
