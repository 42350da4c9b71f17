package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"docket/repository/blob"
	"docket/repository/embedded"
	"docket/repository/fault"
)

// Config says where the gateway keeps its data and how it is started. Only Folder is needed.
type Config struct {
	Folder   string        // made when it is not there
	Command  []string      // the program that calls Serve; empty is this program with the word "gateway"
	Sidecar  bool          // for a new folder: keep attributes in files even where the file system has extended attributes
	Logger   *slog.Logger  // nil means slog.Default
	Patience time.Duration // how long Start waits for the gateway to listen; 0 means 15 seconds
}

func (c Config) withDefaults() (Config, error) {
	if c.Folder == "" {
		return c, errors.New("gateway: no folder")
	}
	folder, err := filepath.Abs(c.Folder)
	if err != nil {
		return c, err
	}
	c.Folder = folder
	if len(c.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return c, err
		}
		c.Command = []string{self, "gateway"}
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Patience == 0 {
		c.Patience = 15 * time.Second
	}
	return c, nil
}

// A Gateway is a running S3 server. It is safe for concurrent use.
type Gateway struct {
	settings settings
	lock     io.Closer
	process  *os.Process
	input    io.WriteCloser // closing it tells the child to end
	ready    chan struct{}  // closed when the child listens
	done     chan struct{}  // closed when the child has ended
	err      error          // how it ended; to be read after done
}

// Start runs the gateway of the folder, making a new one when there is none, and returns when it listens. A gateway that
// another process runs is an error with the cause embedded.ErrRunning.
func Start(ctx context.Context, c Config) (*Gateway, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Folder, 0o700); err != nil {
		return nil, err
	}
	lock, err := embedded.Lock(ctx, c.Folder, "object store")
	if err != nil {
		return nil, err
	}
	g, err := start(ctx, c)
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("embedded object store: %w", err)
	}
	g.lock = lock
	return g, nil
}

func start(ctx context.Context, c Config) (*Gateway, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	s, err := settle(c)
	if err != nil {
		return nil, err
	}
	if err := s.claimPort(ctx, c.Folder); err != nil {
		return nil, err
	}
	g, err := launch(c, s)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(g.order(c), g.waitReady(ctx)); err != nil {
		return nil, errors.Join(err, g.end(ctx))
	}
	c.Logger.Info("embedded object store is up", "address", s.address(), "took", time.Since(began).Round(time.Millisecond))
	return g, nil
}

// claimPort waits a moment for the kept port, which the child of a killed server may still hold, and then takes another.
func (s *settings) claimPort(ctx context.Context, folder string) error {
	for until := time.Now().Add(2 * time.Second); time.Now().Before(until); {
		l, err := net.Listen("tcp", s.address())
		if err == nil {
			return l.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	var err error
	if s.Port, err = freePort(); err != nil {
		return err
	}
	return s.save(folder)
}

// launch starts the child, which waits for its orders.
func launch(c Config, s settings) (*Gateway, error) {
	cmd := exec.Command(c.Command[0], c.Command[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the terminal's Ctrl-C is for us: we stop it in order
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = warnings{c.Logger}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	g := &Gateway{settings: s, process: cmd.Process, input: in,
		ready: make(chan struct{}), done: make(chan struct{})}
	go func() {
		g.listen(out, c.Logger)
		g.err = cmd.Wait()
		close(g.done)
	}()
	return g, nil
}

// order hands the child its orders: not as arguments, which others could read.
func (g *Gateway) order(c Config) error {
	return json.NewEncoder(g.input).Encode(orders{Folder: c.Folder, Settings: g.settings})
}

// listen reads what the child prints to its end.
func (g *Gateway) listen(out io.Reader, log *slog.Logger) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == readyLine {
			close(g.ready)
			continue
		}
		log.Debug("object store", "says", lines.Text())
	}
	io.Copy(io.Discard, out) // after a line that is too long for the scanner
}

// warnings logs what the child writes to its standard error.
type warnings struct{ log *slog.Logger }

func (w warnings) Write(p []byte) (int, error) {
	w.log.Warn("object store", "says", string(p))
	return len(p), nil
}

func (g *Gateway) waitReady(ctx context.Context) error {
	select {
	case <-g.ready:
		return nil
	case <-g.done:
		return fault.Wrap(g.err, fault.Unavailable, "The embedded object store ended while starting. The log says why.")
	case <-ctx.Done():
		return fault.Wrap(ctx.Err(), fault.Unavailable, "The embedded object store does not start.")
	}
}

// S3 says how to reach the gateway and which bucket to use.
func (g *Gateway) S3() blob.S3Config { return g.settings.s3() }

// Done is closed when the gateway has ended, be it by Stop or by itself.
func (g *Gateway) Done() <-chan struct{} { return g.done }

// Stop lets requests finish and ends the gateway. When ctx ends first it is killed; what it acknowledged is kept either way.
func (g *Gateway) Stop(ctx context.Context) error {
	defer g.lock.Close()
	return g.end(ctx)
}

func (g *Gateway) end(ctx context.Context) error {
	g.input.Close()
	select {
	case <-g.done:
		return g.err
	case <-ctx.Done():
	}
	if err := g.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-g.done
	return fmt.Errorf("the object store was ended at once: %w", ctx.Err())
}
