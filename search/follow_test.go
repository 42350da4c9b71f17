package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// archive is a repository whose journal an index follows.
type archive struct {
	t     *testing.T
	pool  *pgxpool.Pool
	store *repository.Store
	index *Index
	*Follower
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	pool := postgrestest.New(t, repository.Migrations, Migrations)
	j := journal.New()
	a := &archive{t: t, pool: pool, store: repository.NewStore(blob.NewMemory(), j), index: openMemory(t)}
	a.Follower = &Follower{Pool: pool, Engine: a.index, Loader: textLoader{a.store}, Batch: 3}
	a.Subscribe(j)
	return a
}

// textLoader makes entries of documents and their texts; a text with the word "secret" is not to be found.
type textLoader struct{ store *repository.Store }

func (l textLoader) Touched(_ context.Context, _ postgres.Querier, subjects []journal.Subject) ([]repository.DocumentID, error) {
	var ids []repository.DocumentID
	for _, s := range subjects {
		ids = append(ids, s.ID)
	}
	return ids, nil
}

func (l textLoader) Load(ctx context.Context, q postgres.Querier, documents []repository.DocumentID) ([]Entry, error) {
	texts, err := l.store.Texts(ctx, q, documents)
	sayings, sayingsErr := l.store.Sayings(ctx, q, documents)
	err = errors.Join(err, sayingsErr)
	var entries []Entry
	for id, pages := range texts {
		v, versionErr := l.store.Version(ctx, q, id, 0)
		err = errors.Join(err, versionErr)
		e := Entry{Document: id, Version: v.Number, Digest: v.SHA256, Language: "en", Readers: []string{taxonomy.Everyone}}
		for _, p := range pages {
			e.Pages = append(e.Pages, p.Text)
		}
		for _, a := range sayings[id] {
			e.Notes = append(e.Notes, Note{a.ID, a.Version, a.Page, a.Text})
		}
		if !strings.Contains(strings.Join(e.Pages, " "), "secret") {
			entries = append(entries, e)
		}
	}
	return entries, err
}

// in runs f in one transaction.
func (a *archive) in(f func(tx pgx.Tx) error) {
	a.t.Helper()
	if err := postgres.InTx(a.t.Context(), a.pool, f); err != nil {
		a.t.Fatal(err)
	}
}

// add adds a document with a text.
func (a *archive) add(text string) repository.DocumentID {
	a.t.Helper()
	id := repository.NewDocumentID()
	a.put(id, 1, text)
	return id
}

// put adds version number of a document.
func (a *archive) put(id repository.DocumentID, number int, text string) {
	a.t.Helper()
	ctx := a.t.Context()
	c, err := a.store.PutContent(ctx, id, number, "letter.txt", strings.NewReader(text), 0)
	if err != nil {
		a.t.Fatal(err)
	}
	a.in(func(tx pgx.Tx) error {
		var err error
		if number == 1 {
			_, err = a.store.Add(ctx, tx, "anna", id, c)
		} else {
			_, err = a.store.Revise(ctx, tx, "anna", id, c, "")
		}
		return errors.Join(err, a.store.SetTexts(ctx, tx, id, number, []repository.PageText{{Page: 1, Text: text}}))
	})
}

func (a *archive) find(query string) []repository.DocumentID {
	a.t.Helper()
	r, err := a.index.Search(a.t.Context(), Request{Query: query, Reader: taxonomy.Reader{Tokens: []string{taxonomy.Everyone}}})
	if err != nil {
		a.t.Fatal(err)
	}
	var ids []repository.DocumentID
	for _, h := range r.Hits {
		ids = append(ids, h.Document)
	}
	return ids
}

func (a *archive) pending() int {
	a.t.Helper()
	n, err := Pending(a.t.Context(), a.pool)
	if err != nil {
		a.t.Fatal(err)
	}
	return n
}

