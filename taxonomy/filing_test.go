package taxonomy

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres/postgrestest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// An office is a plan with its database and the pack installed.
type office struct {
	*postgrestest.DB
	plan *Plan
}

func open(t *testing.T) *office {
	o := &office{postgrestest.Open(t, repository.Migrations, Migrations), NewPlan(journal.New(), nil)}
	pack, err := LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error { return Install(ctx, tx, pack) })
	return o
}

// document writes the bare row of a document.
func (o *office) document() repository.DocumentID {
	o.Helper()
	id := repository.NewDocumentID()
	o.Exec("insert into repository.document (id, created_by) values ($1, 'anna')", id)
	return id
}

func (o *office) file(f Filing) Record {
	o.Helper()
	if f.Document == uuid.Nil {
		f.Document = o.document()
	}
	if f.Received.IsZero() {
		f.Received = time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)
	}
	var r Record
	o.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		r, err = o.plan.File(ctx, tx, "system:capture", f)
		return err
	})
	return r
}

func (o *office) recognise(h Hints) Recognition {
	o.Helper()
	var m Recognition
	o.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		m, err = o.plan.Recognise(ctx, tx, "system:capture", h, uuid.Nil)
		return err
	})
	return m
}

func texts(pairs ...string) Values {
	v := Values{}
	for i := 0; i < len(pairs); i += 2 {
		v[FieldID(pairs[i])] = Value{Value: pairs[i+1], Text: pairs[i+1], Confidence: 0.9, How: "test"}
	}
	return v
}

func TestFileRetitleCorrect(t *testing.T) {
	o := open(t)
	anna := o.recognise(Hints{Name: "Anna Kovač", Emails: []string{"anna@example.org"}})
	r := o.file(Filing{Class: Complaint, Confidence: 0.93, How: "cues", Party: anna.Party.ID, Language: "sl",
		Values: texts("letter_date", "2026-03-14", "subject", "late-delivery")})
	if r.Title != "2026-03-14 Complaint – Anna Kovač – late delivery" || r.Place != "Complaints/2026/03" || r.Version != 1 {
		t.Errorf("filed as %q in %q, version %d", r.Title, r.Place, r.Version)
	}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return o.plan.Retitle(ctx, tx, "system:workflow", r.Document, "CLM-2026-000123-7")
	})
	got, err := o.plan.Record(t.Context(), o.Pool, r.Document)
	if err != nil || got.Title != "2026-03-14 Complaint – Anna Kovač – late delivery – CLM-2026-000123-7" {
		t.Errorf("retitled to %q, %v", got.Title, err)
	}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		got, err = o.plan.Correct(ctx, tx, "maria", r.Document, Correction{Class: Claim, Version: got.Version,
			Values: texts("subject", "", "letter_date", "2026-02-01")})
		return err
	})
	if got.Title != "2026-02-01 Claim – Anna Kovač – CLM-2026-000123-7" || got.Place != "Claims/2026/02" || got.Confidence != 1 {
		t.Errorf("corrected to %q in %q with confidence %v", got.Title, got.Place, got.Confidence)
	}
	events, err := journal.BySubject(t.Context(), o.Pool, r.Document, 0)
	if err != nil {
		t.Fatal(err)
	}
	last := events[len(events)-1]
	want := map[string]any{
		"class": map[string]any{"old": "complaint", "new": "claim"},
		"title": map[string]any{"old": "2026-03-14 Complaint – Anna Kovač – late delivery – CLM-2026-000123-7", "new": got.Title},
		"place": map[string]any{"old": "Complaints/2026/03", "new": "Claims/2026/02"},
		"fields": map[string]any{
			"subject":     map[string]any{"old": "late-delivery", "new": ""},
			"letter_date": map[string]any{"old": "2026-03-14", "new": "2026-02-01"},
		},
	}
	if diff := cmp.Diff(want, last.Detail); last.Verb != DocumentCorrected || diff != "" {
		t.Errorf("journal says %s (-want +got):\n%s", last.Verb, diff)
	}
}

func TestMachineDoesNotOverrulePerson(t *testing.T) {
	o := open(t)
	r := o.file(Filing{Class: Question, Values: texts("letter_date", "2026-03-14")})
	again := o.file(Filing{Document: r.Document, Class: Invoice})
	if again.Class != Invoice || again.Version != 2 {
		t.Errorf("a later reading gave %s, version %d", again.Class, again.Version)
	}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := o.plan.Correct(ctx, tx, "maria", r.Document, Correction{Class: Complaint})
		return err
	})
	if again = o.file(Filing{Document: r.Document, Class: Invoice}); again.Class != Complaint {
		t.Errorf("the machine overruled a person: %s", again.Class)
	}
	err := o.Try(func(ctx context.Context, tx pgx.Tx) error {
		_, err := o.plan.Correct(ctx, tx, "ivan", r.Document, Correction{Class: Thanks, Version: 1})
		return err
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale correction was accepted: %v", err)
	}
}

