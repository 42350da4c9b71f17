package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/minio/minio-go/v7"
)

// Open implements Store. It asks for the whole at once: a reader that seeks before reading pays a second request.
func (s *S3) Open(ctx context.Context, key, version string) (Reader, error) {
	body, info, _, err := s.core.GetObject(ctx, s.config.Bucket, key, minio.GetObjectOptions{VersionID: version})
	if err != nil {
		return nil, s.missing(ctx, err, version, "open "+key)
	}
	return &s3Reader{ctx: ctx, store: s, object: object(key, info), body: body}, nil
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key, version string) (Object, error) {
	info, err := s.core.StatObject(ctx, s.config.Bucket, key, minio.StatObjectOptions{VersionID: version})
	if err != nil {
		return Object{}, s.missing(ctx, err, version, "stat "+key)
	}
	return object(key, info), nil
}

// object is what the headers of an answer say.
func object(key string, info minio.ObjectInfo) Object {
	meta := metadata(info)
	o := Object{Key: key, Version: info.VersionID, Size: info.Size, MediaType: info.ContentType, At: info.LastModified.UTC(),
		Metadata: map[string]string{}}
	if digest, err := hex.DecodeString(meta[metaDigest]); err == nil && len(digest) == len(o.SHA256) {
		o.SHA256 = SHA256(digest)
	}
	for k, v := range meta {
		if k != metaDigest && k != metaPut {
			o.Metadata[k] = unescape(v)
		}
	}
	return o
}

func metadata(info minio.ObjectInfo) map[string]string { return lowerKeys(info.UserMetadata) }

// Versions implements Store.
func (s *S3) Versions(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		options := minio.ListObjectsOptions{Prefix: prefix, Recursive: true, WithVersions: true}
		for info := range s.core.ListObjectsIter(ctx, s.config.Bucket, options) {
			if info.Err != nil {
				yield(Object{}, s.explain(ctx, info.Err, "list "+prefix))
				return
			}
			o := Object{Key: info.Key, Version: info.VersionID, Size: info.Size, At: info.LastModified.UTC(), Deleted: info.IsDeleteMarker}
			if !yield(o, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Object{}, fmt.Errorf("list %s: %w", prefix, err))
		}
	}
}

// An s3Reader reads one version. Its body, when it has one, continues at at.
type s3Reader struct {
	ctx    context.Context
	store  *S3
	object Object
	body   io.ReadCloser
	at     int64 // where body continues
	wanted int64 // where the next Read shall start
}

// Object implements Reader.
func (r *s3Reader) Object() Object { return r.object }

// Read implements io.Reader.
func (r *s3Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if r.wanted >= r.object.Size {
		return 0, io.EOF
	}
	if err := r.ready(); err != nil {
		return 0, err
	}
	n, err := r.body.Read(p)
	r.at += int64(n)
	r.wanted = r.at
	switch {
	case err == io.EOF && r.at < r.object.Size:
		return n, r.store.explain(r.ctx, io.ErrUnexpectedEOF, "read "+r.object.Key)
	case err != nil && err != io.EOF:
		return n, r.store.explain(r.ctx, err, "read "+r.object.Key)
	}
	return n, err
}

// ready makes body continue at wanted.
func (r *s3Reader) ready() error {
	if r.body != nil && r.at == r.wanted {
		return nil
	}
	if err := r.Close(); err != nil {
		return err
	}
	o := minio.GetObjectOptions{VersionID: r.object.Version}
	if err := o.SetRange(r.wanted, r.object.Size-1); err != nil {
		return err
	}
	body, _, _, err := r.store.core.GetObject(r.ctx, r.store.config.Bucket, r.object.Key, o)
	if err != nil {
		return r.store.missing(r.ctx, err, r.object.Version, "read "+r.object.Key)
	}
	r.body, r.at = body, r.wanted
	return nil
}

// Seek implements io.Seeker. It does nothing until the next Read.
func (r *s3Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.wanted
	case io.SeekEnd:
		offset += r.object.Size
	}
	if offset < 0 {
		return 0, errors.New("blob: seek before the start")
	}
	r.wanted = offset
	return offset, nil
}

// Close implements io.Closer.
func (r *s3Reader) Close() error {
	if r.body == nil {
		return nil
	}
	body := r.body
	r.body = nil
	// An error of closing a response body says nothing about what was read.
	if err := body.Close(); err != nil && !strings.Contains(err.Error(), "closed") {
		return r.store.explain(r.ctx, err, "close "+r.object.Key)
	}
	return nil
}
