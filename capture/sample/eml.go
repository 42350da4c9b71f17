package sample

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
	"time"

	"docket/taxonomy"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// A mail is what goes into one eml file.
type mail struct {
	letter      *letter
	paragraphs  []paragraph
	withHTML    bool
	charset     string
	attachments []attachment
	at          time.Time
	boundary    string
}

type attachment struct {
	name, mediaType string
	data            []byte
}

// renderMail writes the letter as a mail, or as a mail with the letter attached.
func (c content) renderMail(t Truth, spotless bool) ([]byte, Truth, error) {
	d := c.dice
	m := mail{letter: c.letter, paragraphs: c.mailParagraphs(), withHTML: d.chance(0.4), at: c.madeAt(), boundary: "=_" + d.digits(16)}
	if !typedClass(c.class) || d.chance(0.4) {
		a, truth, err := c.attach(d, spotless)
		if err != nil {
			return nil, t, err
		}
		t.Attachments = []Truth{truth}
		m.attachments = []attachment{a}
		m.letter = covering(c.letter, c.class)
		m.paragraphs = m.letter.mailParagraphs()
	}
	if m.letter.topic == "" {
		m.letter.topic = capital(m.letter.plain("mail.subject"))
	}
	m.letter.reveal(taxonomy.SenderEmail, c.sender.email)
	m.letter.reveal(taxonomy.SenderName, c.sender.name)
	m.letter.reveal(taxonomy.LetterDate, normalDate(c.written))
	t.Fields, t.Pages = m.letter.fields, 1
	t.Text = m.letter.topic + "\n\n" + joined(m.paragraphs)
	m.charset = charsetFor(d, c.language, t.Text)
	data, err := m.encode()
	return data, t, err
}

// typedClass says whether people type such a thing into a mail.
func typedClass(class taxonomy.ClassID) bool {
	switch class {
	case taxonomy.Form, taxonomy.Identity, taxonomy.Invoice, taxonomy.Contract:
		return false
	}
	return true
}

// attach makes the letter a file to attach.
func (c content) attach(d *dice, spotless bool) (attachment, Truth, error) {
	kinds := []share[Kind]{{PDFScan, 40}, {PDF, 30}, {JPEG, 15}, {Docx, 15}}
	p := plan{kind: pick(d, kindsOf(c.class, kinds)), dpi: pick(d, dpiShares)}
	if p.kind == JPEG && len(c.pages) > 1 {
		p.kind = PDFScan
	}
	data, truth, err := c.render(p, spotless)
	name := pick(d, []share[string]{{"letter", 2}, {"scan" + d.digits(4), 3}, {"IMG_" + d.digits(4), 1}, {"document", 2}})
	truth.File = name + "." + p.kind.extension()
	return attachment{truth.File, mediaTypes[p.kind], data}, truth, err
}

