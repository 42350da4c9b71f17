package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"

	"golang.org/x/sys/unix"
)

// Names of folders inside a hot folder that are ours.
const (
	doneFolder   = "done"
	failedFolder = "failed"
)

// A HotFolder takes in whatever files appear in a folder. A file is taken once it has stopped growing and nobody has it open for
// writing; each sub-folder is a source of its own. A file is moved to done/ only after it is stored, and to failed/ with the
// reason beside it when the door refused it. Taking is safe to repeat: a crash between storing and moving does not make a
// second piece.
//
// The folder is looked at, not watched: change notices do not arrive from network shares.
type HotFolder struct {
	Dir     string
	Source  string        // of files in Dir itself; a sub-folder "invoices" is the source Source + "/invoices"
	Settle  time.Duration // how long a file must be unchanged; 0 means 2 seconds
	Every   time.Duration // how often to look; 0 means 1 second
	Receive func(context.Context, Item) (Piece, error)
	Known   func(context.Context) (map[string]bool, error) // sources that have a folder, and whether each is paused; nil knows none
	Log     *slog.Logger

	seen   map[string]sighting
	paused map[string]bool // by source
}

// sighting is how a file looked and since when it has looked so.
type sighting struct {
	size  int64
	mod   time.Time
	since time.Time
}

// Run looks until ctx ends. While the door is away it waits, twice as long each time up to a minute.
func (h *HotFolder) Run(ctx context.Context) error {
	if err := os.MkdirAll(h.Dir, 0o770); err != nil {
		return fault.Wrap(err, fault.Invalid, "The hot folder %s cannot be made.", h.Dir)
	}
	wait := h.every()
	for {
		err := h.Look(ctx, time.Now())
		switch {
		case ctx.Err() != nil:
			return nil
		case fault.Is(err, fault.Unavailable):
			wait = min(2*wait, time.Minute)
			h.Log.Warn("the hot folder waits: the door is away", "folder", h.Dir, "wait", wait, "error", err)
		case err != nil:
			h.Log.Error("hot folder", "folder", h.Dir, "error", err)
		default:
			wait = h.every()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

func (h *HotFolder) every() time.Duration {
	if h.Every > 0 {
		return h.Every
	}
	return time.Second
}

func (h *HotFolder) settle() time.Duration {
	if h.Settle > 0 {
		return h.Settle
	}
	return 2 * time.Second
}

// Look goes through the folder once and takes what has settled by now. It stops at the first sign that the door is away.
func (h *HotFolder) Look(ctx context.Context, now time.Time) error {
	seen := map[string]sighting{}
	failures, err := h.prepare(ctx)
	if err != nil {
		return err
	}
	err = filepath.WalkDir(h.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return skipVanished(err)
		}
		if d.IsDir() {
			return h.enterFolder(path, d)
		}
		if !d.Type().IsRegular() || unfinished(d.Name()) {
			return ctx.Err()
		}
		settled, s, err := h.settled(path, d, now)
		if err != nil {
			return skipVanished(err)
		}
		seen[path] = s
		if !settled || h.paused[h.source(h.relative(path))] {
			return ctx.Err()
		}
		err = h.take(ctx, path, s)
		if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return err
		}
		failures = errors.Join(failures, err)
		return nil
	})
	h.seen = seen
	return errors.Join(err, failures)
}

// prepare asks which sources are paused, and makes the folders that are not there yet. A folder that cannot be made does not keep
// the others waiting.
func (h *HotFolder) prepare(ctx context.Context) (failures, err error) {
	if h.Known == nil {
		return nil, nil
	}
	if h.paused, err = h.Known(ctx); err != nil {
		return nil, err
	}
	for source := range h.paused {
		if folder, ok := strings.CutPrefix(source, h.Source+"/"); ok && filepath.IsLocal(folder) {
			failures = errors.Join(failures, os.MkdirAll(filepath.Join(h.Dir, filepath.FromSlash(folder)), 0o770))
		}
	}
	return failures, nil
}

