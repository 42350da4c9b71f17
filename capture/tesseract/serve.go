package tesseract

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"

	"docket/repository/fault"
)

// Limits bound a child.
type Limits struct {
	Memory  uint64 // bytes of address space; 0 means no limit
	Seconds uint64 // of processor time for one request; 0 means no limit
}

// Serve is the child's side: it answers the requests on in until in ends. It changes the limits of the whole process, so
// it is for `docket ocr` and for test binaries run again, never for a server.
func Serve(in io.Reader, out io.Writer, limits Limits) error {
	os.Setenv("OMP_THREAD_LIMIT", "1")
	runtime.LockOSThread() // leptonica and Tesseract keep state by thread
	debug.SetGCPercent(200)
	if err := limits.memory(); err != nil {
		return err
	}
	r := newReader()
	from, to := bufio.NewReader(in), bufio.NewWriterSize(out, 1<<20)
	for {
		var q request
		if err := readFrame(from, &q); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("read a request: %w", err)
		}
		if err := limits.time(); err != nil {
			return err
		}
		if err := writeReply(to, r.answer(q)); err != nil {
			return fmt.Errorf("write a reply: %w", err)
		}
		if err := to.Flush(); err != nil {
			return fmt.Errorf("write a reply: %w", err)
		}
	}
}

// answer never fails: an error is an answer too.
func (r *reader) answer(q request) reply {
	a, err := r.do(q)
	if err != nil {
		a = reply{Kind: string(fault.KindOf(err)), Error: err.Error()}
		if fault.KindOf(err) != fault.Internal {
			a.Error = fault.Sentence(err)
		}
	}
	return a
}

func (r *reader) do(q request) (reply, error) {
	switch q.Op {
	case opHello:
		languages, err := r.installed()
		return reply{Languages: languages}, err
	case opCount:
		n, err := count(q.File)
		return reply{Count: n}, err
	case opPage:
		return r.page(q.Page)
	case opThumbnail:
		return thumbnailOf(q.Page)
	case opPicture:
		return pictureOf(q.Page)
	}
	return reply{}, fmt.Errorf("unknown operation %q", q.Op)
}

func (l Limits) memory() error {
	if l.Memory == 0 {
		return nil
	}
	err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: l.Memory, Max: l.Memory})
	if err != nil {
		return fmt.Errorf("limit memory: %w", err)
	}
	return nil
}

// time allows the process so many seconds more than it has used.
func (l Limits) time() error {
	if l.Seconds == 0 {
		return nil
	}
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return fmt.Errorf("limit time: %w", err)
	}
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CPU, &now); err != nil {
		return fmt.Errorf("limit time: %w", err)
	}
	now.Cur = min(now.Max, uint64(used.Utime.Sec+used.Stime.Sec)+1+l.Seconds)
	if err := syscall.Setrlimit(syscall.RLIMIT_CPU, &now); err != nil {
		return fmt.Errorf("limit time: %w", err)
	}
	return nil
}
