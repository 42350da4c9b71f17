package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"docket/repository"

	index "github.com/blevesearch/bleve_index_api"
)

// A delta is an index that is being built anew beside the one in use. Guarded by Index.writing.
type delta struct {
	index   index.Index
	name    string                         // of its folder, "" in memory
	changed map[repository.DocumentID]bool // written or deleted since the rebuild began: what fill has of them is older
}

// Rebuild implements Engine. Changes made while it runs go into both indexes. A crash before the end leaves the index in use,
// and the next Open clears the other away.
func (x *Index) Rebuild(ctx context.Context, fill func(add func(context.Context, []Entry) error) error) error {
	x.building.Lock()
	defer x.building.Unlock()
	d, err := x.beside()
	if err != nil {
		return err
	}
	x.follow(d)
	err = fill(func(ctx context.Context, entries []Entry) error { return x.fill(ctx, d, entries) })
	if err == nil {
		err = x.swap(d)
	}
	if err != nil {
		x.follow(nil)
		_ = d.index.Close()
		x.remove(d.name)
		return fmt.Errorf("rebuild search index: %w", err)
	}
	return nil
}

// beside makes an empty index beside the one in use.
func (x *Index) beside() (*delta, error) {
	d := &delta{changed: map[repository.DocumentID]bool{}}
	path := ""
	if x.folder != "" {
		in, err := x.currentName()
		if err != nil {
			return nil, err
		}
		n, _ := strconv.Atoi(strings.TrimPrefix(in, namePrefix))
		d.name = namePrefix + strconv.Itoa(n+1)
		x.remove(d.name)
		path = filepath.Join(x.folder, d.name)
	}
	var err error
	d.index, err = x.open(path)
	return d, err
}

// follow makes writes go to d as well, or to the index in use alone.
func (x *Index) follow(d *delta) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.delta = d
}

// fill adds entries to the new index but for those that have changed since.
func (x *Index) fill(ctx context.Context, d *delta, entries []Entry) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.isClosed() {
		return errClosed
	}
	current := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if !d.changed[e.Document] {
			current = append(current, e)
		}
	}
	batch, err := x.batch(ctx, current)
	if err != nil || len(current) == 0 {
		return err
	}
	return d.index.Batch(batch)
}

func (x *Index) isClosed() bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.closed
}

// swap puts the new index in the place of the old one. Searches that are under way are finished first.
func (x *Index) swap(d *delta) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return errClosed
	}
	oldName := ""
	if x.folder != "" {
		var err error
		if oldName, err = x.currentName(); err != nil {
			return err
		}
		if err := x.point(d.name); err != nil {
			return err
		}
	}
	old := x.current
	x.current, x.delta = d.index, nil
	if err := old.Close(); err != nil {
		return nil // the new index is in use; what is left of the old one is cleared away at the next start
	}
	x.remove(oldName)
	return nil
}

func (x *Index) remove(name string) {
	if name != "" {
		_ = os.RemoveAll(filepath.Join(x.folder, name)) // tried again by clear
	}
}

// clear removes indexes that are not in use: what an interrupted rebuild left. The folder must be ours, that is, open.
func (x *Index) clear() error {
	in, err := x.currentName()
	if err != nil {
		return err
	}
	names, err := filepath.Glob(filepath.Join(x.folder, namePrefix+"*"))
	for _, n := range names {
		if filepath.Base(n) != in {
			err = errors.Join(err, os.RemoveAll(n))
		}
	}
	return err
}
