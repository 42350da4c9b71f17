package mail

import (
	"html"
	"strings"
)

const octets = "application/octet-stream"

// A slot is one place of the message's own text: a text by itself, or an alternative of several forms of one.
type slot struct {
	plain, html string
	hasPlain    bool
}

// A sorter goes through the tree and tells the message's own texts from what it brings.
type sorter struct {
	message *Message
	slots   []slot
	images  []*entity // parts that the HTML may show; index as in related
	related map[int]bool
	wraps   int // wrappings that were opened
}

// sort takes texts and parts of an entity in order. Its depth is bounded by the walker's.
func (s *sorter) sort(e *entity, in *slot) {
	switch {
	case len(e.parts) > 0 && e.media == "multipart/alternative" && in == nil:
		alternative := &slot{}
		for _, p := range e.parts {
			s.sort(p, alternative)
		}
		s.slots = append(s.slots, *alternative)
	case len(e.parts) > 0:
		for _, p := range e.parts {
			s.sort(p, in)
		}
	case s.unwrap(e):
	case e.isText():
		s.text(e, in)
	case strings.HasPrefix(e.media, "multipart/"): // without parts
	default:
		s.part(e)
	}
}

// isText says whether an entity is text of the message itself and not an attachment.
func (e *entity) isText() bool {
	switch e.media {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html", "application/xhtml+xml":
	default:
		return false
	}
	disposition, _ := parseMedia(e.header.first("Content-Disposition"), "")
	if disposition == "attachment" {
		return e.within == nil && e.fileName() == ""
	}
	return e.fileName() == "" || e.within == nil && e.media != "text/html" && disposition == "" || e.within != nil && e.within.media == "multipart/alternative"
}

func (s *sorter) text(e *entity, in *slot) {
	text := s.decoded(e)
	single := slot{}
	to := in
	if to == nil {
		to = &single
	}
	switch e.media {
	case "text/html", "application/xhtml+xml":
		to.html = appendText(to.html, text)
	case "text/plain":
		to.plain, to.hasPlain = appendText(to.plain, unflow(text, e.params)), true
	default: // a richer form of a text that an alternative has in plainer ones
		if in == nil {
			to.html = appendText(to.html, text)
		}
	}
	if in == nil {
		s.slots = append(s.slots, single)
	}
}

func appendText(s, more string) string {
	switch {
	case s == "":
		return more
	case strings.TrimSpace(more) == "":
		return s
	}
	return strings.TrimRight(s, "\n") + "\n\n" + more
}

// decoded is a text in UTF-8 with plain line ends.
func (s *sorter) decoded(e *entity) string {
	raw, sound := decodeTransfer(e.body, e.header.first("Content-Transfer-Encoding"))
	if !sound {
		s.message.flag(Repaired)
	}
	if len(raw) > maxText {
		raw = raw[:maxText]
		s.message.flag(Incomplete)
	}
	label := e.params["charset"]
	if label == "" {
		label = e.header.label
		if strings.Contains(e.media, "html") {
			label = htmlCharset(raw, label)
		}
	}
	text, guessed := decodeCharset(raw, label)
	if guessed {
		s.message.flag(Guessed)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for strings.Contains(text, "\r\n") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return visible(strings.ReplaceAll(text, "\r", "\n"))
}

// join puts the texts together and says whether they were made of HTML alone.
func (s *sorter) join() {
	m := s.message
	hasHTML, made, plain := false, false, false
	for _, t := range s.slots {
		hasHTML = hasHTML || strings.TrimSpace(t.html) != ""
	}
	for _, t := range s.slots {
		switch {
		case strings.TrimSpace(t.plain) != "":
			m.Text, plain = appendText(m.Text, t.plain), true
		case t.html != "":
			m.Text, made = appendText(m.Text, htmlText(t.html)), true
		}
		switch {
		case t.html != "":
			m.HTML = appendText(m.HTML, t.html)
		case hasHTML && strings.TrimSpace(t.plain) != "":
			m.HTML = appendText(m.HTML, "<pre>"+html.EscapeString(t.plain)+"</pre>")
		}
	}
	m.Made = made && !plain
	m.Text = strings.TrimRight(m.Text, " \t\n")
	if m.Text != "" {
		m.Text += "\n"
	}
}

// unflow joins the lines that a mailer broke in format=flowed (RFC 3676): those that end with a space.
func unflow(text string, params map[string]string) string {
	if !strings.EqualFold(params["format"], "flowed") {
		return text
	}
	var out strings.Builder
	drop := strings.EqualFold(params["delsp"], "yes")
	open := -1 // depth of quotes of the line that goes on
	for l := range strings.SplitSeq(text, "\n") {
		depth := len(l) - len(strings.TrimLeft(l, ">"))
		content := strings.TrimPrefix(l[depth:], " ") // stuffed
		if open != depth {
			if open >= 0 {
				out.WriteByte('\n')
			}
			if depth > 0 {
				out.WriteString(strings.Repeat(">", depth) + " ")
			}
		}
		flows := strings.HasSuffix(content, " ") && content != "-- "
		if flows && drop {
			content = strings.TrimSuffix(content, " ")
		}
		out.WriteString(content)
		open = depth
		if !flows {
			out.WriteByte('\n')
			open = -1
		}
	}
	return strings.TrimSuffix(out.String(), "\n")
}
