package clamd_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"docket/capture/clamd"
	"docket/capture/clamdtest"
	"docket/repository/fault"
)

func zipped(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("inside.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What a real clamd says about streams.
func TestScan(t *testing.T) {
	t.Parallel()
	s := clamdtest.Start(t)
	for name, test := range map[string]struct {
		content string
		want    clamd.Answer
	}{
		"nothing":         {"", clamd.Answer{Clean: true}},
		"a letter":        {"Dear Sir or Madam", clamd.Answer{Clean: true}},
		"many chunks":     {strings.Repeat("a", 300_000), clamd.Answer{Clean: true}},
		"harmful":         {"x" + clamdtest.Harmful + "x", clamd.Answer{Found: clamdtest.Signature}},
		"at a boundary":   {strings.Repeat("a", 64<<10-7) + clamdtest.Harmful, clamd.Answer{Found: clamdtest.Signature}},
		"inside a zip":    {zipped(t, clamdtest.Harmful), clamd.Answer{Found: clamdtest.Signature}},
		"over the limit":  {strings.Repeat("a", clamdtest.MaxStream+1), clamd.Answer{TooLarge: true}},
		"far over it":     {strings.Repeat("a", 20*clamdtest.MaxStream), clamd.Answer{TooLarge: true}},
		"just within it":  {strings.Repeat("a", clamdtest.MaxStream), clamd.Answer{Clean: true}},
		"harmful and big": {clamdtest.Harmful + strings.Repeat("a", 2*clamdtest.MaxStream), clamd.Answer{TooLarge: true}},
	} {
		got, err := s.Scan(t.Context(), strings.NewReader(test.content))
		if got != test.want || err != nil {
			t.Errorf("%s: %+v %v, want %+v", name, got, err, test.want)
		}
	}
	if v, err := s.Version(t.Context()); err != nil || !strings.HasPrefix(v.Engine, "ClamAV ") {
		t.Errorf("version %+v %v", v, err)
	}
	broken := errors.New("the disk is gone")
	if _, err := s.Scan(t.Context(), iotest.ErrReader(broken)); !errors.Is(err, broken) || fault.Is(err, fault.Unavailable) {
		t.Errorf("what cannot be read: %v", err)
	}
	s.Stop()
	if _, err := s.Scan(t.Context(), strings.NewReader("a")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a scanner that is away: %v", err)
	}
}

// A scanner that breaks off, or says what nobody knows, has not said that a stream is clean.
func TestScannersThatFail(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"", "stream: OK", "stream: O\x00", "stream: Can't allocate memory ERROR\x00", "stream: OK\nstream: OK\x00",
		strings.Repeat("stream: OK ", 1000)} {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = io.WriteString(c, answer)
				_ = c.(*net.UnixConn).CloseWrite()
				_, _ = io.Copy(io.Discard, c)
				_ = c.Close()
			}
		}()
		s, err := clamd.Parse("unix:" + path)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := s.Scan(t.Context(), strings.NewReader("a")); !fault.Is(err, fault.Unavailable) || a != (clamd.Answer{}) {
			t.Errorf("%.40q: %+v %v", answer, a, err)
		}
		_ = l.Close()
	}
}

// Who no longer waits is let go at once, whatever the scanner does.
func TestScanEndsWithItsContext(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := clamd.Parse(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := s.Scan(ctx, strings.NewReader("a"))
		ended <- err
	}()
	if _, err := l.Accept(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err == nil {
		t.Error("said something")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{"unix:/run/clamav/clamd.ctl": true, "127.0.0.1:3310": true, "[::1]:3310": true, "scanner.house.example:3310": true,
		"": false, "unix:": false, "unix:clamd": false, "/run/clamd": false, "host": false, ":3310": false} {
		s, err := clamd.Parse(address)
		if (err == nil) != ok || ok && s.String() != address {
			t.Errorf("%q: %v %v", address, s, err)
		}
	}
}
