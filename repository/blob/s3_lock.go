package blob

import (
	"context"
	"fmt"
	"strings"
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
		if version != "" && s.locked(ctx, key, version, err) {
			return fmt.Errorf("delete %s: %w", key, ErrLocked)
		}
	}
	return s.explain(ctx, err, "delete "+key)
}

// locked says whether why is a refusal because a version is on hold or retained. S3 refuses with the same code as for something
// that the credentials do not allow. Most stores tell the two apart in their message; the others are asked for the locks.
func (s *S3) locked(ctx context.Context, key, version string, why error) bool {
	if m := strings.ToLower(why.Error()); strings.Contains(m, "object lock") || strings.Contains(m, "worm") {
		return true
	}
	hold, err := s.core.GetObjectLegalHold(ctx, s.config.Bucket, key, minio.GetObjectLegalHoldOptions{VersionID: version})
	if err == nil && hold != nil && *hold == minio.LegalHoldEnabled {
		return true
	}
	// The headers of the object give its retention in one form everywhere; the document that S3 has for it differs.
	info, err := s.core.StatObject(ctx, s.config.Bucket, key, minio.StatObjectOptions{VersionID: version})
	if err != nil {
		return false
	}
	until, err := time.Parse(time.RFC3339, info.Headers.Get("X-Amz-Object-Lock-Retain-Until-Date"))
	return err == nil && until.After(time.Now().Add(-clockDifference))
}

// clockDifference is how far the store's clock may be behind ours.
const clockDifference = time.Minute

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
	if err := needFuture(until, time.Now()); err != nil {
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
		if s.locked(ctx, key, version, err) {
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

// needFuture refuses a retention that would end before it begins. Stores answer it with the code of a version that is not there.
func needFuture(until, now time.Time) error {
	if until.After(now) {
		return nil
	}
	return fault.New(fault.Invalid, "The retention would end on %s, which is past. Nothing was changed.", until.Format(time.DateOnly))
}
