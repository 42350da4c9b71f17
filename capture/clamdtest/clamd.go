// Package clamdtest runs a real clamd for tests: on a Unix socket in a folder of the test, with one signature of our own and nothing
// of the machine's. It is up in a fraction of a second, since its database has a line.
package clamdtest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"docket/capture/clamd"
)

// Signature is the name under which the scanner finds Harmful.
const Signature = "Docket.Test.Harmful.UNOFFICIAL"

// Harmful is what the scanner finds: a text of no harm, which no other scanner knows.
const Harmful = "docket-test-signature:7c1f0be25a94"

// MaxStream is the most that the scanner takes, in bytes.
const MaxStream = 1 << 20

// A Server is a clamd that runs, or is stopped and may run again.
type Server struct {
	*clamd.Scanner
	binary, folder string
	running        *exec.Cmd
	ended          chan struct{}
}

// Start runs a scanner until the test ends.
func Start(t *testing.T) *Server {
	t.Helper()
	s := New(t)
	s.Run(t)
	return s
}

// New prepares a scanner that does not run yet.
func New(t *testing.T) *Server {
	t.Helper()
	binary, err := exec.LookPath("clamd")
	if err != nil {
		if binary, err = exec.LookPath("/usr/sbin/clamd"); err != nil {
			t.Fatalf("clamd is not installed; .ci/install test does: %v", err)
		}
	}
	folder, err := os.MkdirTemp("", "clamd-") // the test's own is too long a path for a Unix socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	s := &Server{binary: binary, folder: folder}
	// name:type:offset:hexadecimal bytes (ClamAV's extended signatures); type 0 is any file.
	signature := fmt.Sprintf("Docket.Test.Harmful:0:*:%s\n", hex.EncodeToString([]byte(Harmful)))
	config := fmt.Sprintf(`Foreground yes
LocalSocket %[1]s/clamd
DatabaseDirectory %[1]s/signatures
TemporaryDirectory %[1]s
LogFile %[1]s/log
LogFileMaxSize 0
PidFile %[1]s/pid
StreamMaxLength %[2]d
MaxThreads 2
`, folder, MaxStream)
	err = errors.Join(os.Mkdir(filepath.Join(folder, "signatures"), 0o755), os.WriteFile(filepath.Join(folder, "signatures", "docket.ndb"), []byte(signature), 0o644),
		os.WriteFile(filepath.Join(folder, "clamd.conf"), []byte(config), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	if s.Scanner, err = clamd.Parse("unix:" + filepath.Join(folder, "clamd")); err != nil {
		t.Fatal(err)
	}
	return s
}

// Run starts the scanner and waits until it answers. It is stopped when the test ends.
func (s *Server) Run(t *testing.T) {
	t.Helper()
	s.running, s.ended = exec.Command(s.binary, "--config-file="+filepath.Join(s.folder, "clamd.conf")), make(chan struct{})
	if err := s.running.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.running.Wait()
		close(s.ended)
	}()
	t.Cleanup(s.Stop)
	for range 400 {
		if s.Ping(context.Background()) == nil {
			return
		}
		select {
		case <-s.ended:
			s.fail(t, "it ended")
		case <-time.After(25 * time.Millisecond):
		}
	}
	s.fail(t, "it does not answer")
}

func (s *Server) fail(t *testing.T, why string) {
	t.Helper()
	log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
	t.Fatalf("clamd does not start: %s\n%s", why, log)
}

// Forget has the scanner run again without the signature of Harmful: as one that knows better by now.
func (s *Server) Forget(t *testing.T) {
	t.Helper()
	s.Stop()
	other := fmt.Sprintf("Docket.Test.Other:0:*:%s\n", hex.EncodeToString([]byte("docket-test-other")))
	if err := os.WriteFile(filepath.Join(s.folder, "signatures", "docket.ndb"), []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	s.Run(t)
}

// Stop ends the scanner. It may run again.
func (s *Server) Stop() {
	_ = s.running.Process.Kill() // told to stop, it finishes what it does first, which takes seconds
	<-s.ended
	_ = os.Remove(filepath.Join(s.folder, "clamd"))
}
