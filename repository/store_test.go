package repository_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

const anna, boris = journal.Actor("anna"), journal.Actor("boris")

// archive is a repository on a real database and the in-memory object store.
type archive struct {
	t     *testing.T
	pool  *pgxpool.Pool
	blobs *blob.Memory
	*repository.Store
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	t.Parallel()
	blobs := blob.NewMemory()
	return &archive{t, postgrestest.New(t, repository.Migrations), blobs, repository.NewStore(blobs, journal.New())}
}

// in runs f in a transaction and gives its error.
func (a *archive) in(f func(tx pgx.Tx) error) error {
	return postgres.InTx(a.t.Context(), a.pool, f)
}

func (a *archive) must(f func(tx pgx.Tx) error) {
	a.t.Helper()
	if err := a.in(f); err != nil {
		a.t.Fatal(err)
	}
}

func (a *archive) put(id repository.DocumentID, number int, text string) repository.Content {
	a.t.Helper()
	c, err := a.PutContent(a.t.Context(), id, number, "letter.txt", strings.NewReader(text), 0)
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

func (a *archive) add(text string) repository.Version {
	a.t.Helper()
	id := repository.NewDocumentID()
	c := a.put(id, 1, text)
	var v repository.Version
	a.must(func(tx pgx.Tx) (err error) {
		v, err = a.Add(a.t.Context(), tx, anna, id, c)
		return err
	})
	return v
}

func (a *archive) read(v repository.Version) (string, error) {
	r, err := a.Open(a.t.Context(), v)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestVersionsFollowEachOtherAndKeepTheirBytes(t *testing.T) {
	a := newArchive(t)
	first := a.add("Dear Sirs")
	c := a.put(first.Document, 2, "Dear Madam")
	a.must(func(tx pgx.Tx) error {
		_, err := a.Revise(t.Context(), tx, boris, first.Document, c, "corrected")
		return err
	})
	all, err := a.Versions(t.Context(), a.pool, first.Document)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range all {
		text, err := a.read(v)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(v.By)+": "+text)
	}
	if d := cmp.Diff([]string{"anna: Dear Sirs", "boris: Dear Madam"}, got); d != "" {
		t.Error(d)
	}
	if all[0].MediaType != "text/plain; charset=utf-8" {
		t.Errorf("media type %q", all[0].MediaType)
	}
	newest, err := a.Version(t.Context(), a.pool, first.Document, 0)
	if err != nil || newest.Number != 2 {
		t.Errorf("the newest is version %d, %v", newest.Number, err)
	}
}

func TestOnlyOneHoldsADocument(t *testing.T) {
	a := newArchive(t)
	v := a.add("draft")
	ctx := t.Context()
	checkOut := func(by journal.Actor) error {
		return a.in(func(tx pgx.Tx) error { return a.CheckOut(ctx, tx, by, v.Document) })
	}
	if err := errors.Join(checkOut(anna), checkOut(anna)); err != nil {
		t.Fatal(err)
	}
	if err := checkOut(boris); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second holder: %v", err)
	}
	c := a.put(v.Document, 2, "final")
	revise := a.in(func(tx pgx.Tx) error {
		_, err := a.Revise(ctx, tx, boris, v.Document, c, "")
		return err
	})
	if !fault.Is(revise, fault.Conflict) {
		t.Errorf("revising what somebody else holds: %v", revise)
	}
	cancel := func(by journal.Actor, force bool) error {
		return a.in(func(tx pgx.Tx) error { return a.CancelCheckOut(ctx, tx, by, v.Document, force) })
	}
	if err := cancel(boris, false); !fault.Is(err, fault.Conflict) {
		t.Errorf("a stranger released it: %v", err)
	}
	a.must(func(tx pgx.Tx) error {
		_, err := a.CheckIn(ctx, tx, anna, v.Document, c, "done")
		return err
	})
	if err := checkOut(boris); err != nil {
		t.Errorf("after check-in: %v", err)
	}
	if err := cancel(anna, true); err != nil {
		t.Errorf("by force: %v", err)
	}
	d, err := a.Get(ctx, a.pool, v.Document)
	if err != nil || d.Latest != 2 || d.CheckedOutBy != "" {
		t.Errorf("%+v %v", d, err)
	}
}

