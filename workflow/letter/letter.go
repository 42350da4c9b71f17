package letter

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"time"

	"docket/workflow/thread"

	"github.com/wneessen/go-mail"
)

// LoopHeader names the header field with the installation's ID, by which automatic messages of ours are known when they come back.
const LoopHeader = "X-Docket-Loop"

// Automatic says how a message came to be that nobody wrote, as the field Auto-Submitted has it (RFC 3834, section 5).
type Automatic string

// The ways. The zero value is a message that a person wrote.
const (
	Replied   Automatic = "auto-replied"
	Generated Automatic = "auto-generated"
)

// A Letter is one message. Names, subjects and texts may be anything, such as strangers wrote them; addresses must be plain.
type Letter struct {
	Name        string   // of the sender, beside From
	From        string   // the channel's address
	To, Cc      []string // addresses
	Subject     string
	Number      string   // of the ticket; put into the subject
	Token       string   // see thread.Keys.Token
	Parents     []string // Message-IDs that it answers, the nearest first
	Date        time.Time
	Text        string // as somebody wrote it
	Signature   string // under it; may be empty
	Automatic   Automatic
	Loop        string // the installation's ID, of automatic ones
	Attachments []Attachment
}

// An Attachment is a file that goes with a letter.
type Attachment struct {
	Name      string
	MediaType string
	Write     func(io.Writer) (int64, error) // writes its bytes
}

// MessageID is the letter's own, with angle brackets.
func (l Letter) MessageID() string { return thread.MessageID(l.Token, domainOf(l.From)) }

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// Write writes the letter's bytes. An address that is not plain is an error.
func (l Letter) Write(w io.Writer) error {
	m := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent(),
		mail.WithBoundary("docket-"+l.Token))
	if err := l.address(m); err != nil {
		return err
	}
	m.SetGenHeader(mail.HeaderMessageID, l.MessageID())
	m.SetDateWithValue(l.Date)
	m.SetGenHeader(mail.HeaderSubject, Subject(l.Subject, l.Number))
	if refs := references(l.Parents); len(refs) > 0 {
		m.SetGenHeader(mail.HeaderInReplyTo, refs[len(refs)-1])
		m.SetGenHeader(mail.HeaderReferences, strings.Join(refs, " "))
	}
	if l.Automatic != "" {
		m.SetGenHeader("Auto-Submitted", string(l.Automatic))
		m.SetGenHeader("X-Auto-Response-Suppress", "All")
		m.SetGenHeader("Precedence", "auto_reply")
		m.SetGenHeader(LoopHeader, plain(l.Loop, maxName))
	}
	m.SetBodyString(mail.TypeTextPlain, Body(l.Text, l.Signature, l.Token))
	m.SetAttachments(files(l.Attachments))
	if _, err := m.WriteTo(&unfolded{to: w}); err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	return nil
}

// address sets who it is from and for, and where answers go: the channel's address with the token, if that fits.
// unfolded passes a message on with its Message-ID on the line of its name. The library puts a long one on the next line, as RFC 5322 allows
// and as some programs cannot read.
type unfolded struct {
	to     io.Writer
	header []byte // as long as it has not ended
	ended  bool
}

func (u *unfolded) Write(b []byte) (int, error) {
	if u.ended {
		return u.to.Write(b)
	}
	u.header = append(u.header, b...)
	if !bytes.Contains(u.header, []byte("\r\n\r\n")) {
		return len(b), nil
	}
	u.ended = true
	_, err := u.to.Write(bytes.Replace(u.header, []byte("Message-ID:\r\n <"), []byte("Message-ID: <"), 1))
	return len(b), err
}

func (l Letter) address(m *mail.Msg) error {
	for _, f := range []struct {
		field     mail.AddrHeader
		name      string
		addresses []string
	}{{mail.HeaderFrom, l.Name, []string{l.From}}, {mail.HeaderTo, "", l.To}, {mail.HeaderCc, "", l.Cc}} {
		var all []*netmail.Address
		for _, a := range f.addresses {
			if !plainAddress(a) {
				return fmt.Errorf("%s: %q is no plain address", f.field, a)
			}
			all = append(all, &netmail.Address{Name: displayName(f.name), Address: a})
		}
		if len(all) > 0 {
			m.SetAddrHeaderFromMailAddress(f.field, all...)
		}
	}
	if plus, ok := thread.PlusAddress(l.From, l.Token); ok {
		m.SetAddrHeaderFromMailAddress(mail.HeaderReplyTo, &netmail.Address{Name: displayName(l.Name), Address: plus})
	}
	return nil
}

// files are attachments as the library takes them, with their header fields written here.
func files(all []Attachment) []*mail.File {
	var files []*mail.File
	for _, a := range all {
		name := fileName(a.Name)
		kind, parameters, err := mime.ParseMediaType(a.MediaType)
		if err != nil || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") { // these may not be encoded (RFC 2046, 5.2)
			kind, parameters = "application/octet-stream", map[string]string{}
		}
		parameters["name"] = name
		files = append(files, &mail.File{Name: name, Enc: mail.EncodingB64, Writer: a.Write, Header: textproto.MIMEHeader{
			"Content-Type":              {mime.FormatMediaType(kind, parameters)},
			"Content-Disposition":       {mime.FormatMediaType("attachment", map[string]string{"filename": name})},
			"Content-Transfer-Encoding": {"base64"},
		}})
	}
	return files
}
