package page

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"time"

	"docket/repository/fault"

	"github.com/jhillyerd/enmime/v2"
)

// maxMail bounds a message, which is held in memory while it is taken apart.
const maxMail = 100 << 20

// readMail sets the heading and the text of a message on pages and hands its attachments over as parts.
func readMail(w *reading, ctx context.Context) error {
	info, err := os.Stat(w.file)
	if err != nil {
		return err
	}
	if info.Size() > maxMail {
		return fault.New(fault.TooLarge, "The message has %d MB; at most %d MB are read.", info.Size()>>20, maxMail>>20)
	}
	f, err := os.Open(w.file)
	if err != nil {
		return err
	}
	defer f.Close()
	message, err := enmime.NewParser(enmime.SkipMalformedParts(true)).ReadEnvelope(f)
	if err != nil { // so damaged that its parts cannot be found: it is shown as it is
		w.flag(Repaired)
		return readText(w, ctx)
	}
	w.doc.Meta = mailMeta(message)
	if err := w.setBlocks(ctx, mailBlocks(message, w.doc.Meta)); err != nil {
		return err
	}
	return w.mailParts(ctx, message)
}

func mailMeta(m *enmime.Envelope) Meta {
	date, err := m.Date()
	if err != nil {
		date = time.Time{}
	}
	head := func(name string) string { return strings.Join(strings.Fields(visible(m.GetHeader(name))), " ") }
	subject := head("Subject")
	return Meta{Title: subject, Subject: subject, From: head("From"), To: head("To"), Date: date}
}

// mailBlocks are the heading and the text, taken from the HTML when the message has no other.
func mailBlocks(m *enmime.Envelope, meta Meta) []block {
	var all []block
	date := ""
	if !meta.Date.IsZero() {
		date = meta.Date.Format("2006-01-02 15:04 -0700")
	}
	for _, h := range [][2]string{{"From", meta.From}, {"To", meta.To}, {"Date", date}, {"Subject", meta.Subject}} {
		if h[1] != "" {
			all = append(all, paragraph(h[0]+": "+h[1]))
		}
	}
	all = append(all, paragraph(""))
	text := m.Text
	if m.HTML != "" && (strings.TrimSpace(text) == "" || !hasPlain(m.Root)) {
		_, blocks := htmlBlocks(m.HTML)
		return append(all, blocks...)
	}
	for b := range textBlocks(text) {
		all = append(all, b)
	}
	return all
}

// hasPlain says whether a message brings a plain text of its own; otherwise enmime has made one of the HTML.
func hasPlain(root *enmime.Part) bool {
	return root != nil && root.BreadthMatchFirst(func(p *enmime.Part) bool {
		return p.ContentType == "text/plain" && p.Disposition != "attachment" || p.ContentType == ""
	}) != nil
}

func (w *reading) mailParts(ctx context.Context, m *enmime.Envelope) error {
	for i, parts := range [][]*enmime.Part{m.Attachments, m.Inlines, m.OtherParts} {
		for _, p := range parts {
			if len(p.Content) == 0 || p.ContentType == "application/pgp-signature" || p.ContentType == "application/pkcs7-signature" {
				continue
			}
			part := Part{Name: baseName(p.FileName), MediaType: p.ContentType, Inline: i > 0 && p.ContentID != "", Body: bytes.NewReader(p.Content)}
			if err := w.part(ctx, part, int64(len(p.Content))); err != nil {
				return err
			}
		}
	}
	return nil
}

// headers that begin messages.
var mailHeader = regexp.MustCompile(`(?mi)^(from|to|subject|date|received|message-id|mime-version|return-path|delivered-to|content-type|x-[a-z-]+|dkim-signature|reply-to|cc):[ \t]*\S`)

// isMail says whether a text begins like a message: its first line is a header, and so are at least two more of different names.
func isMail(head []byte) bool {
	head = bytes.TrimLeft(head, "\r\n")
	if bytes.HasPrefix(head, []byte("From ")) { // as in a mailbox file
		if i := bytes.IndexByte(head, '\n'); i > 0 {
			head = head[i+1:]
		}
	}
	if at := bytes.Index(bytes.ReplaceAll(head, []byte("\r"), nil), []byte("\n\n")); at > 0 && at < len(head) {
		head = bytes.ReplaceAll(head, []byte("\r"), nil)[:at]
	}
	first := mailHeaderLine.Match(head)
	names := map[string]bool{}
	for _, m := range mailHeader.FindAllSubmatch(head, -1) {
		names[strings.ToLower(string(m[1]))] = true
	}
	return first && len(names) >= 3 && (names["from"] || names["received"] || names["message-id"])
}

var mailHeaderLine = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*:`)
