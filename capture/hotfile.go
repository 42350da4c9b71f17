package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docket/repository/journal"

	"golang.org/x/sys/unix"
)

// sighting is how a file looked and since when it has looked so.
type sighting struct {
	size  int64
	mod   time.Time
	since time.Time
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
