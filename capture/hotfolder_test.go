package capture_test

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
)

// scanner is a hot folder with a hand-driven clock, and a door that notes what it was given.
type scanner struct {
	t      *testing.T
	folder *capture.HotFolder
	now    time.Time
	taken  []string // source: name = content
	origin map[string]bool
	answer func(capture.Item) (capture.Piece, error)
}

func newScanner(t *testing.T) *scanner {
	t.Helper()
	t.Parallel()
	s := &scanner{t: t, now: time.Date(2026, 3, 14, 8, 0, 0, 0, time.UTC), origin: map[string]bool{}}
	s.answer = func(capture.Item) (capture.Piece, error) { return capture.Piece{State: capture.Stored, Seq: 7}, nil }
	s.folder = &capture.HotFolder{Dir: t.TempDir(), Source: "scanner", Settle: 2 * time.Second, Log: slog.New(slog.DiscardHandler),
		Receive: s.receive}
	return s
}

func (s *scanner) receive(_ context.Context, item capture.Item) (capture.Piece, error) {
	b, err := io.ReadAll(item.Content)
	if err != nil {
		return capture.Piece{}, err
	}
	p, err := s.answer(item)
	if err == nil && !s.origin[item.Origin] {
		s.origin[item.Origin] = true
		s.taken = append(s.taken, item.Source+": "+item.Name+" = "+string(b))
	}
	return p, err
}

// after lets time pass and looks.
func (s *scanner) after(d time.Duration) error {
	s.now = s.now.Add(d)
	return s.folder.Look(s.t.Context(), s.now)
}