func (a *archive) catchUp() {
	a.t.Helper()
	if err := a.CatchUp(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
}

// A lone change is worked off at once; what follows it closely waits until nothing more comes, or long enough.
func TestChangesThatFollowCloselyAreGathered(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	var g gatherer
	at := time.Now()
	for _, look := range []struct {
		after  time.Duration
		newest int64
		due    bool
	}{
		{0, 0, false},
		{200 * ms, 4, true},
		{300 * ms, 7, false},
		{500 * ms, 7, true}, // nothing more came
		{700 * ms, 9, false},
		{1400 * ms, 12, false},
		{1600 * ms, 15, true}, // more came, but it has been long enough
		{3000 * ms, 0, false},
	} {
		now := at.Add(look.after)
		if got := g.due(look.newest, now); got != look.due {
			t.Errorf("after %v, with change %d: due is %v", look.after, look.newest, got)
		}
		if look.due {
			g.worked(now.Add(100 * ms))
		}
	}
}

func TestIndexFollowsTheJournal(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	one, two := a.add("a late delivery"), a.add("a broken television")
	if n := a.pending(); n != 2 {
		t.Errorf("%d changes are pending, want 2", n)
	}
	a.catchUp()
	if diff := cmp.Diff([]repository.DocumentID{one}, a.find("delivery")); diff != "" {
		t.Error(diff)
	}
	a.put(two, 2, "a secret")
	a.put(one, 2, "an early delivery")
	a.catchUp()
	if got := a.find("late"); got != nil {
		t.Errorf("the old text is still found: %v", got)
	}
	if got := a.find("television"); got != nil {
		t.Errorf("a document that is not to be found is found: %v", got)
	}
	if n := a.pending(); n != 0 {
		t.Errorf("%d changes are pending, want none", n)
	}
}

// TestNotesAreFollowed holds that what people write on a page is found as they left it, and no more once it is withdrawn.
func TestNotesAreFollowed(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	id := a.add("a late delivery")
	found := []repository.DocumentID{id}
	var note repository.Annotation
	for _, step := range []struct {
		do          func(tx pgx.Tx) error
		finds, also string
		not         string
	}{
		{func(tx pgx.Tx) (err error) {
			note, err = annotate(t, a.store, tx, repository.Annotation{Document: id, Kind: repository.Note, Text: "call back"})
			return err
		}, `note:"call back"`, "call back", "note:delivery"},
		{func(tx pgx.Tx) error {
			text := "answered by letter"
			_, err := a.store.ChangeAnnotation(t.Context(), tx, "anna", id, 1, note.ID, repository.AnnotationChange{Text: &text}, false)
			return err
		}, "answered", "late letter", "call"},
		{func(tx pgx.Tx) error {
			_, err := a.store.WithdrawAnnotation(t.Context(), tx, "anna", id, 1, note.ID, "", false)
			return err
		}, "-has:note", "late", "answered"},
	} {
		a.in(step.do)
		a.catchUp()
		for _, query := range []string{step.finds, step.also} {
			if diff := cmp.Diff(found, a.find(query)); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		if got := a.find(step.not); got != nil {
			t.Errorf("%s finds %v", step.not, got)
		}
	}
}

// What one transaction changes twice is noted once.
func TestAChangeIsNotedOnceInATransaction(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	id := a.add("a late delivery")
	a.catchUp()
	a.in(func(tx pgx.Tx) error {
		for _, text := range []string{"call back", "called back"} {
			if _, err := annotate(t, a.store, tx, repository.Annotation{Document: id, Kind: repository.Note, Text: text}); err != nil {
				return err
			}
		}
		return nil
	})
	var notes int
	if err := a.pool.QueryRow(t.Context(), "select count(*) from search.pending").Scan(&notes); err != nil || notes != 1 {
		t.Errorf("two changes in one transaction left %d notes, want 1 (%v)", notes, err)
	}
}

// The follower begins by itself with what was noted before, and goes on with what comes, until it is told to stop.
func TestTheFollowerRuns(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.add("a late delivery")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	a.Pause = time.Millisecond
	go func() { ended <- a.Run(ctx) }()
	a.settle()
	a.add("a broken television")
	a.settle()
	a.add("a lost parcel")
	stop()
	if err := <-ended; err != nil || a.pending() != 0 {
		t.Errorf("it ended with %v and left %d changes", err, a.pending())
	}
	if got := a.find("delivery"); len(got) != 1 {
		t.Errorf("%d documents are found, want 1", len(got))
	}
	if got := a.find("television"); len(got) != 1 {
		t.Errorf("%d documents are found, want 1", len(got))
	}
}

// settle waits until nothing is pending.
func (a *archive) settle() {
	a.t.Helper()
	for a.pending() > 0 {
		if a.t.Context().Err() != nil {
			a.t.Fatal("the test ended first")
		}
	}
}

// TestUndoneChangesAreNotFollowed holds that a transaction that is undone leaves nothing to index.
func TestUndoneChangesAreNotFollowed(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	undone := errors.New("undone")
	err := postgres.InTx(t.Context(), a.pool, func(tx pgx.Tx) error {
		id := repository.NewDocumentID()
		c, err := a.store.PutContent(t.Context(), id, 1, "x.txt", strings.NewReader("x"), 0)
		if err == nil {
			_, err = a.store.Add(t.Context(), tx, "anna", id, c)
		}
		return errors.Join(err, undone)
	})
	if !errors.Is(err, undone) || a.pending() != 0 {
		t.Errorf("got %v and %d pending changes", err, a.pending())
	}
}

func TestReindexAndVerify(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	ids := []repository.DocumentID{a.add("one letter"), a.add("two letters"), a.add("three letters"), a.add("four letters")}
	if err := a.Reindex(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := a.find("letter"); len(got) != len(ids) {
		t.Errorf("%d letters are found after reindexing, want %d", len(got), len(ids))
	}
	a.verify(0)
	a.put(ids[0], 2, "one note")
	a.verify(1)
	if err := a.index.Delete(t.Context(), ids[3:]); err != nil {
		t.Fatal(err)
	}
	a.verify(2)
	if err := a.index.Index(t.Context(), []Entry{{Document: testID(1), Version: 1, Pages: []string{"stray"}}}); err != nil {
		t.Fatal(err)
	}
	a.verify(3)
	done := 0
	if err := a.Reindex(t.Context(), func(n int) { done = n }); err != nil {
		t.Fatal(err)
	}
	a.verify(0)
	if done != len(ids) {
		t.Errorf("progress ended at %d of %d", done, len(ids))
	}
}

// TestALostIndexIsFilledAgain takes the index away and opens an empty one in its place.
func TestALostIndexIsFilledAgain(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	for i := range 7 {
		a.add(fmt.Sprintf("letter number %d", i))
	}
	a.catchUp()
	a.index = openMemory(t)
	a.Engine = a.index
	for range 2 { // a second start before the first has filled it adds nothing
		if err := a.FillIfEmpty(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := a.pending(); n != 7 {
			t.Errorf("%d documents are to be indexed, want 7", n)
		}
	}
	a.catchUp()
	if got := a.find("letter"); len(got) != 7 {
		t.Errorf("%d letters are found, want 7", len(got))
	}
	if err := a.FillIfEmpty(t.Context()); err != nil || a.pending() != 0 {
		t.Errorf("a full index is filled again: %v, %d pending", err, a.pending())
	}
}

// verify wants so many findings.
func (a *archive) verify(want int) {
	a.t.Helper()
	v, err := Verify(a.t.Context(), a.pool, a.index)
	if err != nil {
		a.t.Fatal(err)
	}
	if v.Different != want || len(v.Findings) != want {
		a.t.Errorf("got %d findings, want %d: %+v", v.Different, want, v)
	}
}