func TestClosedFolderTakesNoMore(t *testing.T) {
	o := open(t)
	r := o.file(Filing{Class: Thanks})
	o.Tx(func(ctx context.Context, tx pgx.Tx) error { return o.plan.CloseFolder(ctx, tx, "maria", r.Folder) })
	next := o.file(Filing{Class: Thanks})
	if next.Folder == r.Folder || next.Place != "Customer correspondence/Thanks/2026/03 (2)" {
		t.Errorf("filed in %q", next.Place)
	}
	err := o.Try(func(ctx context.Context, tx pgx.Tx) error { return o.plan.CloseFolder(ctx, tx, "maria", r.Folder) })
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("closed twice: %v", err)
	}
}

// TestAccessIsTheSameInGoAndSQL holds the set-based predicate to the plain one over random readers.
func TestAccessIsTheSameInGoAndSQL(t *testing.T) {
	o := open(t)
	random := rand.New(rand.NewPCG(1, 2))
	tokens := []string{"everyone", "role:agent", "role:mailroom", "team:claims", "user:anna", "user:ivan"}
	some := func() []string {
		return slices.DeleteFunc(slices.Clone(tokens), func(string) bool { return random.IntN(3) > 0 })
	}
	readers := map[repository.DocumentID][]string{}
	for range 40 {
		r := o.file(Filing{Class: Thanks})
		readers[r.Document] = some()
		o.Tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, "update taxonomy.record set readers = $2 where document = $1", r.Document, readers[r.Document])
			return err
		})
	}
	asking := []Reader{Root, {}}
	for range 30 {
		asking = append(asking, Reader{Tokens: some()})
	}
	for _, reader := range asking {
		want := 0
		for _, open := range readers {
			if reader.May(open) {
				want++
			}
		}
		list, err := o.plan.List(t.Context(), o.Pool, reader, Filter{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if !reader.May(r.Readers) {
				t.Errorf("%v sees a record for %v", reader, r.Readers)
			}
		}
		nodes, err := o.plan.Tree(t.Context(), o.Pool, reader)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, n := range nodes {
			if n.Depth == 0 {
				total += n.Records
			}
		}
		if len(list) != want || total != want {
			t.Errorf("%v: the list shows %d, the tree counts %d, want %d", reader, len(list), total, want)
		}
	}
}

func TestInstallKeepsWhatAnAdministratorChanged(t *testing.T) {
	o := open(t)
	pack, _ := LoadPack()
	before, err := o.plan.Catalogue(t.Context(), o.Pool)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&pack.Catalogue, before); diff != "" {
		t.Fatalf("the catalogue is not the pack (-pack +catalogue):\n%s", diff)
	}
	thanks, _ := before.Class(Thanks)
	thanks.Threshold = 0.5
	o.Tx(func(ctx context.Context, tx pgx.Tx) error { return o.plan.SaveClass(ctx, tx, "admin", thanks, 1) })

	later := *pack
	later.Classes = slices.Clone(pack.Classes)
	for i := range later.Classes {
		later.Classes[i].Threshold = 0.99
	}
	for range 2 {
		o.Tx(func(ctx context.Context, tx pgx.Tx) error { return Install(ctx, tx, &later) })
	}
	after, err := o.plan.Catalogue(t.Context(), o.Pool)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range after.Classes {
		want := 0.99
		if c.ID == Thanks {
			want = 0.5
		}
		if c.Threshold != want {
			t.Errorf("class %s has the threshold %v, want %v", c.ID, c.Threshold, want)
		}
	}
	err = o.Try(func(ctx context.Context, tx pgx.Tx) error { return o.plan.SaveClass(ctx, tx, "other", thanks, 1) })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale save was accepted: %v", err)
	}
	thanks.Name = "{nonsense}"
	err = o.Try(func(ctx context.Context, tx pgx.Tx) error { return o.plan.SaveClass(ctx, tx, "admin", thanks, 2) })
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a template with an unknown placeholder was saved: %v", err)
	}
}

// A closed record stays one, whatever is done to it: nobody but administrators sees it.
func TestClosedRecordsStayClosed(t *testing.T) {
	o := open(t)
	r := o.file(Filing{Class: Complaint, Closed: true, Values: texts("letter_date", "2026-03-14")})
	look := func(what string, r Record, err error) {
		t.Helper()
		all := Reader{Tokens: []string{Everyone, "role:agent", "role:mailroom", "role:records-manager", "user:anna"}}
		seen, failed := all.Visible(t.Context(), o.Pool, []repository.DocumentID{r.Document})
		if err != nil || failed != nil || !r.Closed() || seen[r.Document] {
			t.Errorf("%s: readers %v, seen %v, %v %v", what, r.Readers, seen, err, failed)
		}
		if seen, err := Root.Visible(t.Context(), o.Pool, []repository.DocumentID{r.Document}); err != nil || !seen[r.Document] {
			t.Errorf("%s: administrators do not see it, %v", what, err)
		}
	}
	look("filed", r, nil)
	look("filed again", o.file(Filing{Document: r.Document, Class: Claim, Values: texts("letter_date", "2026-03-15")}), nil)
	o.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		r, err = o.plan.Correct(ctx, tx, "maria", r.Document, Correction{Class: Complaint})
		return err
	})
	look("corrected", r, nil)
	r.Document = o.document()
	o.Tx(func(ctx context.Context, tx pgx.Tx) error { return o.plan.Restore(ctx, tx, r) })
	r, err := o.plan.Record(t.Context(), o.Pool, r.Document)
	look("restored", r, err)
}
