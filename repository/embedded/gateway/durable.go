package gateway

import (
	"context"
	"os"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3response"
)

// durable is a backend whose changes are on the disk before they are acknowledged.
type durable struct {
	backend.Backend
	flusher *flusher
}

// PutObject implements backend.Backend.
func (d durable) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	out, err := d.Backend.PutObject(ctx, in)
	return out, d.flushed(err)
}

// CompleteMultipartUpload implements backend.Backend.
func (d durable) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	out, version, err := d.Backend.CompleteMultipartUpload(ctx, in)
	return out, version, d.flushed(err)
}

// DeleteObject implements backend.Backend: what was destroyed stays destroyed.
func (d durable) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	out, err := d.Backend.DeleteObject(ctx, in)
	return out, d.flushed(err)
}

// PutObjectRetention implements backend.Backend.
func (d durable) PutObjectRetention(ctx context.Context, bucket, object, version string, retention []byte) error {
	return d.flushed(d.Backend.PutObjectRetention(ctx, bucket, object, version, retention))
}

// PutObjectLegalHold implements backend.Backend.
func (d durable) PutObjectLegalHold(ctx context.Context, bucket, object, version string, status bool) error {
	return d.flushed(d.Backend.PutObjectLegalHold(ctx, bucket, object, version, status))
}

func (d durable) flushed(err error) error {
	if err != nil {
		return err
	}
	return d.flusher.flush()
}

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
