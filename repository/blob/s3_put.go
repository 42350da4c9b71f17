package blob

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"docket/repository/fault"

	"github.com/google/uuid"
	"github.com/minio/minio-go/v7"
)

// Names of our own user metadata. They are not shown in Object.Metadata.
const (
	metaDigest = "docket-sha256" // hexadecimal
	metaPut    = "docket-put"    // names one call of Put, to find what it left when the answer was lost
)

const (
	// singlePut is the largest object sent in one request. Larger ones go in parts, so that a broken connection costs a part.
	singlePut = 64 << 20
	partSize  = 16 << 20
	maxParts  = 10_000 // S3's limit
)

// Put implements Store.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, o PutOptions) (Object, error) {
	content, err := fill(ctx, r, o.MaxSize, s.config.Spool)
	if err != nil {
		return Object{}, fmt.Errorf("put %s: %w", key, err)
	}
	defer content.close()
	id := uuid.NewString()
	options := putOptions(o, content.sha256, id)
	version, err := s.send(ctx, key, content, options)
	if err != nil {
		err = s.explain(ctx, err, "put "+key)
		return Object{}, errors.Join(err, s.takeBack(ctx, key, id, err))
	}
	return Object{Key: key, Version: version, Size: content.size, SHA256: content.sha256, MediaType: mediaType(o),
		Metadata: lowerKeys(o.Metadata)}, nil
}

func putOptions(o PutOptions, digest SHA256, id string) minio.PutObjectOptions {
	meta := map[string]string{metaDigest: hex.EncodeToString(digest[:]), metaPut: id}
	for k, v := range o.Metadata {
		meta[strings.ToLower(k)] = escape(v)
	}
	return minio.PutObjectOptions{UserMetadata: meta, ContentType: mediaType(o), DisableContentSha256: true}
}

// escape makes a metadata value that every store keeps as it is: printable ASCII, the rest as %XX.
func escape(v string) string { return url.PathEscape(v) }

func unescape(v string) string {
	if plain, err := url.PathUnescape(v); err == nil {
		return plain
	}
	return v
}

// send uploads content and gives the new version's ID.
func (s *S3) send(ctx context.Context, key string, content *spool, o minio.PutObjectOptions) (string, error) {
	if content.size > singlePut {
		return s.sendParts(ctx, key, content, o)
	}
	// The checksum header makes stores that know it keep the digest with the object.
	o.UserMetadata["x-amz-checksum-sha256"] = base64.StdEncoding.EncodeToString(content.sha256[:])
	body := io.NewSectionReader(content, 0, content.size)
	info, err := s.core.PutObject(ctx, s.config.Bucket, key, body, content.size, "", hex.EncodeToString(content.sha256[:]), o)
	if err != nil {
		return "", err
	}
	if sum := info.ChecksumSHA256; sum != "" && sum != o.UserMetadata["x-amz-checksum-sha256"] {
		return "", fmt.Errorf("%w: the store got %s", ErrDigest, sum)
	}
	return info.VersionID, needVersion(info.VersionID)
}

func needVersion(id string) error {
	if id == "" || id == "null" {
		return fault.New(fault.Unsupported, "The object store keeps no versions any more. Turn versioning on for the bucket again.")
	}
	return nil
}

// sendParts uploads content in parts, each verified by the store, and compares the size of the whole.
func (s *S3) sendParts(ctx context.Context, key string, content *spool, o minio.PutObjectOptions) (string, error) {
	upload, err := s.core.NewMultipartUpload(ctx, s.config.Bucket, key, o)
	if err != nil {
		return "", err
	}
	version, err := s.completeParts(ctx, key, upload, content)
	if err != nil {
		quick, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		// What was uploaded is no version. When this fails too the store's own rules remove it.
		_ = s.core.AbortMultipartUpload(quick, s.config.Bucket, key, upload)
		return "", err
	}
	return version, nil
}

func (s *S3) completeParts(ctx context.Context, key, upload string, content *spool) (string, error) {
	var parts []minio.CompletePart
	size := max(partSize, (content.size+maxParts-1)/maxParts)
	for at := int64(0); at < content.size; at += size {
		part, err := s.sendPart(ctx, key, upload, len(parts)+1, io.NewSectionReader(content, at, min(size, content.size-at)))
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	info, err := s.core.CompleteMultipartUpload(ctx, s.config.Bucket, key, upload, parts, minio.PutObjectOptions{})
	if err != nil {
		return "", err
	}
	if err := needVersion(info.VersionID); err != nil {
		return "", err
	}
	stored, err := s.core.StatObject(ctx, s.config.Bucket, key, minio.StatObjectOptions{VersionID: info.VersionID})
	if err == nil && stored.Size != content.size {
		err = fmt.Errorf("%w: the store has %d bytes of %d", ErrDigest, stored.Size, content.size)
	}
	return info.VersionID, err
}

func (s *S3) sendPart(ctx context.Context, key, upload string, number int, part *io.SectionReader) (minio.CompletePart, error) {
	digest := sha256.New()
	if _, err := io.Copy(digest, part); err != nil {
		return minio.CompletePart{}, err
	}
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return minio.CompletePart{}, err
	}
	sent, err := s.core.PutObjectPart(ctx, s.config.Bucket, key, upload, number, part, part.Size(),
		minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(digest.Sum(nil)), DisableContentSha256: true})
	return minio.CompletePart{PartNumber: number, ETag: sent.ETag}, err
}

// takeBack removes the version that a failed put may have left: the store can have kept the bytes although its answer never
// came. A version that cannot be found now, because the store is away, stays as a stray for the sweep.
func (s *S3) takeBack(ctx context.Context, key, id string, why error) error {
	if dial, ok := errors.AsType[*net.OpError](why); ok && dial.Op == "dial" || fault.Is(why, fault.Denied) {
		return nil // it never got there
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for o, err := range s.Versions(ctx, key) {
		if err != nil {
			return nil
		}
		if o.Key != key || o.Deleted {
			continue
		}
		info, err := s.core.StatObject(ctx, s.config.Bucket, key, minio.StatObjectOptions{VersionID: o.Version})
		if err == nil && metadata(info)[metaPut] == id {
			return s.Delete(ctx, key, o.Version)
		}
	}
	return nil
}

// RemoveUnfinished removes what was uploaded of puts that began before a time and never ended, because the process was killed
// in the middle. It gives how many there were. They are no versions and cannot be read, but they use space.
func (s *S3) RemoveUnfinished(ctx context.Context, before time.Time) (int, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	n := 0
	for u := range s.core.ListIncompleteUploads(ctx, s.config.Bucket, "", true) {
		if u.Err != nil {
			return n, s.explain(ctx, u.Err, "list unfinished puts")
		}
		if !u.Initiated.Before(before) {
			continue
		}
		if err := s.core.AbortMultipartUpload(ctx, s.config.Bucket, u.Key, u.UploadID); err != nil && codeOf(err) != "NoSuchUpload" {
			return n, s.explain(ctx, err, "remove the unfinished put of "+u.Key)
		}
		n++
	}
	return n, nil
}
