package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A tool is a run of one of poppler's programs, which work on files of strangers: bounded in time, processor time, memory
// and the size of what it writes, and in a process group of its own that is killed as a whole.
type tool struct {
	name    string
	args    []string
	timeout time.Duration
	memory  uint64
}

// errTool is what a tool that failed says; its message holds the last words of the tool.
var errTool = errors.New("the tool failed")

// maxToolOutput bounds what is written to a file or kept of a tool's answer.
const maxToolOutput = 512 << 20

func (r *Reader) tool(name string, args ...string) tool {
	return tool{name: name, args: args, timeout: r.config.Timeout, memory: r.config.Memory}
}

// output runs the tool and gives what it wrote and what it complained about.
func (t tool) output(ctx context.Context) (out []byte, complaints string, err error) {
	var b bytes.Buffer
	complaints, err = t.stream(ctx, func(r io.Reader) error {
		_, err := b.ReadFrom(io.LimitReader(r, maxToolOutput))
		return err
	})
	return b.Bytes(), complaints, err
}

// stream runs the tool while read reads what it writes.
func (t tool) stream(ctx context.Context, read func(io.Reader) error) (complaints string, err error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.name, t.args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second
	var said limitedBuffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start %s: %w", t.name, err)
	}
	t.limit(cmd.Process.Pid)
	readErr := read(out)
	if readErr != nil {
		cancel() // nobody reads on: the tool would wait for ever
	}
	waitErr := cmd.Wait()
	switch {
	case readErr != nil:
		return said.String(), readErr
	case ctx.Err() != nil:
		return said.String(), fmt.Errorf("%s: %w", t.name, ctx.Err())
	case waitErr != nil:
		return said.String(), fmt.Errorf("%s: %w (%w): %s", t.name, errTool, waitErr, strings.TrimSpace(said.String()))
	}
	return said.String(), nil
}

// limit bounds a running process. An error means that the process has ended already.
func (t tool) limit(pid int) {
	seconds := uint64(t.timeout.Seconds()) + 1
	for resource, v := range map[int]uint64{
		unix.RLIMIT_AS: t.memory, unix.RLIMIT_CPU: seconds, unix.RLIMIT_FSIZE: maxToolOutput, unix.RLIMIT_CORE: 0,
	} {
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: v, Max: v}, nil)
	}
}

// A limitedBuffer keeps the first few kilobytes written to it.
type limitedBuffer struct{ bytes.Buffer }

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if room := 4096 - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
