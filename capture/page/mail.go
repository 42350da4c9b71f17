package page

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"docket/capture/mail"
)

// readMail sets the heading and the text of a message on pages and hands over what it brings.
func readMail(w *reading, ctx context.Context) error {
	f, err := os.Open(w.file)
	if err != nil {
		return err
	}
	defer f.Close()
	return w.setMail(ctx, f)
}

// readOutlook reads a message that Outlook saved.
func readOutlook(w *reading, ctx context.Context) error {
	f, err := os.Open(w.file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	message, err := mail.FromOutlook(f, info.Size())
	if err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	return w.setMail(ctx, bytes.NewReader(message))
}

// Message reads a file that is a message; nil for what is none.
func (r *Reader) Message(file, name string) (*mail.Message, error) {
	what, err := r.sniff(file, name)
	if err != nil || what.kind != Mail {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if what.mediaType != outlookType {
		return mail.Parse(f)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	message, err := mail.FromOutlook(f, info.Size())
	if err != nil {
		return nil, err
	}
	return mail.Parse(bytes.NewReader(message))
}

func (w *reading) setMail(ctx context.Context, r io.Reader) error {
	m, err := mail.Parse(r)
	if err != nil {
		return fmt.Errorf("%s: %w", w.name, err)
	}
	for of, shown := range map[mail.Flag]Flag{mail.Repaired: Repaired, mail.Incomplete: Incomplete, mail.Signed: Signed} {
		if m.Has(of) {
			w.flag(shown)
		}
	}
	w.doc.Meta, w.doc.Mail = mailMeta(m), m
	if err := w.setBlocks(ctx, mailBlocks(m, w.doc.Meta)); err != nil {
		return err
	}
	for i, p := range m.Parts {
		if len(p.Body) == 0 {
			continue
		}
		m.Parts[i].Body = nil // handed over
		part := Part{Name: p.Name, MediaType: p.MediaType, Inline: p.Inline, Body: bytes.NewReader(p.Body)}
		if err := w.part(ctx, part, int64(len(p.Body))); err != nil {
			return err
		}
	}
	return nil
}

func mailMeta(m *mail.Message) Meta {
	passed, _ := m.Forwarded()
	return Meta{Title: m.Subject, Subject: m.Subject, From: m.Header.Get("From"), Passed: passed, To: m.Header.Get("To"), Cc: m.Header.Get("Cc"), Date: m.Date}
}

// mailBlocks are the heading and the text, taken from the HTML when the message has no other.
func mailBlocks(m *mail.Message, meta Meta) []block {
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
	if m.Made {
		_, blocks := htmlBlocks(m.HTML)
		return append(all, blocks...)
	}
	for b := range textBlocks(m.Text) {
		all = append(all, b)
	}
	return all
}