func TestDamageIsNeverReadSilently(t *testing.T) {
	a := newArchive(t)
	v := a.add("the original")
	ctx := t.Context()
	a.blobs.Damage("documents/"+v.Document.String()+"/content", v.Object, []byte("the 0riginal"))
	if _, err := a.read(v); !errors.Is(err, blob.ErrDigest) {
		t.Errorf("reading damaged bytes: %v", err)
	}
	damage, err := a.Check(ctx, v)
	if err != nil || damage == "" {
		t.Fatalf("check: %q %v", damage, err)
	}
	a.must(func(tx pgx.Tx) error { return a.RecordCheck(ctx, tx, journal.System("fixity"), v, damage, time.Now()) })
	found, err := a.Damaged(ctx, a.pool)
	if err != nil || len(found) != 1 || found[0].Document != v.Document {
		t.Errorf("damaged: %v %v", found, err)
	}
	if due, _ := a.LeastRecentlyChecked(ctx, a.pool, time.Now().Add(-time.Hour), 10); len(due) != 0 {
		t.Errorf("checked a moment ago and due again: %v", due)
	}
	report, err := a.Verify(ctx, a.pool, true)
	if err != nil || len(report.Findings) != 1 {
		t.Errorf("verify: %+v %v", report, err)
	}
}

func TestSweepTakesOnlyWhatNobodyPointsTo(t *testing.T) {
	a := newArchive(t)
	ctx := t.Context()
	v := a.add("kept")
	page, err := a.PutRendition(ctx, v.Document, 1, repository.PageLayout, 1, "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	a.must(func(tx pgx.Tx) error { return a.AddRenditions(ctx, tx, []repository.Rendition{page}) })
	a.put(repository.NewDocumentID(), 1, "the row never came")
	again, err := a.PutRendition(ctx, v.Document, 1, repository.PageLayout, 1, "application/json", strings.NewReader("{} "))
	if err != nil {
		t.Fatal(err)
	}
	a.must(func(tx pgx.Tx) error { return a.AddRenditions(ctx, tx, []repository.Rendition{again}) })
	if n, err := a.Sweep(ctx, a.pool, time.Now().Add(-time.Minute)); n != 0 || err != nil {
		t.Errorf("young objects belong to work in flight: swept %d, %v", n, err)
	}
	n, err := a.Sweep(ctx, a.pool, time.Now().Add(time.Minute))
	if err != nil || n != 2 {
		t.Errorf("swept %d objects, want the orphan and the replaced layout: %v", n, err)
	}
	report, err := a.Verify(ctx, a.pool, true)
	if err != nil || len(report.Findings) != 0 || report.Versions != 1 || report.Renditions != 1 {
		t.Errorf("%+v %v", report, err)
	}
	if err := a.blobs.Delete(ctx, again.Key, again.Object); err != nil {
		t.Fatal(err)
	}
	if report, _ := a.Verify(ctx, a.pool, false); len(report.Findings) != 1 {
		t.Errorf("a lost rendition was not found: %+v", report)
	}
}

// leaky is a blob store that says of what age unfinished puts were removed.
type leaky struct {
	blob.Store
	before time.Time
}

func (l *leaky) RemoveUnfinished(_ context.Context, before time.Time) (int, error) {
	l.before = before
	return 3, nil
}

func TestSweepRemovesUnfinishedPuts(t *testing.T) {
	a := newArchive(t)
	blobs, yesterday := &leaky{Store: a.blobs}, time.Now().Add(-24*time.Hour)
	n, err := repository.NewStore(blobs, journal.New()).Sweep(t.Context(), a.pool, yesterday)
	if err != nil || n != 3 || !blobs.before.Equal(yesterday) {
		t.Errorf("swept %d that began before %s, %v", n, blobs.before, err)
	}
}

func TestTextsAcceptWhatStrangersSend(t *testing.T) {
	a := newArchive(t)
	ctx := t.Context()
	one, two := a.add("1"), a.add("2")
	a.must(func(tx pgx.Tx) error {
		return errors.Join(
			a.SetTexts(ctx, tx, one.Document, 1, []repository.PageText{{Page: 1, Text: "old"}}),
			a.SetTexts(ctx, tx, one.Document, 1, []repository.PageText{{Page: 1, Text: "a\x00b\xff", Language: "de", Confidence: .5}, {Page: 2, Text: "c"}}),
			a.SetTexts(ctx, tx, two.Document, 1, nil))
	})
	got, err := a.Texts(ctx, a.pool, []repository.DocumentID{one.Document, two.Document})
	if err != nil {
		t.Fatal(err)
	}
	want := map[repository.DocumentID][]repository.PageText{one.Document: {
		{Page: 1, Text: "a\uFFFDb\uFFFD", Language: "de", Confidence: .5}, {Page: 2, Text: "c"}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestSameBytesAreFound(t *testing.T) {
	a := newArchive(t)
	v := a.add("twice")
	a.add("once")
	id, found, err := a.FindDigest(t.Context(), a.pool, v.SHA256)
	if err != nil || !found || id != v.Document {
		t.Errorf("%v %v %v", id, found, err)
	}
	if _, found, _ := a.FindDigest(context.Background(), a.pool, blob.SHA256{1}); found {
		t.Error("found bytes that are not there")
	}
}