var mediaTypes = map[Kind]string{
	PDF: "application/pdf", PDFScan: "application/pdf", JPEG: "image/jpeg",
	Docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

// charsets are what old mail programs of a language use.
var charsets = map[string][]string{
	"en": {"iso-8859-1", "windows-1252"}, "de": {"iso-8859-1", "windows-1252"}, "hu": {"iso-8859-2"}, "pl": {"iso-8859-2"},
	"ru": {"windows-1251", "koi8-r"}, "sl": {"iso-8859-2", "windows-1250"},
}

var encodings = map[string]encoding.Encoding{
	"iso-8859-1": charmap.ISO8859_1, "windows-1252": charmap.Windows1252, "iso-8859-2": charmap.ISO8859_2,
	"windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251, "koi8-r": charmap.KOI8R,
}

// charsetFor is mostly UTF-8, sometimes an old one, when it has all the letters of the text.
func charsetFor(d *dice, language, text string) string {
	old := one(d, charsets[language])
	if d.chance(0.3) {
		if _, err := encodings[old].NewEncoder().String(text); err == nil {
			return old
		}
	}
	return "utf-8"
}

func (m mail) encode() ([]byte, error) {
	var b bytes.Buffer
	l, house := m.letter, Houses[m.letter.language]
	fmt.Fprintf(&b, "Return-Path: <%s>\r\n", l.sender.email)
	fmt.Fprintf(&b, "From: %s <%s>\r\n", phraseHeader(l.sender.name), l.sender.email)
	fmt.Fprintf(&b, "To: %s <%s>\r\n", phraseHeader(house.Name), house.Email)
	fmt.Fprintf(&b, "Subject: %s\r\n", header(l.topic))
	fmt.Fprintf(&b, "Date: %s\r\n", m.at.Format(time.RFC1123Z))
	_, host, _ := strings.Cut(l.sender.email, "@")
	fmt.Fprintf(&b, "Message-ID: <%s@%s>\r\n", strings.TrimPrefix(m.boundary, "=_"), host)
	b.WriteString("MIME-Version: 1.0\r\n")
	if err := m.body(&b); err != nil {
		return nil, fmt.Errorf("write mail: %w", err)
	}
	return b.Bytes(), nil
}

// header writes a header value; words of other letters than ASCII are encoded, and folded (RFC 2047).
func header(s string) string {
	encoded := mime.BEncoding.Encode("utf-8", s)
	if encoded == s {
		return s
	}
	return strings.ReplaceAll(encoded, " ", "\r\n ")
}

// phraseHeader is header for a name before an address, which is quoted when it has signs of its own meaning (RFC 5322).
func phraseHeader(s string) string {
	if encoded := header(s); encoded != s || !strings.ContainsAny(s, `,;:.()<>@"`) {
		return encoded
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// body writes the content headers and the content.
func (m mail) body(w *bytes.Buffer) error {
	if len(m.attachments) == 0 {
		return m.message(w, func(h textproto.MIMEHeader) (io.Writer, error) {
			writeHeader(w, h)
			return w, nil
		})
	}
	mixed := multipart.NewWriter(w)
	if err := mixed.SetBoundary(m.boundary + "m"); err != nil {
		return err
	}
	fmt.Fprintf(w, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n", mixed.Boundary())
	if err := m.message(w, mixed.CreatePart); err != nil {
		return err
	}
	for _, a := range m.attachments {
		part, err := mixed.CreatePart(textproto.MIMEHeader{
			"Content-Type":              {fmt.Sprintf("%s; name=\"%s\"", a.mediaType, a.name)},
			"Content-Disposition":       {fmt.Sprintf("attachment; filename=\"%s\"", a.name)},
			"Content-Transfer-Encoding": {"base64"},
		})
		if err != nil {
			return err
		}
		if err := writeBase64(part, a.data); err != nil {
			return err
		}
	}
	return mixed.Close()
}

// message writes the text, alone or beside the same in HTML.
func (m mail) message(w io.Writer, create func(textproto.MIMEHeader) (io.Writer, error)) error {
	if !m.withHTML {
		return m.text(create, "plain", joined(m.paragraphs))
	}
	part, err := create(textproto.MIMEHeader{"Content-Type": {fmt.Sprintf("multipart/alternative; boundary=\"%sa\"", m.boundary)}})
	if err != nil {
		return err
	}
	both := multipart.NewWriter(part)
	if err := both.SetBoundary(m.boundary + "a"); err != nil {
		return err
	}
	if err := m.text(both.CreatePart, "plain", joined(m.paragraphs)); err != nil {
		return err
	}
	if err := m.text(both.CreatePart, "html", m.html()); err != nil {
		return err
	}
	return both.Close()
}

func (m mail) text(create func(textproto.MIMEHeader) (io.Writer, error), subtype, text string) error {
	part, err := create(textproto.MIMEHeader{
		"Content-Type":              {fmt.Sprintf("text/%s; charset=%s", subtype, m.charset)},
		"Content-Transfer-Encoding": {"quoted-printable"},
	})
	if err != nil {
		return err
	}
	if e := encodings[m.charset]; e != nil {
		if text, err = encoding.ReplaceUnsupported(e.NewEncoder()).String(text); err != nil {
			return err
		}
	}
	q := quotedprintable.NewWriter(part)
	if _, err := io.WriteString(q, strings.ReplaceAll(text+"\n", "\n", "\r\n")); err != nil {
		return err
	}
	return q.Close()
}

func (m mail) html() string {
	var b strings.Builder
	b.WriteString(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=` + m.charset + `"></head><body>` + "\n")
	for _, p := range m.paragraphs {
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p.text), "\n", "<br>\n") + "</p>\n")
	}
	return b.String() + "</body></html>"
}

// writeHeader writes part headers in a fixed order, as multipart.Writer does.
func writeHeader(w io.Writer, h textproto.MIMEHeader) {
	for _, name := range []string{"Content-Transfer-Encoding", "Content-Type"} {
		if v := h.Get(name); v != "" {
			fmt.Fprintf(w, "%s: %s\r\n", name, v)
		}
	}
	io.WriteString(w, "\r\n")
}

func writeBase64(w io.Writer, data []byte) error {
	text := base64.StdEncoding.EncodeToString(data)
	for len(text) > 76 {
		if _, err := io.WriteString(w, text[:76]+"\r\n"); err != nil {
			return err
		}
		text = text[76:]
	}
	_, err := io.WriteString(w, text+"\r\n")
	return err
}
