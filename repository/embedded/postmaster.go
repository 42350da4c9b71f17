package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// settings are for one machine that also does everything else. Memory is kept small; what the system's cache holds need not
// be held twice.
var settings = []string{
	"listen_addresses=",
	"unix_socket_directories=.", // the cluster's folder, which is the postmaster's working directory
	"unix_socket_permissions=0700",
	"port=5432", // names the socket
	"shared_buffers=256MB",
	"max_connections=100",
	"wal_compression=on",
	"autovacuum_naptime=10s", // a young house grows fast, and a plan made for an empty table is kept until there are new statistics
	"max_wal_size=1GB",       // also bounds how long a recovery takes
	"random_page_cost=1.1",   // no disk that turns
	"log_min_messages=warning",
	"log_line_prefix=%m [%p] ",
	"log_timezone=UTC",
	"timezone=UTC",
	"logging_collector=off",
	"jit=off", // our queries are short; compiling them costs more than they take
}

// disposable settings give up the promise to survive a crash of the machine; a crash of the server they survive.
var disposable = []string{
	"fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
	"shared_buffers=64MB", "max_connections=200", "autovacuum=off",
}

// A postmaster is a running server.
type postmaster struct {
	process *os.Process
	log     string
	done    chan struct{} // closed when it has ended
	err     error         // how it ended; to be read after done
}

// launch starts a postmaster on the cluster. It is not ready yet.
func launch(c Config, bin binaries, acct account) (*postmaster, error) {
	p := &postmaster{log: c.Folder + ".log", done: make(chan struct{})}
	out, err := openLog(p.log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(bin.path("postgres"))
	path, err := hand(cmd, c.Folder)
	if err != nil {
		return nil, err
	}
	defer closeAll(cmd.ExtraFiles)
	cmd.Args = append(cmd.Args, arguments(path, c.Disposable)...)
	cmd.Dir, cmd.Env = "/", environment()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = attributes(acct, whenParentEnds(c.Disposable))
	return p, p.run(cmd)
}

func arguments(path string, fast bool) []string {
	all := settings
	if fast {
		all = append(all[:len(all):len(all)], disposable...)
	}
	args := []string{"-D", path}
	for _, s := range all {
		args = append(args, "-c", s)
	}
	return args
}

func whenParentEnds(fast bool) syscall.Signal {
	if fast {
		return immediateShutdown
	}
	return fastShutdown
}

// run starts cmd and watches it from one thread, for the kernel sends the signal of the parent's end when the thread ends
// that started the child, and Go ends idle threads as it likes.
func (p *postmaster) run(cmd *exec.Cmd) error {
	started := make(chan error, 1)
	go onOneThread(func() error {
		err := cmd.Start()
		p.process = cmd.Process
		started <- err
		if err != nil {
			return err
		}
		p.err = cmd.Wait()
		close(p.done)
		return nil
	})
	return <-started
}

func onOneThread(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return f()
}

// stop shuts down fast, or at once when ctx ends first.
func (p *postmaster) stop(ctx context.Context) error {
	if err := p.signal(fastShutdown); err != nil {
		return err
	}
	select {
	case <-p.done:
		return ended(p.err)
	case <-ctx.Done():
	}
	if err := p.signal(immediateShutdown); err != nil {
		return err
	}
	<-p.done
	return fmt.Errorf("the database was stopped at once and will recover at its next start: %w", ctx.Err())
}

func (p *postmaster) signal(s syscall.Signal) error {
	if err := p.process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the database: %w", err)
	}
	return nil
}

// ended passes on how a postmaster ended. It was shut down, so only a crash is an error.
func ended(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the database ended: %w", err)
}

// endOld ends a postmaster that a killed Docket left running on folder. The caller holds the folder's lock, so nobody uses it.
func endOld(ctx context.Context, folder string, log *slog.Logger) error {
	file := filepath.Join(folder, "postmaster.pid")
	pid := readPID(file)
	if pid == 0 {
		return nil
	}
	if !worksIn(pid, folder) {
		return removeStale(file, pid)
	}
	log.Info("ending the database that an earlier Docket left running", "pid", pid)
	for _, s := range []syscall.Signal{fastShutdown, immediateShutdown} {
		if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("end the old database process %d: %w", pid, err)
		}
		for until := time.Now().Add(2 * time.Second); time.Now().Before(until); {
			if !worksIn(pid, folder) {
				return nil
			}
			if err := pause(ctx, 10*time.Millisecond); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the old database process %d does not end", pid)
}

// removeStale removes the file of a postmaster that is gone when its number now belongs to another process, for PostgreSQL
// would take that one for the postmaster and refuse to start. Otherwise PostgreSQL sees for itself that the file is stale.
func removeStale(file string, pid int) error {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return nil
	}
	return os.Remove(file)
}

func readPID(file string) int {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	pid, err := strconv.Atoi(string(bytes.TrimSpace(first)))
	if err != nil || pid < 2 {
		return 0
	}
	return pid
}

// openLog opens the file of the server's own words, which starts anew past 10 MB and keeps one predecessor.
func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > 10<<20 {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

func lastLine(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	text = bytes.TrimSpace(text)
	return string(text[bytes.LastIndexByte(text, '\n')+1:])
}
