package blob_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"docket/repository/blob"
	"docket/repository/blob/blobtest"
	"docket/repository/embedded/gateway"
	"docket/repository/embedded/gateway/gatewaytest"
	"docket/repository/fault"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

func TestMain(m *testing.M) { os.Exit(gatewaytest.Run(m)) }

func TestS3OnTheGateway(t *testing.T) {
	t.Parallel()
	suite(t, gatewaytest.New(t, gateway.Config{}).S3())
}

func TestS3OnTheGatewayWithoutExtendedAttributes(t *testing.T) {
	t.Parallel()
	suite(t, gatewaytest.New(t, gateway.Config{Sidecar: true}).S3())
}

// TestS3Elsewhere runs the suite on the store that the environment names: AWS, MinIO, Ceph. What cannot be deleted at once,
// because it is retained for some seconds, is deleted before the end.
func TestS3Elsewhere(t *testing.T) {
	t.Parallel()
	c := blob.S3Config{
		Endpoint:  os.Getenv("DOCKET_TEST_S3_ENDPOINT"),
		Bucket:    os.Getenv("DOCKET_TEST_S3_BUCKET"),
		Region:    os.Getenv("DOCKET_TEST_S3_REGION"),
		AccessKey: os.Getenv("DOCKET_TEST_S3_ACCESS_KEY"),
		SecretKey: os.Getenv("DOCKET_TEST_S3_SECRET_KEY"),
		PathStyle: os.Getenv("DOCKET_TEST_S3_PATH_STYLE") == "true",
		TLS:       os.Getenv("DOCKET_TEST_S3_TLS") != "false",
	}
	if c.Bucket == "" {
		t.Skip("DOCKET_TEST_S3_BUCKET is not set")
	}
	blobtest.Run(t, open(t, c), nowhere(t))
}

func open(t *testing.T, c blob.S3Config) *blob.S3 {
	t.Helper()
	s, err := blob.OpenS3(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func suite(t *testing.T, c blob.S3Config) {
	t.Helper()
	c.Spool = filepath.Join(t.TempDir(), "large", "puts")
	s := open(t, c)
	if !s.Locks() {
		t.Error("the gateway does not enforce locks")
	}
	wire := newWire(t, c.Endpoint)
	c.Endpoint = wire.address
	away := open(t, c)
	wire.cut()
	blobtest.Run(t, s, away)
}

// nowhere is a store that was there once.
func nowhere(t *testing.T) blob.Store {
	c := gatewaytest.New(t, gateway.Config{}).S3()
	wire := newWire(t, c.Endpoint)
	c.Endpoint = wire.address
	s := open(t, c)
	wire.cut()
	return s
}

// A wire passes connections on until it is cut.
type wire struct {
	address  string
	listener net.Listener
	mu       sync.Mutex
	open     []net.Conn
	mute     bool // answers do not come back any more
}

func newWire(t *testing.T, endpoint string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{address: l.Addr().String(), listener: l}
	t.Cleanup(w.cut)
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", strings.TrimPrefix(endpoint, "http://"))
			if err != nil {
				client.Close()
				continue
			}
			w.mu.Lock()
			w.open = append(w.open, client, server)
			w.mu.Unlock()
			go io.Copy(server, client)
			go w.back(client, server)
		}
	}()
	return w
}

// back passes answers on, or breaks the connection at the first one when the wire is mute.
func (w *wire) back(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := server.Read(b)
		w.mu.Lock()
		mute := w.mute
		w.mu.Unlock()
		if err != nil || mute {
			return
		}
		if _, err := client.Write(b[:n]); err != nil {
			return
		}
	}
}

func (w *wire) cut() {
	w.listener.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.open {
		c.Close()
	}
}

func (w *wire) setMute(mute bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mute = mute
}

// TestS3TakesBackWhatItDidNotHearOf loses the answers to a put that the store did carry out.
func TestS3TakesBackWhatItDidNotHearOf(t *testing.T) {
	t.Parallel()
	c := gatewaytest.New(t, gateway.Config{}).S3()
	direct := open(t, c)
	wire := newWire(t, c.Endpoint)
	c.Endpoint = wire.address
	s := open(t, c)
	kept, err := s.Put(t.Context(), "k", strings.NewReader("from before"), blob.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wire.setMute(true)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { // as soon as the store has it, the caller gives up and the wire is well again
		for {
			n := 0
			for range direct.Versions(t.Context(), "k") {
				n++
			}
			if n > 1 || t.Context().Err() != nil {
				break
			}
		}
		wire.setMute(false)
		cancel()
	}()
	if _, err := s.Put(ctx, "k", strings.NewReader("lost"), blob.PutOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the put cancelled", err)
	}
	for o, err := range direct.Versions(t.Context(), "k") {
		if err != nil || o.Version != kept.Version {
			t.Errorf("left behind: %+v, %v", o, err)
		}
	}
}

func TestOpenS3Refuses(t *testing.T) {
	t.Parallel()
	good := gatewaytest.New(t, gateway.Config{}).S3()
	for name, c := range map[string]struct {
		change func(*blob.S3Config)
		want   fault.Kind
	}{
		"no bucket":           {func(c *blob.S3Config) { c.Bucket = "" }, fault.Invalid},
		"a path in the URL":   {func(c *blob.S3Config) { c.Endpoint = "https://host/path" }, fault.Invalid},
		"another scheme":      {func(c *blob.S3Config) { c.Endpoint = "ftp://host" }, fault.Invalid},
		"another secret":      {func(c *blob.S3Config) { c.SecretKey = "guessed" }, fault.Denied},
		"an unknown account":  {func(c *blob.S3Config) { c.AccessKey = "nobody" }, fault.Denied},
		"nobody at that port": {func(c *blob.S3Config) { c.Endpoint = "127.0.0.1:1" }, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := good
			c.change(&bad)
			if _, err := blob.OpenS3(t.Context(), bad); !fault.Is(err, c.want) {
				t.Errorf("got %v (%s), want %s", err, fault.KindOf(err), c.want)
			}
		})
	}
}

func TestS3RemovesUnfinishedPuts(t *testing.T) {
	t.Parallel()
	c := gatewaytest.New(t, gateway.Config{}).S3()
	s := open(t, c)
	raw, err := minio.NewCore(strings.TrimPrefix(c.Endpoint, "http://"), &minio.Options{Region: c.Region, BucketLookup: minio.BucketLookupPath,
		Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		id, err := raw.NewMultipartUpload(t.Context(), c.Bucket, "documents/x/content", minio.PutObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := raw.PutObjectPart(t.Context(), c.Bucket, "documents/x/content", id, 1, strings.NewReader("half"), 4, minio.PutObjectPartOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.RemoveUnfinished(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("older than an hour: %d, %v; want none", n, err)
	}
	if n, err := s.RemoveUnfinished(t.Context(), time.Now().Add(time.Minute)); n != 2 || err != nil {
		t.Errorf("all: %d, %v; want 2", n, err)
	}
	if n, err := s.RemoveUnfinished(t.Context(), time.Now().Add(time.Minute)); n != 0 || err != nil {
		t.Errorf("again: %d, %v; want none", n, err)
	}
}
