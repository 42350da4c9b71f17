package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"docket/repository"
	"docket/repository/fault"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// An Index is the engine that lies in a folder of this machine: bleve's scorch, with a ranking of our own on its posting
// lists. One process owns the folder.
type Index struct {
	schema *Schema
	folder string // "" keeps it in memory
	queue  *index.AnalysisQueue

	writing sync.Mutex // one writer at a time; guards delta
	delta   *delta     // what changes while a rebuild is under way, nil otherwise

	mu       sync.RWMutex // guards what follows; held for reading while a search runs
	current  index.Index
	lengths  lengthsCache
	closed   bool
	building sync.Mutex // one rebuild at a time
}

var _ Engine = (*Index)(nil)

// waitForOwner is how long Open waits for another process to let go of the folder.
const waitForOwner = "2s"

// Open opens the index in a folder and makes an empty one when there is none. An empty folder name makes one in memory.
// A folder that another process holds is a fault of kind Unavailable; a damaged one is of kind Invalid: it can be removed and made anew.
func Open(folder string, schema *Schema) (*Index, error) {
	x := &Index{schema: schema, folder: folder, queue: index.NewAnalysisQueue(min(4, runtime.GOMAXPROCS(0)))}
	path := ""
	if folder != "" {
		var err error
		if path, err = x.currentPath(); err != nil {
			return nil, err
		}
	}
	current, err := x.open(path)
	if err != nil {
		x.queue.Close()
		return nil, err
	}
	x.current = current
	return x, nil
}

// open opens or makes one scorch index.
func (x *Index) open(path string) (index.Index, error) {
	s, err := scorch.NewScorch(scorch.Name, map[string]any{"path": path, "bolt_timeout": waitForOwner}, x.queue)
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	err = s.Open()
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, fault.Wrap(err, fault.Unavailable,
			"The search index in %s is in use by another process. Stop the other docket server of this data folder, or search through it.", x.folder)
	case err != nil:
		return nil, fault.Wrap(err, fault.Invalid,
			"The search index in %s cannot be read. No document is affected: remove that folder and run 'docket reindex'.", x.folder)
	}
	return s, nil
}

// Index implements Engine.
func (x *Index) Index(ctx context.Context, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	batch, err := x.batch(ctx, entries)
	if err != nil {
		return err
	}
	changed := make([]repository.DocumentID, len(entries))
	for i, e := range entries {
		changed[i] = e.Document
	}
	return x.write(batch, changed)
}

func (x *Index) batch(ctx context.Context, entries []Entry) (*index.Batch, error) {
	batch := index.NewBatch()
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		doc, err := encode(x.schema, e)
		if err != nil {
			return nil, err
		}
		batch.Update(doc)
	}
	return batch, nil
}

// Delete implements Engine.
func (x *Index) Delete(_ context.Context, documents []repository.DocumentID) error {
	if len(documents) == 0 {
		return nil
	}
	batch := index.NewBatch()
	for _, id := range documents {
		batch.Delete(key(id))
	}
	return x.write(batch, documents)
}

// write puts a batch into the index in use and, while a rebuild is under way, into the new one as well.
func (x *Index) write(batch *index.Batch, changed []repository.DocumentID) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed {
		return errClosed
	}
	if x.delta != nil {
		if err := x.delta.apply(batch, changed); err != nil {
			return err
		}
	}
	if err := x.current.Batch(batch); err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	return nil
}

var errClosed = fault.New(fault.Unavailable, "The search index is closed: the server is stopping.")

// Count implements Engine.
func (x *Index) Count() (int, error) {
	s, err := x.snapshot(context.Background())
	if err != nil {
		return 0, err
	}
	defer s.close()
	n, err := s.reader.DocCount()
	return int(n), err
}

// Close implements Engine.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	err := x.current.Close()
	x.queue.Close()
	return err
}

// The folder holds the index in use under the name that the file CURRENT holds, and perhaps one that was being built.
const (
	currentFile = "CURRENT"
	firstName   = "index-1"
)

// currentPath finds the index in use and clears away what an interrupted rebuild left.
func (x *Index) currentPath() (string, error) {
	if err := os.MkdirAll(x.folder, 0o700); err != nil {
		return "", fmt.Errorf("search index: %w", err)
	}
	name, err := os.ReadFile(filepath.Join(x.folder, currentFile))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return filepath.Join(x.folder, firstName), x.point(firstName)
	case err != nil:
		return "", fmt.Errorf("search index: %w", err)
	}
	return filepath.Join(x.folder, filepath.Base(strings.TrimSpace(string(name)))), nil
}

// point makes name the index in use from the next start on. The change is atomic: a rename of a file that is on disk.
func (x *Index) point(name string) error {
	temporary := filepath.Join(x.folder, currentFile+".new")
	f, err := os.OpenFile(temporary, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	_, err = f.WriteString(name + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(temporary, filepath.Join(x.folder, currentFile))
	}
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}
