package search

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
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

// A Follower keeps an engine in step with the database. Each change notes, in its own transaction, what it changed in a table; Run
// works off all that is noted. So nothing is lost when two changes of a document are close, a burst becomes a few large batches, and
// the number of rows left is the number of changes not yet searchable.
//
// The table is looked at every Pause. A job for each change would cost more than what it wakes, and a NOTIFY lets transactions commit
// only one at a time: https://www.postgresql.org/docs/current/sql-notify.html (a global lock keeps the notices in order).
type Follower struct {
	Pool   *pgxpool.Pool
	Engine Engine
	Loader Loader
	Kinds  []string // of the subjects that concern documents; nil means "document" alone
	// Redefine takes what the organisation has defined anew, such as a class, into use. It is called before documents are indexed, by
	// whoever owns the index, as soon as a change is committed. Nil: nothing is ever defined anew.
	Redefine func(context.Context) error
	Batch    int           // documents that are loaded and indexed at once; 0 means 200
	Pause    time.Duration // between two looks at what is noted; 0 means a fifth of a second
	Log      *slog.Logger  // nil: nobody is told what Run waits for
}

// Subscribe makes the journal's events of the follower's kinds known to it.
func (f *Follower) Subscribe(j *journal.Journal) {
	j.Subscribe(func(ctx context.Context, tx pgx.Tx, e journal.Event) error {
		if !slices.Contains(f.kinds(), e.Subject.Kind) && (f.Redefine == nil || !isDefinition(e.Subject)) {
			return nil
		}
		return note(ctx, tx, e)
	})
}

func (f *Follower) kinds() []string {
	if f.Kinds == nil {
		return []string{"document"}
	}
	return f.Kinds
}

func isDefinition(s journal.Subject) bool { return slices.Contains(taxonomy.DefinitionKinds, s.Kind) }

// note writes a change down, once for each transaction and subject.
func note(ctx context.Context, tx pgx.Tx, e journal.Event) error {
	_, err := tx.Exec(ctx, `insert into search.pending (subject_kind, subject) select $1, $2
		where not exists (select from search.pending where subject = $2 and tx = pg_current_xact_id())`, e.Subject.Kind, e.Subject.ID)
	if err != nil {
		return fmt.Errorf("note for the search index: %w", err)
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

// afterFailure is how long Run waits when a part of the system is away.
const afterFailure = 5 * time.Second

// Run works off what is noted until ctx ends, and a last time then. It belongs into the process that owns the index, once. The first
// change after a quiet while is worked off at once; what follows is gathered for a while, since a piece of post changes four times while
// it is filed and an index of many small parts costs more to merge than to write.
func (f *Follower) Run(ctx context.Context) error {
	var g gatherer
	for {
		wait, err := f.pause(), f.follow(ctx, &g)
		if err != nil && ctx.Err() == nil && f.Log != nil {
			f.Log.Warn("the search index cannot follow; trying again", "error", err)
		}
		if err != nil {
			wait = afterFailure
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return f.finish(ctx)
		}
	}
}

// lastMoments is how long Run goes on once it is told to stop, so that a house that is closed is in step.
const lastMoments = 5 * time.Second

// finish works off what is noted, as far as there is time. What is left is worked off after the next start.
func (f *Follower) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastMoments)
	defer cancel()
	if err := f.CatchUp(ctx); err != nil && f.Log != nil {
		f.Log.Warn("the search index is behind; it follows after the next start", "error", err)
	}
	return nil
}

// follow looks once at what is noted, and works it off when it is time.
func (f *Follower) follow(ctx context.Context, g *gatherer) error {
	newest, err := f.newest(ctx)
	if err != nil || !g.due(newest, time.Now()) {
		return err
	}
	err = f.CatchUp(ctx)
	g.worked(time.Now())
	return err
}

// A gatherer says when changes are worked off. The zero value has seen none.
type gatherer struct {
	before int64     // the newest change at the last look, 0: none
	until  time.Time // when changes are worked off though more are coming
}

// due says whether to work off changes now, of which the newest has this number; 0: there are none.
func (g *gatherer) due(newest int64, now time.Time) bool {
	due := newest != 0 && (newest == g.before || !now.Before(g.until))
	g.before = newest
	return due
}

// worked notes when changes were worked off.
func (g *gatherer) worked(ended time.Time) { g.before, g.until = 0, ended.Add(gathering) }

// gathering is how long changes that come without end are gathered: what the index does not hold is not much older. What comes alone,
// or last, is worked off as soon as nothing more comes.
const gathering = time.Second

// maxNotes is how many notes are worked off at once.
const maxNotes = 2000

// CatchUp works off what is noted when it begins. It must not run twice at the same time.
func (f *Follower) CatchUp(ctx context.Context) error {
	for {
		worked, err := f.workOff(ctx)
		if err != nil || worked < maxNotes {
			return err
		}
	}
}

// workOff works off the oldest notes and says how many.
func (f *Follower) workOff(ctx context.Context) (int, error) {
	ids, subjects, err := f.notes(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if f.Redefine != nil && slices.ContainsFunc(subjects, isDefinition) {
		if err := f.Redefine(ctx); err != nil {
			return 0, fmt.Errorf("new definitions for the search index: %w", err)
		}
	}
	documents, err := f.Loader.Touched(ctx, f.Pool, subjects)
	if err != nil {
		return 0, fmt.Errorf("changes for the search index: %w", err)
	}
	if err := f.update(ctx, documents); err != nil {
		return 0, err
	}
	// What was noted meanwhile has other IDs and stays.
	if _, err := f.Pool.Exec(ctx, "delete from search.pending where id = any($1)", ids); err != nil {
		return 0, postgres.Unavailable(fmt.Errorf("changes for the search index: %w", err))
	}
	return len(ids), nil
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

// pause is the time between two looks.
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
