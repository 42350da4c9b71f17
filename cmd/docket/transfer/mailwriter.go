package transfer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"docket/capture/mail"
	"docket/repository"
)

// Names of the files of an export of messages.
const (
	mailManifest = "manifest.jsonl"
	mailbox      = "messages.mbox"
	mailFolder   = "messages"
)

// A MailLine is one line of the manifest of exported messages: which document a message is, what it says of itself, and where it lies.
type MailLine struct {
	Document  repository.DocumentID `json:"document"`
	Version   int                   `json:"version"`
	SHA256    string                `json:"sha256"` // of the version, byte for byte as it was received
	Size      int64                 `json:"size"`
	MessageID string                `json:"message_id"` // as written; empty where it has none
	Subject   string                `json:"subject"`
	From      string                `json:"from"`
	To        string                `json:"to"`
	Date      string                `json:"date"`     // as written
	Received  time.Time             `json:"received"` // when the house had it
	Ticket    string                `json:"ticket,omitempty"`
	File      string                `json:"file"`                // below the export's folder
	Offset    int64                 `json:"offset"`              // where the message begins in it
	Length    int64                 `json:"length"`              // there
	Rewritten bool                  `json:"rewritten,omitempty"` // it is a file of Outlook's, and stands here as a message: the digest is that of the file
}

// errMailWrite says that the export itself could not be written, so that it makes no sense to go on.
var errMailWrite = errors.New("write the export")

// A mailWriter writes messages, and what they are into the manifest.
type mailWriter struct {
	dir      string
	manifest *os.File
	lines    *bufio.Writer
	box      *os.File // nil where each message has a file
	buffer   *bufio.Writer
	at       int64 // bytes in box
}

func newMailWriter(dir string, single bool) (*mailWriter, error) {
	w := &mailWriter{dir: dir}
	var err error
	if w.manifest, err = os.Create(filepath.Join(dir, mailManifest)); err != nil {
		return nil, err
	}
	w.lines = bufio.NewWriter(w.manifest)
	if single {
		return w, os.Mkdir(filepath.Join(dir, mailFolder), 0o750)
	}
	if w.box, err = os.Create(filepath.Join(dir, mailbox)); err != nil {
		return nil, errors.Join(err, w.manifest.Close())
	}
	w.buffer = bufio.NewWriterSize(w.box, 1<<20)
	return w, nil
}

func (w *mailWriter) close() error {
	err := w.lines.Flush()
	if w.box != nil {
		err = errors.Join(err, w.buffer.Flush(), w.box.Sync(), w.box.Close())
	}
	return errors.Join(err, w.manifest.Sync(), w.manifest.Close())
}

// mailHead is how much of a message is looked through for its header.
const mailHead = 256 << 10

// outlookMark begins the files that Outlook saves.
var outlookMark = []byte("\xd0\xcf\x11\xe0")

// add writes one message. Its content is compared with the recorded digest on the way.
func (w *mailWriter) add(m storedMessage, content io.Reader) error {
	in := bufio.NewReaderSize(content, mailHead)
	head, err := in.Peek(mailHead)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	l := MailLine{Document: m.version.Document, Version: m.version.Number, SHA256: fmt.Sprintf("%x", m.version.SHA256), Size: m.version.Size,
		Received: m.received, Ticket: m.ticket}
	var message io.Reader = in
	outlook := bytes.HasPrefix(head, outlookMark)
	if outlook {
		file, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		message = bytes.NewReader(file)
		rewritten, err := mail.FromOutlook(bytes.NewReader(file), int64(len(file)))
		if err != nil && w.box != nil {
			return err
		}
		head = rewritten[:min(len(rewritten), mailHead)]
		if w.box != nil {
			message, l.Rewritten = bytes.NewReader(rewritten), true
		}
	}
	l.describe(mail.HeaderOf(head))
	from := m.from
	if from == "" {
		if all := mail.Addresses(l.From); len(all) > 0 {
			from = all[0].Address
		}
	}
	if w.box == nil {
		err = w.file(&l, outlook, message)
	} else {
		err = w.mailbox(&l, from, message)
	}
	if err != nil {
		return err
	}
	line, err := json.Marshal(l)
	if err == nil {
		_, err = w.lines.Write(append(line, '\n'))
	}
	return writing(err)
}

func writing(err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(errMailWrite, err)
}

func (l *MailLine) describe(h mail.Header) {
	l.MessageID, l.Subject, l.From, l.To, l.Date = h.Get("Message-ID"), h.Get("Subject"), h.Get("From"), h.Get("To"), h.Get("Date")
}

// mailbox puts a message behind the others. One that cannot be read to its end is taken back.
func (w *mailWriter) mailbox(l *MailLine, from string, message io.Reader) error {
	source := &noted{Reader: message}
	begins, length, err := mail.WriteMbox(w.buffer, from, l.Received, source)
	if err := w.buffer.Flush(); err != nil {
		return writing(err)
	}
	if source.err != nil {
		_, seek := w.box.Seek(w.at, io.SeekStart)
		return errors.Join(source.err, writing(errors.Join(w.box.Truncate(w.at), seek)))
	}
	if err != nil {
		return writing(err)
	}
	l.File, l.Offset, l.Length = mailbox, w.at+begins, length
	w.at, err = w.box.Seek(0, io.SeekCurrent)
	return writing(err)
}

// file writes a message into a file of its own.
func (w *mailWriter) file(l *MailLine, outlook bool, message io.Reader) error {
	ending := ".eml"
	if outlook {
		ending = ".msg"
	}
	l.File = mailFolder + "/" + l.Document.String() + ending
	path := filepath.Join(w.dir, l.File)
	f, err := os.Create(path)
	if err != nil {
		return writing(err)
	}
	source := &noted{Reader: message}
	l.Length, err = io.Copy(f, source)
	closed := f.Close()
	if source.err != nil {
		return errors.Join(source.err, os.Remove(path))
	}
	return writing(errors.Join(err, closed))
}

// noted keeps the error of reading, to tell it from one of writing.
type noted struct {
	io.Reader
	err error
}

// Read reads on.
func (n *noted) Read(p []byte) (int, error) {
	c, err := n.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return c, err
}
