package blob

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// ErrNotFound is returned for a key or version that is not there.
var ErrNotFound = errors.New("blob: no such object")

// ErrLocked is returned when a lock or a hold forbids deleting a version, or forbids shortening its lock.
var ErrLocked = errors.New("blob: object version is locked")

// ErrDigest is returned when bytes are not those that were announced or recorded.
var ErrDigest = errors.New("blob: content does not match its digest")

// SHA256 is the digest of an object's bytes.
type SHA256 [32]byte

// An Object is one stored version of a key.
type Object struct {
	Key       string
	Version   string            // the store's own version ID
	Size      int64             // bytes
	SHA256    SHA256            // as recorded when it was put; zero in listings and for objects that were not put by a Store
	MediaType string            // empty in listings
	At        time.Time         // by the store's clock, at least to the second; zero in what Put gives
	Deleted   bool              // a delete marker, in listings
	Metadata  map[string]string // user metadata, keys in lower case; nil in listings
}

// PutOptions describe what is put.
type PutOptions struct {
	MediaType string            // empty means application/octet-stream
	Metadata  map[string]string // values may hold any text; keys are letters, digits and hyphens; 2 KB altogether, where a letter beyond ASCII counts as six bytes or more
	MaxSize   int64             // more bytes than this end in a fault of kind TooLarge and leave nothing behind; 0 means no limit
}

// Store keeps objects. Methods are safe for concurrent use. A store that is away answers with a fault of kind Unavailable;
// a cancelled context with its own error.
type Store interface {
	// Put streams r to a new version of key, computing the SHA-256 on the way and having the store compare what it got.
	// An error leaves no version behind that Open could give. Memory is bounded whatever the size.
	Put(ctx context.Context, key string, r io.Reader, o PutOptions) (Object, error)
	// Open gives the bytes of a version ("" is the newest) to read and seek. The caller closes it.
	Open(ctx context.Context, key, version string) (Reader, error)
	// Stat describes a version ("" is the newest).
	Stat(ctx context.Context, key, version string) (Object, error)
	// Versions lists all versions of all keys with a prefix, delete markers included: keys in the order of their bytes,
	// versions of a key from the newest to the oldest.
	Versions(ctx context.Context, prefix string) iter.Seq2[Object, error]
	// Delete removes one version, or one delete marker, for good. Deleting what is not there is no error. With an empty
	// version nothing is removed: a delete marker becomes the newest version, so that the key reads as absent.
	Delete(ctx context.Context, key, version string) error
	// Hold sets or lifts the legal hold of a version. A store without locks answers with a fault of kind Unsupported.
	Hold(ctx context.Context, key, version string, on bool) error
	// Retain forbids deleting a version before until, which must be to come. It can be set again and extended, not shortened.
	// A store without locks answers with a fault of kind Unsupported.
	Retain(ctx context.Context, key, version string, until time.Time) error
	// Locks says whether the store enforces Hold and Retain itself.
	Locks() bool
}

// A Reader reads an object's bytes. Seeking lets HTTP ranges be served without reading the whole.
type Reader interface {
	io.ReadSeekCloser
	Object() Object
}
