package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"docket/capture/mail"
	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// Bounds of importing.
const (
	importWorkers = 4       // messages that are handed in at the same time
	importHeld    = 1 << 20 // bytes of a message that are held for that; of a larger one the rest is read from its file, by one at a time
	mostProblems  = 1000    // that are kept to be told
)

// An Importer brings in messages that lie in files. What an Importer with the same Source brought in before, whole or until it was
// killed, it knows and passes over, without storing it again. It is used once; Progress may be asked at any time.
type Importer struct {
	Intake  *Intake
	Source  string    // of the pieces
	Channel uuid.UUID // by which they are taken to have come; zero for none
	By      journal.Actor
	Files   []mail.File
	Archive bool // the messages were settled elsewhere: see ArchiveProtocol

	known importOrigins
	mu    sync.Mutex
	so    Imported
}

// Imported is how far an import is.
type Imported struct {
	Messages   int      `json:"messages"`   // that were looked at
	New        int      `json:"new"`        // of these, now documents
	Duplicates int      `json:"duplicates"` // of these, other copies of a message that is a document already
	Already    int      `json:"already"`    // of these, brought in by an import before
	Refused    int      `json:"refused"`    // of these, over the limit of size: in the ledger, not stored
	Files      int      `json:"files"`      // that were looked at
	Bytes      int64    `json:"bytes"`      // of them
	Total      int64    `json:"total"`      // bytes of all files
	Problems   []string `json:"problems,omitempty"`
}

// Progress is how far the import is now. Safe for concurrent use.
func (m *Importer) Progress() Imported {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.so
}

// Run imports all files. A file that cannot be read is a problem and keeps nothing from the others. The error says why the import
// could not go on; one that is run again goes on.
func (m *Importer) Run(ctx context.Context) (err error) {
	m.Source = cleanName(m.Source)
	m.mu.Lock()
	for _, f := range m.Files {
		m.so.Total += f.Size
	}
	m.mu.Unlock()
	if m.known, err = loadOrigins(ctx, m.Intake.Pool, m.Source); err != nil {
		return err
	}
	found := make(chan foundMessage)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(found)
		return m.find(ctx, found)
	})
	for range importWorkers {
		g.Go(func() error {
			for f := range found {
				if err := m.handIn(ctx, f); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

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

// handIn takes one message through the door.
func (m *Importer) handIn(ctx context.Context, f foundMessage) error {
	if f.done != nil {
		defer f.done()
	}
	d := &Delivery{Protocol: ImportProtocol}
	if m.Archive {
		d.Protocol = ArchiveProtocol
	}
	if m.Channel != uuid.Nil {
		d.Channels = []uuid.UUID{m.Channel}
	}
	p, err := m.Intake.Receive(ctx, Item{Source: m.Source, Origin: f.origin, Name: f.name, By: m.By, ReceivedAt: f.at, Mail: d, Content: f.raw})
	if err != nil {
		return err
	}
	m.count(func(so *Imported) {
		switch p.State {
		case Duplicate:
			so.Duplicates++
		case Rejected:
			so.Refused++
		default:
			so.New++
		}
	})
	return nil
}

// count counts a message.
func (m *Importer) count(as func(*Imported)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.so.Messages++
	as(&m.so)
}

func (m *Importer) problem(f mail.File, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.so.Problems) < mostProblems {
		m.so.Problems = append(m.so.Problems, fmt.Sprintf("%s: %s", f.Path, problemOf(err)))
	}
}

func problemOf(err error) string {
	var f *fault.Error
	var path *os.PathError
	switch {
	case errors.As(err, &f):
		return fault.Sentence(err)
	case errors.As(err, &path):
		return "It could not be read: " + path.Err.Error() + "."
	}
	return "It could not be read to its end."
}
