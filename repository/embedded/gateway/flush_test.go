package gateway

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

// TestFlushCoversWhatWasWrittenBefore checks with many callers that each flush begins after its call.
func TestFlushCoversWhatWasWrittenBefore(t *testing.T) {
	t.Parallel()
	var written, flushed atomic.Int64
	f := &flusher{sync: func() error {
		flushed.Store(written.Load())
		return nil
	}}
	const callers, each = 16, 200
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for range each {
				mine := written.Add(1)
				if err := f.flush(); err != nil {
					t.Error(err)
				}
				if done := flushed.Load(); done < mine {
					t.Errorf("write %d was acknowledged when %d were flushed", mine, done)
				}
			}
		})
	}
	all.Wait()
}

func TestFlushPassesItsErrorToAllOfTheRound(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	f := &flusher{sync: func() error { return full }}
	for range 3 {
		if err := f.flush(); !errors.Is(err, full) {
			t.Errorf("got %v", err)
		}
	}
}
