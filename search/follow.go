package search

import (
	"context"
	"fmt"
	"slices"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A Loader knows what entries are made of.
type Loader interface {
	// Touched gives the documents whose entries change with these subjects; a document changes its own. At most a few thousand
	// subjects come at once.
	Touched(ctx context.Context, q postgres.Querier, subjects []journal.Subject) ([]repository.DocumentID, error)
	// Load makes the entries of some documents, in any order and with a number of queries that does not depend on theirs. A document it
	// leaves out is not to be found, and is taken out of the index.
	Load(ctx context.Context, q postgres.Querier, documents []repository.DocumentID) ([]Entry, error)
}

// A Follower keeps an engine in step with the database. Each change notes, in its own transaction, what it changed in a table
// and inserts a job; whichever job runs first works off all that is noted. So nothing is lost when two changes of a document are
// close, a burst becomes a few large batches, and the number of rows left is the number of changes not yet searchable.
type Follower struct {
	Pool   *pgxpool.Pool
	Engine Engine
	Loader Loader
	Kinds  []string // of the subjects that concern documents; nil means "document" alone
	// Redefine takes what the organisation has defined anew, such as a class, into use. It is called before documents are indexed, by
	// whoever owns the index, as soon as a change is committed. Nil: nothing is ever defined anew.
	Redefine func(context.Context) error
	Batch    int           // documents that are loaded and indexed at once; 0 means 200
	Pause    time.Duration // in which changes are gathered at least, after the last were worked off; 0 means a fifth of a second, less than 0 none
}

// Queue is the queue of index jobs. It has one worker, in the process that owns the index.
const Queue = "index"

// IndexArgs wakes the worker. There is one job for each transaction that changed something: a job unique by document would silently
// lose every change made while it runs.
type IndexArgs struct {
	Tx uint64 `json:"tx"`
}

// Kind names the job.
func (IndexArgs) Kind() string { return "search.index" }

// InsertOpts puts the job in its queue, once for each transaction.
func (IndexArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: Queue, MaxAttempts: 25, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// An Inserter inserts jobs: a *river.Client[pgx.Tx].
type Inserter interface {
	InsertTx(ctx context.Context, tx pgx.Tx, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

// Subscribe makes the journal's events of the follower's kinds known to it. jobs may be a client that is not started.
func (f *Follower) Subscribe(j *journal.Journal, jobs Inserter) {
	j.Subscribe(func(ctx context.Context, tx pgx.Tx, e journal.Event) error {
		if !slices.Contains(f.kinds(), e.Subject.Kind) && (f.Redefine == nil || !isDefinition(e.Subject)) {
			return nil
		}
		return note(ctx, tx, jobs, e)
	})
}

func (f *Follower) kinds() []string {
	if f.Kinds == nil {
		return []string{"document"}
	}
	return f.Kinds
}

func isDefinition(s journal.Subject) bool { return slices.Contains(taxonomy.DefinitionKinds, s.Kind) }

// note writes a change down, once for each transaction and subject, and wakes the worker.
func note(ctx context.Context, tx pgx.Tx, jobs Inserter, e journal.Event) error {
	tag, err := tx.Exec(ctx, `insert into search.pending (subject_kind, subject) select $1, $2
		where not exists (select from search.pending where subject = $2 and tx = pg_current_xact_id())`, e.Subject.Kind, e.Subject.ID)
	if err != nil {
		return fmt.Errorf("note for the search index: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	if _, err = jobs.InsertTx(ctx, tx, IndexArgs{e.Tx}, nil); err != nil {
		return fmt.Errorf("wake the search index: %w", err)
	}
	return nil
}

// Pending is the number of changed subjects that the index does not yet hold.
func Pending(ctx context.Context, q postgres.Querier) (int, error) {
	var n int
	err := q.QueryRow(ctx, "select count(distinct subject) from search.pending").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("pending changes of the search index: %w", err)
	}
	return n, nil
}

// Worker is the River worker of index jobs, to be registered with river.AddWorker in the process that owns the index, with one worker
// for its queue.
type Worker struct {
	river.WorkerDefaults[IndexArgs]
	*Follower
	last time.Time     // when the index was brought up to date; used by the one worker alone
	took time.Duration // how long that took
}

// Work implements river.Worker. The first change after a quiet while is worked off at once; what follows is gathered for a while,
// since a piece of post changes four times while it is filed and an index of many small parts costs more to merge than to write.
func (w *Worker) Work(ctx context.Context, _ *river.Job[IndexArgs]) error {
	waiting, err := w.gather(ctx)
	if err != nil || !waiting {
		return err
	}
	began := time.Now()
	err = w.CatchUp(ctx)
	w.last, w.took = time.Now(), time.Since(began)
	return err
}

// gather waits while changes come, until it is time to work them off, and says whether there are any.
func (w *Worker) gather(ctx context.Context) (waiting bool, err error) {
	until := w.last.Add(gathering(w.pause(), w.took))
	for before := int64(0); ; {
		newest, err := w.newest(ctx)
		if err != nil || newest == 0 {
			return false, err
		}
		rest := time.Until(until)
		if newest == before || rest <= 0 {
			return true, nil
		}
		before = newest
		select {
		case <-time.After(min(rest, w.pause())):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// Of the time in which changes come without end, the index takes one part in five, and what it does not hold is never much older than
// longestPause. What comes alone, or last, is worked off as soon as nothing more comes.
const (
	restParts    = 4
	longestPause = 2 * time.Second
)

// gathering is how long changes are gathered at most after some were worked off, which took so long.
func gathering(least, took time.Duration) time.Duration {
	if least < 0 {
		return 0
	}
	return max(least, min(restParts*took, longestPause))
}

// Timeout is how long one job may work: it does the work of all that wait.
func (w *Worker) Timeout(*river.Job[IndexArgs]) time.Duration { return 30 * time.Minute }

// maxNotes is how many notes are worked off at once.
const maxNotes = 2000

// CatchUp works off all that is noted. It must not run twice at the same time.
func (f *Follower) CatchUp(ctx context.Context) error {
	for {
		ids, subjects, err := f.notes(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		if f.Redefine != nil && slices.ContainsFunc(subjects, isDefinition) {
			if err := f.Redefine(ctx); err != nil {
				return fmt.Errorf("new definitions for the search index: %w", err)
			}
		}
		documents, err := f.Loader.Touched(ctx, f.Pool, subjects)
		if err != nil {
			return fmt.Errorf("changes for the search index: %w", err)
		}
		if err := f.update(ctx, documents); err != nil {
			return err
		}
		// What was noted meanwhile has other IDs and stays.
		if _, err := f.Pool.Exec(ctx, "delete from search.pending where id = any($1)", ids); err != nil {
			return postgres.Unavailable(fmt.Errorf("changes for the search index: %w", err))
		}
	}
}

func (f *Follower) notes(ctx context.Context) (ids []int64, subjects []journal.Subject, err error) {
	rows, err := f.Pool.Query(ctx, "select id, subject_kind, subject from search.pending order by id limit $1", maxNotes)
	if err != nil {
		return nil, nil, postgres.Unavailable(err)
	}
	var id int64
	var s journal.Subject
	_, err = pgx.ForEachRow(rows, []any{&id, &s.Kind, &s.ID}, func() error {
		ids, subjects = append(ids, id), append(subjects, s)
		return nil
	})
	return ids, subjects, postgres.Unavailable(err)
}

// update indexes documents as they are now.
func (f *Follower) update(ctx context.Context, documents []repository.DocumentID) error {
	for chunk := range slices.Chunk(distinctIDs(documents), f.batch()) {
		entries, err := f.Loader.Load(ctx, f.Pool, chunk)
		if err != nil {
			return fmt.Errorf("load for the search index: %w", err)
		}
		if err := f.Engine.Index(ctx, entries); err != nil {
			return err
		}
		if err := f.Engine.Delete(ctx, without(chunk, entries)); err != nil {
			return err
		}
	}
	return nil
}

// pause is the least time in which changes are gathered.
func (f *Follower) pause() time.Duration {
	if f.Pause == 0 {
		return time.Second / 5
	}
	return f.Pause
}

// newest is the ID of the last change that is noted, 0 when there is none.
func (f *Follower) newest(ctx context.Context) (id int64, err error) {
	err = f.Pool.QueryRow(ctx, "select coalesce(max(id), 0) from search.pending").Scan(&id)
	return id, postgres.Unavailable(err)
}

func (f *Follower) batch() int {
	if f.Batch <= 0 {
		return 200
	}
	return f.Batch
}

func distinctIDs(ids []repository.DocumentID) []repository.DocumentID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, compareIDs)
	return slices.Compact(ids)
}

func compareIDs(a, b repository.DocumentID) int { return slices.Compare(a[:], b[:]) }

// without are the documents that have no entry.
func without(documents []repository.DocumentID, entries []Entry) []repository.DocumentID {
	have := make(map[repository.DocumentID]bool, len(entries))
	for _, e := range entries {
		have[e.Document] = true
	}
	return slices.DeleteFunc(slices.Clone(documents), func(id repository.DocumentID) bool { return have[id] })
}