func (s *scanner) write(name, content string) {
	s.t.Helper()
	path := filepath.Join(s.folder.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scanner) files() (names []string) {
	filepath.WalkDir(s.folder.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(s.folder.Dir, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	return names
}

// wantTaken compares what the door was given. A process that another test starts holds our files open for a moment between
// fork and exec, which rightly makes the folder wait, so it looks again while something is missing.
func (s *scanner) wantTaken(want ...string) {
	s.t.Helper()
	for i := 0; len(s.taken) < len(want) && i < 10_000; i++ {
		s.look(0)
	}
	if d := cmp.Diff(want, s.taken); d != "" {
		s.t.Errorf("taken (-want +got):\n%s", d)
	}
}

func (s *scanner) wantFiles(want ...string) {
	s.t.Helper()
	if d := cmp.Diff(want, s.files()); d != "" {
		s.t.Errorf("files (-want +got):\n%s", d)
	}
}

func (s *scanner) look(d time.Duration) {
	s.t.Helper()
	if err := s.after(d); err != nil {
		s.t.Error(err)
	}
}

func TestAFileIsTakenOnceItStopsGrowing(t *testing.T) {
	s := newScanner(t)
	s.write("a.pdf", "half")
	s.look(0)
	s.look(time.Second)
	s.write("a.pdf", "half and more")
	s.look(time.Second)
	s.look(time.Second)
	s.wantTaken()
	s.look(time.Second)
	s.wantTaken("scanner: a.pdf = half and more")
	s.wantFiles("done/a.pdf")
}

func TestAFileOpenForWritingIsLeftAlone(t *testing.T) {
	s := newScanner(t)
	s.write("slow.pdf", "first block")
	f, err := os.OpenFile(filepath.Join(s.folder.Dir, "slow.pdf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.look(0)
	s.look(time.Minute) // the writer pauses for longer than the settling time
	s.wantTaken()
	if _, err := f.WriteString(", last block"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	s.look(time.Second)
	s.look(5 * time.Second)
	s.wantTaken("scanner: slow.pdf = first block, last block")
}

func TestUnfinishedNamesWaitForTheirRename(t *testing.T) {
	s := newScanner(t)
	s.write("b.pdf.part", "whole")
	s.write(".hidden", "x")
	s.write("~$letter.docx", "x")
	s.look(0)
	s.look(time.Minute)
	s.wantTaken()
	dir := s.folder.Dir
	if err := os.Rename(filepath.Join(dir, "b.pdf.part"), filepath.Join(dir, "b.pdf")); err != nil {
		t.Fatal(err)
	}
	s.look(time.Second)
	s.look(2 * time.Second)
	s.wantTaken("scanner: b.pdf = whole")
}

func TestSubFoldersAreSources(t *testing.T) {
	s := newScanner(t)
	s.write("branch 7/claims/c.tif", "1")
	s.write("d.tif", "2")
	s.look(0)
	s.look(2 * time.Second)
	s.wantTaken("scanner/branch 7/claims: c.tif = 1", "scanner: d.tif = 2")
	s.wantFiles("done/branch 7/claims/c.tif", "done/d.tif")
}

func TestNothingIsMovedWhileTheDoorIsAway(t *testing.T) {
	s := newScanner(t)
	s.answer = func(capture.Item) (capture.Piece, error) {
		return capture.Piece{}, fault.New(fault.Unavailable, "The database is away.")
	}
	s.write("e.pdf", "patience")
	s.look(0)
	var err error
	for i := 0; err == nil && i < 10_000; i++ {
		err = s.after(2 * time.Second)
	}
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want Unavailable", err)
	}
	s.wantFiles("e.pdf")
	s.answer = func(capture.Item) (capture.Piece, error) { return capture.Piece{State: capture.Stored}, nil }
	s.look(time.Second)
	s.wantTaken("scanner: e.pdf = patience")
}

func TestACrashBetweenStoringAndMovingMakesNoSecondPiece(t *testing.T) {
	s := newScanner(t)
	s.write("f.pdf", "once")
	s.look(0)
	s.look(2 * time.Second)
	s.wantTaken("scanner: f.pdf = once")
	s.wantFiles("done/f.pdf")
	before := len(s.origin)
	s.write("g.pdf", "twice?")
	s.look(time.Second)
	crash := s.answer
	s.answer = func(i capture.Item) (capture.Piece, error) {
		s.origin[i.Origin] = true
		return capture.Piece{}, fault.New(fault.Unavailable, "Cut off after the commit.")
	}
	for i := 0; len(s.origin) == before && i < 10_000; i++ {
		_ = s.after(2 * time.Second)
	}
	s.answer = crash
	for i := 0; len(s.files()) > 0 && !slices.Contains(s.files(), "done/g.pdf") && i < 10_000; i++ {
		s.look(time.Second)
	}
	s.wantFiles("done/f.pdf", "done/g.pdf")
	if got := len(s.origin) - before; got != 1 {
		t.Errorf("g.pdf was handed in under %d origins, want 1", got)
	}
}

func TestTheSameNameLaterIsAnotherPiece(t *testing.T) {
	s := newScanner(t)
	var want []string
	for _, content := range []string{"monday", "tuesday"} {
		s.write("scan0001.pdf", content)
		s.look(time.Second)
		s.look(2 * time.Second)
		want = append(want, "scanner: scan0001.pdf = "+content)
		s.wantTaken(want...)
	}
	s.wantFiles("done/scan0001.7.pdf", "done/scan0001.pdf")
}

func TestARefusedFileGoesToFailedWithTheReason(t *testing.T) {
	s := newScanner(t)
	s.answer = func(capture.Item) (capture.Piece, error) {
		return capture.Piece{State: capture.Rejected, Reason: "The file is too large."}, nil
	}
	s.write("big.bin", "x")
	s.look(0)
	s.look(2 * time.Second)
	s.wantTaken("scanner: big.bin = x")
	s.wantFiles("failed/big.bin", "failed/big.bin.reason.txt")
	reason, _ := os.ReadFile(filepath.Join(s.folder.Dir, "failed/big.bin.reason.txt"))
	if !strings.Contains(string(reason), "too large") {
		t.Errorf("reason: %q", reason)
	}
}
