package gateway_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"docket/repository/blob"
	"docket/repository/embedded"
	"docket/repository/embedded/gateway"
	"docket/repository/embedded/gateway/gatewaytest"
	"docket/repository/fault"
)

// helperFolder makes the test binary a server that runs a gateway in that folder until it is killed.
const helperFolder = "DOCKET_GATEWAY_HELPER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(helperFolder); folder != "" {
		help(folder)
	}
	os.Exit(gatewaytest.Run(m))
}

func help(folder string) {
	os.Unsetenv(helperFolder)
	command := []string{os.Args[0], "run-the-gateway"}
	_, err := gateway.Start(context.Background(), gateway.Config{Folder: folder, Command: command, Logger: slog.New(slog.DiscardHandler)})
	fmt.Println("started:", err)
	select {}
}

func open(t *testing.T, c blob.S3Config) *blob.S3 {
	t.Helper()
	s, err := blob.OpenS3(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s blob.Store, key, content string) blob.Object {
	t.Helper()
	o, err := s.Put(t.Context(), key, strings.NewReader(content), blob.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func want(t *testing.T, s blob.Store, o blob.Object) {
	t.Helper()
	got, err := s.Stat(t.Context(), o.Key, o.Version)
	if err != nil || got.SHA256 != o.SHA256 || got.Size != o.Size {
		t.Errorf("version %s of %s: %+v, %v; want it as it was put", o.Version, o.Key, got, err)
	}
}

func TestKeepsDataOverRestarts(t *testing.T) {
	t.Parallel()
	for _, sidecar := range []bool{false, true} {
		t.Run(fmt.Sprint("sidecar ", sidecar), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			g := gatewaytest.New(t, gateway.Config{Folder: folder, Sidecar: sidecar})
			s := open(t, g.S3())
			one, two := put(t, s, "k", "one"), put(t, s, "k", "two")
			if err := s.Hold(t.Context(), "k", one.Version, true); err != nil {
				t.Fatal(err)
			}
			if err := g.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
			again := gatewaytest.New(t, gateway.Config{Folder: folder})
			if again.S3() != g.S3() {
				t.Errorf("the address changed from %+v to %+v", g.S3(), again.S3())
			}
			s = open(t, again.S3())
			want(t, s, one)
			want(t, s, two)
			if err := s.Delete(t.Context(), "k", one.Version); !errors.Is(err, blob.ErrLocked) {
				t.Errorf("the hold after the restart: %v", err)
			}
		})
	}
}

func TestKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "s3")
	g := gatewaytest.New(t, gateway.Config{Folder: folder})
	put(t, open(t, g.S3()), "secret/letter", "dear")
	for _, path := range []string{"gateway.json", "objects/docket/secret/letter"} {
		info, err := os.Stat(filepath.Join(folder, path))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want mode 0600", path, info.Mode(), err)
		}
	}
	address, err := gateway.Address(folder)
	if err != nil || address != g.S3() {
		t.Errorf("Address gives %+v, %v", address, err)
	}
	if _, err := gateway.Address(t.TempDir()); !fault.Is(err, fault.NotFound) {
		t.Errorf("of a folder without a store: %v", err)
	}
}

func TestOneProcessOwnsAFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	gatewaytest.New(t, gateway.Config{Folder: folder})
	_, err := gateway.Start(t.Context(), gateway.Config{Folder: folder, Command: gatewaytest.Command(t)})
	if !errors.Is(err, embedded.ErrRunning) || !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v, want ErrRunning as a conflict", err)
	}
}

func TestTakesAnotherPortWhenItsOwnIsTaken(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	g := gatewaytest.New(t, gateway.Config{Folder: folder})
	o := put(t, open(t, g.S3()), "k", "x")
	if err := g.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	squatter, err := net.Listen("tcp", strings.TrimPrefix(g.S3().Endpoint, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	again := gatewaytest.New(t, gateway.Config{Folder: folder})
	if again.S3().Endpoint == g.S3().Endpoint {
		t.Error("the same port")
	}
	want(t, open(t, again.S3()), o)
}

func TestSaysWhenItsProgramDoesNotStart(t *testing.T) {
	t.Parallel()
	c := gateway.Config{Folder: t.TempDir(), Command: []string{"false"}, Logger: slog.New(slog.DiscardHandler)}
	if _, err := gateway.Start(t.Context(), c); err == nil {
		t.Error("no error")
	}
}

func TestServeNeedsOrders(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "no JSON\n"} {
		if err := gateway.Serve(t.Context(), strings.NewReader(in), nil); err == nil {
			t.Errorf("%q: no error", in)
		}
	}
}

// TestSurvivesKill kills a server with its gateway in the middle of puts, several times, and starts again each time at once:
// every version that was acknowledged is there and whole, and every version that is there is whole.
func TestSurvivesKill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs the S3 gateway")
	}
	folder := t.TempDir()
	var acknowledged []blob.Object
	for range 4 {
		began := time.Now()
		server, store := startHelper(t, folder)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the start took %v", took)
		}
		acknowledged = append(acknowledged, putUntilKilled(t, server, store)...)
	}
	s := open(t, gatewaytest.New(t, gateway.Config{Folder: folder}).S3())
	for _, o := range acknowledged {
		want(t, s, o)
	}
	if len(acknowledged) < 40 {
		t.Errorf("only %d puts were acknowledged", len(acknowledged))
	}
	n := 0
	for o, err := range s.Versions(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if err := whole(t, s, o); err != nil {
			t.Errorf("version %s of %s: %v", o.Version, o.Key, err)
		}
	}
	t.Logf("%d acknowledged, %d there", len(acknowledged), n)
}

// putUntilKilled puts versions of a few keys and kills the server after some of them. It gives what was acknowledged.
func putUntilKilled(t *testing.T, server *exec.Cmd, s blob.Store) []blob.Object {
	t.Helper()
	var mu sync.Mutex
	var acknowledged []blob.Object
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("documents/%d-%d/content", worker, i%3)
				o, err := s.Put(t.Context(), key, strings.NewReader(strings.Repeat(key, 1000+i)), blob.PutOptions{})
				if err != nil {
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, o)
				if len(acknowledged) == 20 {
					server.Process.Kill()
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	server.Wait()
	return acknowledged
}

func whole(t *testing.T, s blob.Store, o blob.Object) error {
	r, err := s.Open(t.Context(), o.Key, o.Version)
	if err != nil {
		return err
	}
	defer r.Close()
	digest, err := digestOf(r)
	if err == nil && digest != r.Object().SHA256 {
		err = blob.ErrDigest
	}
	return err
}

// startHelper starts another process that runs a gateway in folder, and a store on it.
func startHelper(t *testing.T, folder string) (*exec.Cmd, *blob.S3) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helperFolder+"="+folder)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "started: <nil>\n" {
		t.Fatalf("helper says %q, %v", line, err)
	}
	c, err := gateway.Address(folder)
	if err != nil {
		t.Fatal(err)
	}
	return cmd, open(t, c)
}
