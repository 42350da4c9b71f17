package tesseract

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
)

// A child is one running OCR process as its parent sees it. One caller at a time.
type child struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	said  *tail
	pages int
}

func startChild(c Config) (*child, error) {
	args := append(c.Command[1:len(c.Command):len(c.Command)],
		"-memory", strconv.FormatUint(c.Memory, 10),
		"-seconds", strconv.Itoa(int(c.PageTimeout.Seconds())))
	cmd := exec.Command(c.Command[0], args...)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1", "GOMAXPROCS=2")
	detach(cmd)
	said := &tail{}
	cmd.Stderr = said
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Command[0], err)
	}
	return &child{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 1<<16), said: said}, nil
}

// call asks one thing. When ctx ends first, the child is killed and call returns at once; after any error the child is of no use.
func (c *child) call(ctx context.Context, q request) (reply, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.cmd.Process.Kill() })
	defer stop()
	if err := writeFrame(c.in, q); err != nil {
		return reply{}, c.died(ctx, err)
	}
	a, err := readReply(c.out)
	if err != nil {
		return reply{}, c.died(ctx, err)
	}
	c.pages++
	return a, nil
}

// died says why a call failed: the deadline, or the child's own end with its last words.
func (c *child) died(ctx context.Context, err error) error {
	c.end()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("the OCR process ended (%v): %w: %s", c.cmd.ProcessState, err, c.said)
}

// end stops the process and waits for it. It may be called twice.
func (c *child) end() {
	_ = c.in.Close()
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// A tail keeps the last bytes written to it.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const tailSize = 2048

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(p)
	if over := t.buf.Len() - tailSize; over > 0 {
		t.buf.Next(over)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
