package gateway

import (
	"context"
	"hash/maphash"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3response"
)

// durable is a backend whose changes are on the disk before they are acknowledged, and which changes one key by one request at a
// time. The second matters where attributes lie in files of their own: there a reader could see the bytes of one version with
// the digest of the next.
type durable struct {
	backend.Backend
	flusher *flusher
	locks   *keyLocks
}

// PutObject implements backend.Backend.
func (d durable) PutObject(ctx context.Context, in s3response.PutObjectInput) (out s3response.PutObjectOutput, err error) {
	err = d.change(in.Key, func() error {
		out, err = d.Backend.PutObject(ctx, in)
		return err
	})
	return out, err
}

// CompleteMultipartUpload implements backend.Backend.
func (d durable) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (out s3response.CompleteMultipartUploadResult, version string, err error) {
	err = d.change(in.Key, func() error {
		out, version, err = d.Backend.CompleteMultipartUpload(ctx, in)
		return err
	})
	return out, version, err
}

// DeleteObject implements backend.Backend: what was destroyed stays destroyed.
func (d durable) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (out *s3.DeleteObjectOutput, err error) {
	err = d.change(in.Key, func() error {
		out, err = d.Backend.DeleteObject(ctx, in)
		return err
	})
	return out, err
}

// PutObjectRetention implements backend.Backend.
func (d durable) PutObjectRetention(ctx context.Context, bucket, object, version string, retention []byte) error {
	return d.change(&object, func() error { return d.Backend.PutObjectRetention(ctx, bucket, object, version, retention) })
}

// PutObjectLegalHold implements backend.Backend.
func (d durable) PutObjectLegalHold(ctx context.Context, bucket, object, version string, status bool) error {
	return d.change(&object, func() error { return d.Backend.PutObjectLegalHold(ctx, bucket, object, version, status) })
}

// GetObject implements backend.Backend. What it gives is an open file, which later changes leave alone.
func (d durable) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	l := d.locks.of(in.Key)
	l.RLock()
	defer l.RUnlock()
	return d.Backend.GetObject(ctx, in)
}

// HeadObject implements backend.Backend.
func (d durable) HeadObject(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	l := d.locks.of(in.Key)
	l.RLock()
	defer l.RUnlock()
	return d.Backend.HeadObject(ctx, in)
}

// change runs f alone on key and flushes what it did. The lock is free during the flush.
func (d durable) change(key *string, f func() error) error {
	l := d.locks.of(key)
	l.Lock()
	err := f()
	l.Unlock()
	if err != nil {
		return err
	}
	return d.flusher.flush()
}

// keyLocks are locks for keys. Keys that share one only wait a little more than they must.
type keyLocks struct {
	seed    maphash.Seed
	stripes [256]sync.RWMutex
}

func newKeyLocks() *keyLocks { return &keyLocks{seed: maphash.MakeSeed()} }

// of is the lock of a key; nil, as a malformed request has it, is a key as well.
func (k *keyLocks) of(key *string) *sync.RWMutex {
	name := ""
	if key != nil {
		name = *key
	}
	return &k.stripes[maphash.String(k.seed, name)%uint64(len(k.stripes))]
}
