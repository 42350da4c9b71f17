package search

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"docket/repository"
	"docket/repository/fault"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// An Index is the engine that lies in a folder of this machine: bleve's scorch, with a ranking of our own on its posting
// lists. One process owns the folder.
type Index struct {
	schema atomic.Pointer[Schema]
	folder string // "" keeps it in memory
	queue  *index.AnalysisQueue

	writing sync.Mutex // one writer at a time; guards delta
	delta   *delta     // what changes while a rebuild is under way, nil otherwise

	mu       sync.RWMutex // guards what follows; held for reading while a search runs
	current  index.Index
	lengths  lengthsCache
	columns  columns
	closed   bool
	building sync.Mutex // one rebuild at a time
}

var _ Engine = (*Index)(nil)

// waitForOwner is how long Open waits for another process to let go of the folder.
const waitForOwner = "2s"

// smallSegment is the number of documents below which parts of the index count as equally small. With bleve's own 2,000 an index of
// less is merged into one part after every batch, which costs more than reading and indexing a PDF; some ten small parts cost a
// search nothing that can be seen.
const smallSegment = 100

// Open opens the index in a folder and makes an empty one when there is none. An empty folder name makes one in memory.
// A folder that another process holds is a fault of kind Unavailable; a damaged one is of kind Invalid: it can be removed and made anew.
func Open(folder string, schema *Schema) (*Index, error) {
	x := &Index{folder: folder, queue: index.NewAnalysisQueue(min(4, runtime.GOMAXPROCS(0)))}
	x.schema.Store(schema)
	if err := x.openCurrent(); err != nil {
		x.queue.Close()
		return nil, err
	}
	return x, nil
}

// Use changes the schema from the next request and entry on. Entries keep the form they have until they are indexed again, so a new
// field finds earlier documents after a rebuild.
func (x *Index) Use(schema *Schema) { x.schema.Store(schema) }

func (x *Index) openCurrent() error {
	path := ""
	if x.folder != "" {
		name, err := x.currentName()
		if err != nil {
			return err
		}
		path = filepath.Join(x.folder, name)
	}
	var err error
	if x.current, err = x.open(path); err != nil || x.folder == "" {
		return err
	}
	if err := x.clear(); err != nil {
		_ = x.current.Close()
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}

// open opens or makes one scorch index.
func (x *Index) open(path string) (index.Index, error) {
	s, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path": path, "bolt_timeout": waitForOwner,
		"scorchMergePlanOptions": map[string]any{"FloorSegmentSize": smallSegment},
	}, x.queue)
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
	changed := make([]repository.DocumentID, len(entries))
	for i, e := range entries {
		changed[i] = e.Document
	}
	return x.write(changed, func() (*index.Batch, error) { return x.batch(ctx, entries) })
}

func (x *Index) batch(ctx context.Context, entries []Entry) (*index.Batch, error) {
	batch := index.NewBatch()
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		doc, err := encode(x.schema.Load(), e)
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
	return x.write(documents, func() (*index.Batch, error) {
		batch := index.NewBatch()
		for _, id := range documents {
			batch.Delete(key(id))
		}
		return batch, nil
	})
}

// write puts a batch into the index in use and, while a rebuild is under way, another like it into the new one.
func (x *Index) write(changed []repository.DocumentID, batch func() (*index.Batch, error)) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed {
		return errClosed
	}
	into := []index.Index{x.current}
	if x.delta != nil {
		into = append(into, x.delta.index)
		for _, id := range changed {
			x.delta.changed[id] = true
		}
	}
	for _, in := range into {
		b, err := batch()
		if err != nil {
			return err
		}
		if err := in.Batch(b); err != nil {
			return fmt.Errorf("write search index: %w", err)
		}
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
