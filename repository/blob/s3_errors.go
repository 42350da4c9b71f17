package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"docket/repository/fault"

	"github.com/minio/minio-go/v7"
)

const sayAway = "The object store is not reachable at the moment. Nothing was changed; please try again shortly."

// codeOf is S3's own code of an error: "" when the store did not answer with one.
func codeOf(err error) string {
	if r, ok := errors.AsType[minio.ErrorResponse](err); ok {
		return r.Code
	}
	return ""
}

// explain turns what minio-go says into this package's errors. Codes are those of S3's table of error responses and what
// MinIO, Ceph and the embedded gateway answer in their place.
func (s *S3) explain(ctx context.Context, err error, doing string) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", doing, ctx.Err())
	}
	if fault.KindOf(err) != fault.Internal {
		return err
	}
	switch code := codeOf(err); code {
	case "NoSuchKey", "NoSuchVersion", "NoSuchUpload":
		return fmt.Errorf("%s: %w", doing, ErrNotFound)
	case "XAmzContentSHA256Mismatch", "BadDigest", "ContentSHA256Mismatch", "InvalidDigest":
		return fmt.Errorf("%s: %w: %w", doing, ErrDigest, err)
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "AuthorizationHeaderMalformed",
		"XAdminUserNotFound":
		return fault.Wrap(fmt.Errorf("%s: %w", doing, err), fault.Denied, "The object store refuses Docket's credentials. "+
			"Check DOCKET_S3_ACCESS_KEY, DOCKET_S3_SECRET_KEY, DOCKET_S3_REGION and what they may do with the bucket %s.", s.config.Bucket)
	}
	if away(err) {
		return fault.Wrap(fmt.Errorf("%s: %w", doing, err), fault.Unavailable, sayAway)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// away says whether err means that the store did not answer, or answered that it cannot now.
func away(err error) bool {
	if r, ok := errors.AsType[minio.ErrorResponse](err); ok {
		return r.StatusCode >= 500 || r.StatusCode == http.StatusTooManyRequests || r.Code == "SlowDown" || r.Code == "RequestTimeout"
	}
	_, request := errors.AsType[*url.Error](err)
	_, network := errors.AsType[net.Error](err)
	return request || network || errors.Is(err, io.ErrUnexpectedEOF)
}

// missing is explain for a version that was asked for: stores answer differently to a delete marker and to a version ID that
// is not one of theirs.
func (s *S3) missing(ctx context.Context, err error, version, doing string) error {
	switch codeOf(err) {
	case "MethodNotAllowed":
		return fmt.Errorf("%s: %w", doing, ErrNotFound)
	case "InvalidArgument", "InvalidVersionId", "BadRequest", "400 Bad Request":
		if version != "" {
			return fmt.Errorf("%s: %w", doing, ErrNotFound)
		}
	}
	return s.explain(ctx, err, doing)
}