func skipVanished(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// enterFolder skips our own folders and hidden ones.
func (h *HotFolder) enterFolder(path string, d fs.DirEntry) error {
	top := filepath.Dir(path) == filepath.Clean(h.Dir)
	if path != h.Dir && (strings.HasPrefix(d.Name(), ".") || top && (d.Name() == doneFolder || d.Name() == failedFolder)) {
		return filepath.SkipDir
	}
	return nil
}

// unfinished recognises the names under which programs write what is not yet complete.
func unfinished(name string) bool {
	lower := strings.ToLower(name)
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") || strings.HasSuffix(name, "~") || lower == "thumbs.db" || lower == "desktop.ini" {
		return true
	}
	switch filepath.Ext(lower) {
	case ".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp", ".lock":
		return true
	}
	return false
}

// settled says whether a file has looked the same for long enough and is open for writing nowhere.
func (h *HotFolder) settled(path string, d fs.DirEntry, now time.Time) (bool, sighting, error) {
	info, err := d.Info()
	if err != nil {
		return false, sighting{}, err
	}
	s := sighting{info.Size(), info.ModTime(), now}
	before, known := h.seen[path]
	if known && before.size == s.size && before.mod.Equal(s.mod) {
		s.since = before.since
	}
	if now.Sub(s.since) < h.settle() {
		return false, s, nil
	}
	return !openForWriting(path), s, nil
}

// openForWriting asks the kernel for a read lease, which it refuses while anybody on this machine, a file server included,
// has the file open for writing (fcntl(2), F_SETLEASE). Where leases do not work, the answer is no and settling alone decides.
func openForWriting(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	if err == nil {
		_, _ = unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
	}
	return errors.Is(err, unix.EAGAIN)
}

// errChanged says that a file was written to while it was being taken.
var errChanged = errors.New("the file changed while it was being read")

// take hands one file in and moves it away.
func (h *HotFolder) take(ctx context.Context, path string, s sighting) error {
	f, err := os.Open(path)
	if err != nil {
		return skipVanished(err)
	}
	defer f.Close()
	rel := h.relative(path)
	origin, err := originOf(f, rel)
	if err != nil {
		return err
	}
	p, err := h.Receive(ctx, Item{
		Source:  h.source(rel),
		Origin:  origin,
		Name:    filepath.Base(path),
		By:      journal.System("hotfolder"),
		Content: &unchanging{f, s},
	})
	if errors.Is(err, errChanged) {
		delete(h.seen, path)
		return nil
	}
	if err != nil {
		return fmt.Errorf("take %s: %w", path, err)
	}
	return h.putAway(path, rel, p)
}

// originOf tells this very file from a later one of the same name: its inode and the time of its last change of status stay
// as they are until we move it, whatever happens to us in between, and are never those of another file.
func originOf(f *os.File, rel string) (string, error) {
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s|%d|%d|%d", filepath.ToSlash(rel), st.Ino, st.Ctim.Nano(), st.Size), nil
}

// relative is the path of a file below the folder.
func (h *HotFolder) relative(path string) string {
	rel, err := filepath.Rel(h.Dir, path)
	if err != nil { // cannot be: the walk began there
		return filepath.Base(path)
	}
	return rel
}

func (h *HotFolder) source(rel string) string {
	dir := filepath.ToSlash(filepath.Dir(rel))
	if dir == "." {
		return h.Source
	}
	return h.Source + "/" + dir
}

// unchanging reads a file and fails at its end when it is no longer the one that had settled.
type unchanging struct {
	*os.File
	was sighting
}

func (u *unchanging) Read(p []byte) (int, error) {
	n, err := u.File.Read(p)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	info, statErr := u.Stat()
	if statErr != nil || info.Size() != u.was.size || !info.ModTime().Equal(u.was.mod) {
		return n, errChanged
	}
	return n, io.EOF
}

// putAway moves a taken file to done/ or, with a note of the reason, to failed/. A name that is taken gets the piece's number.
func (h *HotFolder) putAway(path, rel string, p Piece) error {
	folder := doneFolder
	if p.State == Rejected {
		folder = failedFolder
	}
	to := filepath.Join(h.Dir, folder, rel)
	if err := os.MkdirAll(filepath.Dir(to), 0o770); err != nil {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		ext := filepath.Ext(to)
		to = fmt.Sprintf("%s.%d%s", strings.TrimSuffix(to, ext), p.Seq, ext)
	}
	if p.State == Rejected {
		if err := os.WriteFile(to+".reason.txt", []byte(p.Reason+"\n"), 0o660); err != nil {
			return err
		}
	}
	if err := os.Rename(path, to); err != nil {
		return skipVanished(err)
	}
	return nil
}
