package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

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
