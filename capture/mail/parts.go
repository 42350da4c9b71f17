package mail

import (
	"path"
	"regexp"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// fileName is what an entity calls the file it holds; empty when it says nothing.
func (e *entity) fileName() string {
	_, params := parseMedia(e.header.first("Content-Disposition"), e.header.label)
	for _, name := range []string{params["filename"], e.params["name"], e.params["filename"], params["name"]} {
		if name = baseName(name); name != "" {
			return name
		}
	}
	return ""
}

// baseName is a file's name without folders of either kind, on one line.
func baseName(name string) string {
	name = line(name)
	name = strings.TrimSpace(name[strings.LastIndexAny(name, `/\`)+1:])
	if name == "." || name == ".." {
		return ""
	}
	return bounded(name, 255)
}

// part takes an entity as something that the message brings.
func (s *sorter) part(e *entity) {
	m := s.message
	switch e.media {
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
		m.flag(Signed)
		return
	case "application/pgp-encrypted": // says only which version the part after it is of
		m.flag(Encrypted)
		return
	case "message/disposition-notification", "message/global-disposition-notification", "message/delivery-status", "message/global-delivery-status", "message/feedback-report":
		return // read as a report
	}
	raw, sound := decodeTransfer(e.body, e.header.first("Content-Transfer-Encoding"))
	if !sound {
		m.flag(Repaired)
	}
	p := Part{Name: e.fileName(), MediaType: e.media, ContentID: contentID(e), Body: raw}
	p.Message = e.media == "message/rfc822" || e.media == "message/global"
	disposition, _ := parseMedia(e.header.first("Content-Disposition"), "")
	related := e.within != nil && e.within.media == "multipart/related"
	s.shown(len(m.Parts), e, related && disposition != "attachment" && p.ContentID != "")
	m.add(p)
}

func contentID(e *entity) string {
	return strings.Trim(e.header.Get("Content-ID"), "<> ")
}

// add names a part, tells what it is and keeps it, or what is wrapped up in it.
func (m *Message) add(p Part) {
	if len(p.Body) == 0 && p.Name == "" {
		return
	}
	if len(m.Parts) >= maxParts {
		m.flag(Incomplete)
		return
	}
	p.sniff()
	p.name()
	if p.Encrypted = p.MediaType == "application/pkcs7-mime" || p.MediaType == "application/x-pkcs7-mime" || sealed(p.Body); p.Encrypted {
		m.flag(Encrypted)
	}
	m.Parts = append(m.Parts, p)
}

// sniff tells what a part is by its bytes, where the message does not tell (rule 40).
func (p *Part) sniff() {
	switch p.MediaType {
	case octets, "application/octetstream", "application/x-octet-stream", "application/unknown", "application/binary", "application/force-download", "application/download", "application/x-download", "binary/octet-stream", "":
		p.MediaType = octets
		if len(p.Body) > 0 {
			p.MediaType, _, _ = strings.Cut(mimetype.Detect(p.Body).String(), ";")
		}
		if strings.EqualFold(path.Ext(p.Name), ".eml") && p.MediaType == "text/plain" {
			p.MediaType = "message/rfc822"
		}
		p.Message = p.MediaType == "message/rfc822"
	}
}

// name gives a part that has none a name that says what it is, where that is known.
func (p *Part) name() {
	switch {
	case p.Name != "":
	case p.Message:
		data := p.Body[:min(len(p.Body), maxHeaderSize)]
		r, _ := readHeader(data[skipBefore(data):], nil)
		if subject := strings.ReplaceAll(r.header.Get("Subject"), "/", "-"); subject != "" {
			p.Name = baseName(bounded(strings.ReplaceAll(subject, `\`, "-"), 200)) + ".eml"
		}
	case p.MediaType == "text/calendar":
		p.Name = "invite.ics"
	}
}

var reference = regexp.MustCompile(`(?i)["'(]\s*(?:cid:)([^"')>\s]{1,300})`)

// shown remembers a part that the HTML may show.
func (s *sorter) shown(index int, e *entity, related bool) {
	if s.related == nil {
		s.related = map[int]bool{}
	}
	for len(s.images) <= index {
		s.images = append(s.images, nil)
	}
	s.images[index] = e
	s.related[index] = related
}

// inline tells the pictures that the HTML shows from what was attached (rule 40): it refers to them by their Content-ID or
// location, or they are related to it and were not called attachments. Without HTML nothing is shown.
func (s *sorter) inline() {
	m := s.message
	if m.HTML == "" || len(s.images) == 0 {
		return
	}
	cids := map[string]bool{}
	for _, found := range reference.FindAllStringSubmatch(m.HTML, -1) {
		cids[strings.ToLower(unescape(found[1]))] = true
	}
	for i := range min(len(m.Parts), len(s.images)) {
		e, p := s.images[i], &m.Parts[i]
		if e == nil || p.Message || p.MediaType == "text/calendar" {
			continue
		}
		location := e.header.Get("Content-Location")
		p.Inline = p.ContentID != "" && cids[strings.ToLower(p.ContentID)] || s.related[i] ||
			location != "" && len(location) < 300 && strings.Contains(m.HTML, location)
	}
}

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,40})`)

// htmlCharset is the charset that a page declares for itself.
func htmlCharset(page []byte, otherwise string) string {
	if m := metaCharset.FindSubmatch(page[:min(len(page), 4096)]); m != nil {
		return string(m[1])
	}
	return otherwise
}
