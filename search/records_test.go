package search

import (
	"context"
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
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
)

// TestEntriesOfRecords loads a filed document, one that waits and one that nobody may find.
func TestEntriesOfRecords(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	pool := postgrestest.New(t, repository.Migrations, taxonomy.Migrations, Migrations)
	j := journal.New()
	store, plan := repository.NewStore(blob.NewMemory(), j), taxonomy.NewPlan(j, nil)
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	var filed taxonomy.Record
	var note Note
	ids := []repository.DocumentID{repository.NewDocumentID(), repository.NewDocumentID(), repository.NewDocumentID(), repository.NewDocumentID()}
	received := time.Date(2026, 3, 14, 23, 30, 0, 0, time.UTC)
	err = postgres.InTx(ctx, pool, func(tx pgx.Tx) error {
		if err := taxonomy.Install(ctx, tx, pack); err != nil {
			return err
		}
		for _, id := range ids[:3] {
			c, err := store.PutContent(ctx, id, 1, "letter.txt", strings.NewReader("x"), 0)
			if err == nil {
				_, err = store.Add(ctx, tx, "anna", id, c)
			}
			if err != nil {
				return err
			}
		}
		pages := []repository.PageText{{Page: 1, Text: "Seite eins", Language: "de"}, {Page: 3, Text: "Seite drei", Language: "de"}}
		if err := store.SetTexts(ctx, tx, ids[0], 1, pages); err != nil {
			return err
		}
		if note, err = annotated(t, store, tx, ids[0]); err != nil {
			return err
		}
		filed, err = plan.File(ctx, tx, "system:capture", taxonomy.Filing{Document: ids[0], Class: taxonomy.Complaint, Confidence: 0.9, Language: "de",
			Original: "letter.txt", Received: received, Ticket: "CLM-2026-000123-7",
			Values: taxonomy.Values{taxonomy.LetterDate: {Value: "2026-03-10", Confidence: 1}, taxonomy.Amount: {Value: "249.00 EUR", Confidence: 1}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	loader := &Records{Store: store, Plan: plan, Zone: time.FixedZone("house", 3600),
		Beside: func(context.Context, postgres.Querier, []repository.DocumentID) (map[repository.DocumentID]Beside, error) {
			return map[repository.DocumentID]Beside{
				ids[0]: {State: "filed", Source: "scan"},
				ids[1]: {State: "waiting", Source: "scan", Received: received, Class: taxonomy.Claim, Readers: []string{"role:mailroom"}},
			}, nil
		}}
	entries, err := loader.Load(ctx, pool, ids)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)
	want := []Entry{
		{Document: ids[0], Version: 1, Title: filed.Title, FileName: "letter.txt", Class: taxonomy.Complaint, State: "filed", Source: "scan", Language: "de",
			Date: day, Received: received, Folders: []string{filed.Folder.String(), filed.Category}, Tickets: []string{"CLM-2026-000123-7"},
			Fields:  map[taxonomy.FieldID]string{taxonomy.LetterDate: "2026-03-10", taxonomy.Amount: "249.00 EUR"},
			Readers: filed.Readers, Pages: []string{"Seite eins", "", "Seite drei"}, Notes: []Note{note}},
		{Document: ids[1], Version: 1, Title: "letter.txt", FileName: "letter.txt", Class: taxonomy.Claim, State: "waiting", Source: "scan",
			Received: received, Readers: []string{"role:mailroom"}},
	}
	opts := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Entry{}, "Digest"), cmpopts.EquateApproxTime(0),
		cmpopts.SortSlices(func(a, b Entry) bool { return compareIDs(a.Document, b.Document) < 0 })}
	for i := range entries { // the category's ancestors depend on the pack
		if n := len(entries[i].Folders); n > 2 {
			entries[i].Folders = []string{entries[i].Folders[0], entries[i].Folders[n-1]}
		}
	}
	if diff := cmp.Diff(want, entries, opts); diff != "" {
		t.Errorf("entries (-want +got)\n%s", diff)
	}
	if got := entries[0].Received.Day(); got != 15 {
		t.Errorf("in the house's zone it came in on day %d, want 15", got)
	}
	touched, err := loader.Touched(ctx, pool, []journal.Subject{{Kind: "folder", ID: filed.Folder}, {Kind: "document", ID: ids[2]}, {Kind: "user", ID: ids[3]}})
	if diff := cmp.Diff([]repository.DocumentID{ids[0], ids[2]}, distinctIDs(touched)); diff != "" || err != nil {
		t.Errorf("touched (-want +got)\n%s%v", diff, err)
	}
	if err := openMemory(t).Index(ctx, entries); err != nil {
		t.Error(err)
	}
}

// annotated marks the first page of a version in three ways, one of which counts and says something.
func annotated(t *testing.T, store *repository.Store, tx pgx.Tx, id repository.DocumentID) (Note, error) {
	t.Helper()
	a, err := annotate(t, store, tx, repository.Annotation{Document: id, Kind: repository.Highlight, Text: "ask again"})
	if err == nil {
		_, err = annotate(t, store, tx, repository.Annotation{Document: id, Kind: repository.Highlight})
	}
	var b repository.Annotation
	if err == nil {
		b, err = annotate(t, store, tx, repository.Annotation{Document: id, Kind: repository.Note, Text: "a mistake"})
	}
	if err == nil {
		_, err = store.WithdrawAnnotation(t.Context(), tx, "anna", id, 1, b.ID, "", false)
	}
	return Note{a.ID, 1, 1, "ask again"}, err
}

// annotate marks the first page of the first version, which is drawn if need be.
func annotate(t *testing.T, store *repository.Store, tx pgx.Tx, a repository.Annotation) (repository.Annotation, error) {
	t.Helper()
	r, err := store.PutRendition(t.Context(), a.Document, 1, repository.PageImage, 1, "image/png", strings.NewReader("picture"))
	if err != nil {
		return a, err
	}
	if err := store.AddRenditions(t.Context(), tx, []repository.Rendition{r}); err != nil {
		return a, err
	}
	a.Version, a.Page, a.Boxes = 1, 1, []repository.Box{{X: 1, Y: 1, W: 1, H: 1}}
	return store.Annotate(t.Context(), tx, "anna", a)
}
