package mail

import (
	"regexp"
	"strings"
)

// heading is a line that stands above the text of a message on its pages, the subject last. Long ones are broken.
var heading = regexp.MustCompile(`^(From|To|Date|Subject):( |$)`)

// headingLines is how many lines the heading takes at most.
const headingLines = 16

// Newest is what is new in a message, by the text of its pages: without the heading, what it quotes and the signature. The subject is
// part of the heading, and stands on lines of its own where it is long, or first where there is no other.
func Newest(text, subject string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\f", "\n"), "\n")
	last := -1
	for i, l := range lines[:min(len(lines), headingLines)] {
		if heading.MatchString(l) {
			last = i
		}
	}
	lines = lines[last+1:]
	if last < 0 && strings.TrimSpace(lines[0]) == subject { // the text of what we sent begins with it
		lines = lines[1:]
	}
	for len(lines) > 0 && last >= 0 && strings.TrimSpace(lines[0]) != "" && strings.HasSuffix(subject, strings.TrimSpace(lines[0])) {
		lines = lines[1:]
	}
	said := strings.Join(lines, "\n")
	return strings.TrimSpace(Reply(strings.ReplaceAll(said, "\n\n>", "\n>"))) // paragraphs are set apart on pages
}
