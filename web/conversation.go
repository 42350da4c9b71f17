package web

import (
	"regexp"
	"strings"

	"docket/capture/mail"
	"docket/workflow"
)

// mailHeading is a line that stands above the text of a message on its pages, the subject last. Long ones are broken.
var mailHeading = regexp.MustCompile(`^(From|To|Date|Subject):( |$)`)

// headingLines is how many lines the heading takes at most.
const headingLines = 16

// newestText is what is new in a message, by the text of its pages: without the heading, what it quotes and the signature. The subject is
// part of the heading, and stands on lines of its own where it is long.
func newestText(text, subject string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\f", "\n"), "\n")
	last := -1
	for i, l := range lines[:min(len(lines), headingLines)] {
		if mailHeading.MatchString(l) {
			last = i
		}
	}
	lines = lines[last+1:]
	for len(lines) > 0 && last >= 0 && strings.TrimSpace(lines[0]) != "" && strings.HasSuffix(subject, strings.TrimSpace(lines[0])) {
		lines = lines[1:]
	}
	said := strings.Join(lines, "\n")
	return strings.TrimSpace(mail.Reply(strings.ReplaceAll(said, "\n\n>", "\n>"))) // paragraphs are set apart on pages
}

// A conversed is a message of a conversation as stories and lists show it.
type conversed struct {
	workflow.Message
	Newest  string // what it says, without what it quotes
	Decider string // who said where it belongs, by title; empty where a rule did
}

// Enclosed is what came with the message.
func (c conversed) Enclosed() []workflow.Received { return c.Received[min(1, len(c.Received)):] }

// Unproved says whether a message came by mail from somebody of whom it is not proved that they sent it.
func (c conversed) Unproved() bool { return !c.Outgoing && (c.Warn || !c.Aligned) }

// Automatic says whether a machine wrote it.
func (c conversed) Automatic() bool { return !c.Outgoing && c.Kind != "" }

// From is who sent it, as people call them.
func (c conversed) From() string {
	if c.SenderName != "" {
		return c.SenderName
	}
	return c.Sender
}
