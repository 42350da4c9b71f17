package blob

import (
	"context"
	"fmt"
	"time"

	"docket/repository/fault"

	"github.com/minio/minio-go/v7"
)

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key, version string) error {
	err := s.core.RemoveObject(ctx, s.config.Bucket, key, minio.RemoveObjectOptions{VersionID: version})
	switch codeOf(err) {
	case "NoSuchKey", "NoSuchVersion", "InvalidArgument", "InvalidVersionId":
		return nil
	case "ObjectLocked", "AccessDenied", "InvalidRequest", "MethodNotAllowed":
		if version != "" && s.locked(ctx, key, version) {
			return fmt.Errorf("delete %s: %w", key, ErrLocked)
		}
	}
	return s.explain(ctx, err, "delete "+key)
}

// locked says whether a version is on hold or retained. S3 refuses to delete such a version in the same words as one that the
// credentials do not allow.
func (s *S3) locked(ctx context.Context, key, version string) bool {
	hold, err := s.core.GetObjectLegalHold(ctx, s.config.Bucket, key, minio.GetObjectLegalHoldOptions{VersionID: version})
	if err == nil && hold != nil && *hold == minio.LegalHoldEnabled {
		return true
	}
	_, until, err := s.core.GetObjectRetention(ctx, s.config.Bucket, key, version)
	return err == nil && until != nil && until.After(time.Now())
}

// Hold implements Store.
func (s *S3) Hold(ctx context.Context, key, version string, on bool) error {
	if err := s.needLocks(); err != nil {
		return err
	}
	status := minio.LegalHoldDisabled
	if on {
		status = minio.LegalHoldEnabled
	}
	err := s.core.PutObjectLegalHold(ctx, s.config.Bucket, key, minio.PutObjectLegalHoldOptions{VersionID: version, Status: &status})
	return s.missing(ctx, err, version, "hold "+key)
}

// Retain implements Store.
func (s *S3) Retain(ctx context.Context, key, version string, until time.Time) error {
	if err := s.needLocks(); err != nil {
		return err
	}
	mode := minio.Compliance
	if s.config.Governance {
		mode = minio.Governance
	}
	until = until.UTC()
	err := s.core.PutObjectRetention(ctx, s.config.Bucket, key, minio.PutObjectRetentionOptions{VersionID: version, Mode: &mode, RetainUntilDate: &until})
	switch codeOf(err) {
	case "ObjectLocked", "AccessDenied", "InvalidRequest":
		if s.locked(ctx, key, version) {
			return fmt.Errorf("retain %s: %w", key, ErrLocked)
		}
	}
	return s.missing(ctx, err, version, "retain "+key)
}

func (s *S3) needLocks() error {
	if s.locks {
		return nil
	}
	return fault.New(fault.Unsupported, "The bucket %s has no Object Lock, so holds and retention are kept by Docket alone.", s.config.Bucket)
}
