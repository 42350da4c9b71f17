package repository

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"

	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/postgres"
)

// Content is bytes that are stored but not yet anybody's version.
type Content struct {
	Name      string
	MediaType string // sniffed from the bytes
	Size      int64
	SHA256    blob.SHA256
	Object    string // the store's version ID
}

// contentKey is the one key of a document's bytes; its versions are the store's versions.
func contentKey(id DocumentID) string { return "documents/" + id.String() + "/content" }

// sniffed is how many bytes the media type is recognised from.
const sniffed = 8 << 10

// PutContent streams r to the store as version number of a document; the blob store takes the SHA-256 on the way and sees that
// what arrived has it. maxSize bounds the bytes (0: no limit). The version exists only once Add or Revise has committed its row; until then Discard takes the bytes back.
func (s *Store) PutContent(ctx context.Context, id DocumentID, number int, name string, r io.Reader, maxSize int64) (Content, error) {
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Content{}, fmt.Errorf("receive %q: %w", name, err)
	}
	media := mediaType(name, head[:n])
	object, err := s.blobs.Put(ctx, contentKey(id), io.MultiReader(bytes.NewReader(head[:n]), r), blob.PutOptions{
		MediaType: media,
		MaxSize:   maxSize,
		Metadata:  map[string]string{"docket-number": strconv.Itoa(number), "docket-name": encodeName(name)},
	})
	if err != nil {
		return Content{}, fmt.Errorf("store %q: %w", name, err)
	}
	return Content{Name: name, MediaType: media, Size: object.Size, SHA256: object.SHA256, Object: object.Version}, nil
}

// encodeName makes any file name fit for an S3 metadata value, which is US-ASCII.
func encodeName(name string) string {
	quoted := strconv.QuoteToASCII(name)
	return quoted[1:min(len(quoted)-1, 1000)]
}

// Discard removes bytes for which no row was or will be written.
func (s *Store) Discard(ctx context.Context, id DocumentID, c Content) error {
	return s.blobs.Delete(context.WithoutCancel(ctx), contentKey(id), c.Object)
}

// Open gives a version's bytes. Read from the start to the end, they are compared with the recorded size and digest, and a
// difference is an error in place of io.EOF: nobody works on damaged content without being told. After a Seek there is no
// such comparison.
func (s *Store) Open(ctx context.Context, v Version) (blob.Reader, error) {
	return s.open(ctx, contentKey(v.Document), v.Object, v.SHA256, v.Size)
}

// Layout reads the words of a page with their places. A page without a layout is a fault of kind NotFound.
func (s *Store) Layout(ctx context.Context, q postgres.Querier, id DocumentID, version, page int) (l Layout, err error) {
	r, err := s.Rendition(ctx, q, id, version, PageLayout, page)
	if err != nil {
		return l, err
	}
	return s.ReadLayout(ctx, r)
}

// ReadLayout reads the words that a rendition of kind [PageLayout] holds. Bytes that are gone are a fault of kind NotFound.
func (s *Store) ReadLayout(ctx context.Context, r Rendition) (l Layout, err error) {
	body, err := s.OpenRendition(ctx, r)
	if err != nil {
		return l, err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(&l); err != nil {
		return l, fmt.Errorf("layout of page %d of %s: %w", r.Page, r.Document, err)
	}
	return l, nil
}

// OpenRendition is Open for a rendition.
func (s *Store) OpenRendition(ctx context.Context, r Rendition) (blob.Reader, error) {
	return s.open(ctx, r.Key, r.Object, r.SHA256, r.Size)
}

func (s *Store) open(ctx context.Context, key, object string, sum blob.SHA256, size int64) (blob.Reader, error) {
	r, err := s.blobs.Open(ctx, key, object)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, fault.Wrap(err, fault.NotFound, "The stored content is missing from the object store.")
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	return &verified{Reader: r, digest: sha256.New(), want: sum, size: size}, nil
}

// verified compares what is read in sequence with what was recorded.
type verified struct {
	blob.Reader
	digest hash.Hash // nil once the reading is no longer in sequence
	read   int64
	want   blob.SHA256
	size   int64
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.Reader.Read(p)
	if v.digest == nil {
		return n, err
	}
	v.digest.Write(p[:n])
	v.read += int64(n)
	if errors.Is(err, io.EOF) && (v.read != v.size || !bytes.Equal(v.digest.Sum(nil), v.want[:])) {
		return n, fmt.Errorf("%s: %w", v.Object().Key, blob.ErrDigest)
	}
	return n, err
}

func (v *verified) Seek(offset int64, whence int) (int64, error) {
	n, err := v.Reader.Seek(offset, whence)
	if err == nil && n == 0 {
		v.digest, v.read = sha256.New(), 0
	} else {
		v.digest = nil
	}
	return n, err
}
