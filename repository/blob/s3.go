package blob

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"docket/repository/fault"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Config says which bucket to use. The zero value with a Bucket is AWS in us-east-1 with the environment's credentials.
type S3Config struct {
	Endpoint  string // host:port, or a URL whose scheme decides about TLS; empty is AWS
	Bucket    string // made when it is not there, with versioning and, where the store can, Object Lock
	Region    string // empty is us-east-1
	AccessKey string // empty: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then ~/.aws/credentials, then the machine's role
	SecretKey string
	PathStyle bool // the bucket in the path instead of the host name: MinIO, Ceph, the embedded gateway
	TLS       bool // for an Endpoint without a scheme
	// Governance makes Retain lock in S3's governance mode, which accounts with a special right can lift, instead of
	// compliance mode, which nobody can.
	Governance bool
	// Spool is the folder for the temporary files of large puts, made when it is not there; empty is the system's. It should not
	// be in memory.
	Spool string
}

// S3 is a Store in a bucket of an S3-compatible object store.
type S3 struct {
	core   minio.Core
	config S3Config
	locks  bool
}

var _ Store = (*S3)(nil)

// retries is how often minio-go tries a request before the store counts as away: with its pauses some two seconds, so that the
// door can answer in time.
const retries = 4

// OpenS3 connects to the bucket and makes it when it is not there. A bucket without versioning gets it: without, a put
// would destroy what was there before.
func OpenS3(ctx context.Context, c S3Config) (*S3, error) {
	core, err := connect(&c)
	if err != nil {
		return nil, err
	}
	if c.Spool != "" {
		if err := os.MkdirAll(c.Spool, 0o700); err != nil {
			return nil, fmt.Errorf("folder for large puts: %w", err)
		}
	}
	s := &S3{core: *core, config: c}
	if err := s.ensureBucket(ctx); err != nil {
		return nil, s.explain(ctx, err, "open bucket "+c.Bucket)
	}
	if err := s.ensureVersioning(ctx); err != nil {
		return nil, s.explain(ctx, err, "open bucket "+c.Bucket)
	}
	if s.locks, err = s.enforcesLocks(ctx); err != nil {
		return nil, s.explain(ctx, err, "open bucket "+c.Bucket)
	}
	return s, nil
}

func connect(c *S3Config) (*minio.Core, error) {
	if c.Bucket == "" {
		return nil, fault.New(fault.Invalid, "The object store needs a bucket. Set DOCKET_S3_BUCKET.")
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	host, secure, err := endpoint(*c)
	if err != nil {
		return nil, err
	}
	lookup := minio.BucketLookupAuto
	if c.PathStyle {
		lookup = minio.BucketLookupPath
	}
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	transport.MaxIdleConnsPerHost = 64 // puts and gets come in bursts
	core, err := minio.NewCore(host, &minio.Options{Creds: credentialsOf(*c), Secure: secure, Region: c.Region,
		BucketLookup: lookup, Transport: transport, MaxRetries: retries})
	return core, fault.Wrap(err, fault.Invalid, "The object store's address %q is not valid. Check DOCKET_S3_ENDPOINT.", c.Endpoint)
}

// endpoint gives host and port, and whether to use TLS.
func endpoint(c S3Config) (string, bool, error) {
	if c.Endpoint == "" {
		return "s3." + c.Region + ".amazonaws.com", true, nil
	}
	if !strings.Contains(c.Endpoint, "://") {
		return c.Endpoint, c.TLS, nil
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return "", false, fault.New(fault.Invalid, "The object store's address %q is not valid. "+
			"Set DOCKET_S3_ENDPOINT to host:port or https://host.", c.Endpoint)
	}
	return u.Host, u.Scheme == "https", nil
}

func credentialsOf(c S3Config) *credentials.Credentials {
	if c.AccessKey != "" {
		return credentials.NewStaticV4(c.AccessKey, c.SecretKey, "")
	}
	machine := &credentials.IAM{Client: &http.Client{Timeout: 2 * time.Second}}
	return credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, machine})
}

func (s *S3) ensureBucket(ctx context.Context) error {
	exists, err := s.core.BucketExists(ctx, s.config.Bucket)
	if err != nil || exists {
		return err
	}
	o := minio.MakeBucketOptions{Region: s.config.Region, ObjectLocking: true}
	err = s.core.MakeBucket(ctx, s.config.Bucket, o)
	if code := codeOf(err); code == "NotImplemented" || code == "InvalidArgument" || code == "InvalidRequest" {
		o.ObjectLocking = false
		err = s.core.MakeBucket(ctx, s.config.Bucket, o)
	}
	if code := codeOf(err); code == "BucketAlreadyOwnedByYou" {
		return nil // another process of ours was first
	}
	return err
}

func (s *S3) ensureVersioning(ctx context.Context) error {
	v, err := s.core.GetBucketVersioning(ctx, s.config.Bucket)
	if err != nil || v.Enabled() {
		return err
	}
	err = s.core.EnableVersioning(ctx, s.config.Bucket)
	return fault.Wrap(err, fault.Unsupported, "The bucket %s keeps no versions and does not let Docket turn that on. "+
		"Docket needs a bucket with versioning.", s.config.Bucket)
}

func (s *S3) enforcesLocks(ctx context.Context) (bool, error) {
	state, _, _, _, err := s.core.GetObjectLockConfig(ctx, s.config.Bucket)
	switch codeOf(err) {
	case "":
		return state == "Enabled", err
	case "ObjectLockConfigurationNotFoundError", "NotImplemented", "InvalidRequest", "MethodNotAllowed", "AccessDenied",
		"InvalidBucketObjectLockConfiguration":
		return false, nil
	}
	return false, err
}

// Locks implements Store.
func (s *S3) Locks() bool { return s.locks }

func (s *S3) String() string {
	return fmt.Sprintf("bucket %s at %s", s.config.Bucket, s.core.EndpointURL())
}
