package capture

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docket/repository/fault"
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
