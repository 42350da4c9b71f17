package capture

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"docket/capture/mail"
)

// A foundMessage is a message on its way to the door.
type foundMessage struct {
	origin string
	name   string
	at     time.Time // of receipt
	raw    io.Reader
	done   func()
}

// find reads the files in their order.
func (m *Importer) find(ctx context.Context, found chan<- foundMessage) error {
	for _, f := range m.Files {
		var before int64
		if err := m.open(ctx, f, &before, found); errors.Is(err, errNotRead) {
			m.problem(f, err)
		} else if err != nil {
			return err
		}
		m.mu.Lock()
		m.so.Files++
		m.so.Bytes += f.Size - before
		m.mu.Unlock()
	}
	return nil
}

// errNotRead says that a file could not be read, at least not to its end.
var errNotRead = errors.New("the file could not be read")

func notRead(err error) error { return errors.Join(errNotRead, err) }

// open finds the messages of one file. told is how many of its bytes were counted as looked at.
func (m *Importer) open(ctx context.Context, f mail.File, told *int64, found chan<- foundMessage) error {
	file, err := os.Open(f.Path)
	if err != nil {
		return notRead(err)
	}
	defer file.Close()
	switch f.Kind {
	case mail.Mailbox:
		var stopped error
		err := mail.ReadMbox(file, func(at int64, raw io.Reader) error {
			stopped = m.message(ctx, f, at, raw, found)
			m.mu.Lock()
			m.so.Bytes += at - *told
			m.mu.Unlock()
			*told = at
			return stopped
		})
		if err != nil && stopped == nil {
			err = notRead(err)
		}
		return err
	case mail.Outlook:
		return m.outlook(ctx, f, file, found)
	}
	return m.message(ctx, f, f.Size, file, found)
}

// message hands one message on unless it is known. at is the place in the file, and of a file that is one message its size. What it does not hold of the message is read before it returns.
func (m *Importer) message(ctx context.Context, f mail.File, at int64, raw io.Reader, found chan<- foundMessage) error {
	head, err := readUpTo(raw, nil, importMark)
	if err != nil {
		return notRead(err)
	}
	origin := importOrigin(f.Name, at, head)
	if m.known.has(origin) {
		m.count(func(so *Imported) { so.Already++ })
		return nil
	}
	held, err := readUpTo(raw, head, importHeld)
	if err != nil {
		return notRead(err)
	}
	item := foundMessage{origin: origin, name: messageName(held[:min(len(held), maxPeek)]),
		at: mail.ReceivedAt(held[:min(len(held), maxHead)], time.Now()), raw: bytes.NewReader(held)}
	if len(held) == importHeld {
		item.raw = io.MultiReader(item.raw, raw)
		return handOnAndWait(ctx, item, found)
	}
	return handOn(ctx, item, found)
}

// outlook hands a message of Outlook's on, as it is.
func (m *Importer) outlook(ctx context.Context, f mail.File, file *os.File, found chan<- foundMessage) error {
	head, err := readUpTo(file, nil, importMark)
	if err != nil {
		return notRead(err)
	}
	item := foundMessage{origin: importOrigin(f.Name, f.Size, head), name: filepath.Base(f.Path), at: time.Now(), raw: file}
	if m.known.has(item.origin) {
		m.count(func(so *Imported) { so.Already++ })
		return nil
	}
	if inside, err := mail.FromOutlook(file, f.Size); err == nil { // one that is damaged is stored all the same
		item.at = mail.ReceivedAt(inside[:min(len(inside), maxHead)], item.at)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return notRead(err)
	}
	return handOnAndWait(ctx, item, found)
}

func handOn(ctx context.Context, item foundMessage, found chan<- foundMessage) error {
	select {
	case found <- item:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// handOnAndWait hands a message on of which something has yet to be read, and waits until that is done.
func handOnAndWait(ctx context.Context, item foundMessage, found chan<- foundMessage) error {
	read := make(chan struct{})
	item.done = func() { close(read) }
	if err := handOn(ctx, item, found); err != nil {
		return err
	}
	<-read // also when ctx has ended: the file is not to be closed under whoever reads it
	return nil
}
