package gateway

import (
	"os"
	"sync"
)

// A flusher writes a file system's changes to the disk. Callers that come while it writes share the next round: their changes
// may have come too late for this one.
type flusher struct {
	sync func() error

	turn sync.Mutex // held by the round that writes
	mu   sync.Mutex
	next *round // the round that has not begun to write, nil when there is none
}

type round struct {
	done chan struct{}
	err  error
}

// newFlusher makes a flusher for the file system of folder.
func newFlusher(folder string) (*flusher, error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	return &flusher{sync: func() error { return syncFileSystem(f) }}, nil
}

// flush returns when all that was written before the call is on the disk.
func (f *flusher) flush() error {
	f.mu.Lock()
	r := f.next
	if r == nil {
		r = &round{done: make(chan struct{})}
		f.next = r
		go f.run(r)
	}
	f.mu.Unlock()
	<-r.done
	return r.err
}

func (f *flusher) run(r *round) {
	f.turn.Lock()
	f.mu.Lock()
	f.next = nil
	f.mu.Unlock()
	r.err = f.sync()
	f.turn.Unlock()
	close(r.done)
}
