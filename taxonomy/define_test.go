package taxonomy

import (
	"context"
	"errors"
	"strings"
	"testing"

	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestTemplateErrorsSayWhere(t *testing.T) {
	t.Parallel()
	pack, err := LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, place string }{
		{"{year}/{month", "{month"},
		{"{year}/{monht}/{day}", "{monht}"},
		{"{year}/]", "]"},
		{"{year}}", "}"},
		{"{year}[ no", "[ no"},
		{"{year}[a]{day}", "[a]"},
		{"{year}/all", "all"},
		{"{year}[{day}[{month}]]", "["},
		{"é{x} {year}", "{x}"},
	} {
		bad, ok := errors.AsType[*TemplateError](pack.CheckPath(c.path))
		if !ok {
			t.Errorf("%q: no place is said", c.path)
		} else if got := bad.Template[bad.At:bad.End]; got != c.place || bad.Template != c.path {
			t.Errorf("%q: the place is %q, want %q: %s", c.path, got, c.place, bad.Say)
		}
	}
}

// TestTermsAreRetiredNotDeleted changes a vocabulary as an administrator does.
func TestTermsAreRetiredNotDeleted(t *testing.T) {
	o := open(t)
	term := Term{ID: "noise", Titles: Titles{"en": "noise"}, Synonyms: map[string][]string{"en": {"too loud", "noise*"}}}
	save := func(term Term, version int) error {
		return o.Try(func(ctx context.Context, tx pgx.Tx) error {
			return o.plan.SaveTerm(ctx, tx, "ada", Subject, term, version)
		})
	}
	if err := save(term, 0); err != nil {
		t.Fatal(err)
	}
	if err := save(term, 0); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Sentence(err), "taken") {
		t.Errorf("a short name that is taken: %v", err)
	}
	r := o.file(Filing{Class: Complaint, Values: texts("subject", "noise")})
	term.Retired = true
	if err := save(term, 1); err != nil {
		t.Fatal(err)
	}
	events, err := journal.BySubject(t.Context(), o.Pool, DefinitionSubject("term", "subject/noise").ID, 0)
	if err != nil || len(events) != 2 || events[0].Detail["changed"] != nil {
		t.Fatalf("the journal tells of a new term %v, %v", events, err)
	}
	if diff := cmp.Diff([]any{"retired"}, events[1].Detail["changed"]); diff != "" {
		t.Errorf("the journal tells what changed (-want +got):\n%s", diff)
	}
	c, err := o.plan.Catalogue(t.Context(), o.Pool)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := c.Term(Subject, "noise"); !ok || !got.Retired {
		t.Errorf("the retired term is gone: %v", got)
	}
	for _, current := range c.Current()[Subject] {
		if current.ID == "noise" {
			t.Error("a retired term is still offered")
		}
	}
	counts, err := TermCounts(t.Context(), o.Pool, Subject)
	if err != nil || counts["noise"] != 1 || !strings.Contains(r.Title, "noise") {
		t.Errorf("%d documents name it, one is called %q: %v", counts["noise"], r.Title, err)
	}
	past, err := PastRevisions(t.Context(), o.Pool, "term", "subject/noise")
	if err != nil || len(past) != 2 || past[0].Version != 2 || past[0].By != "ada" {
		t.Errorf("its past is %v: %v", past, err)
	}
	for bad, term := range map[string]Term{
		"no title":     {ID: "x"},
		"bad name":     {ID: "Late Delivery", Titles: term.Titles},
		"wordless cue": {ID: "y", Titles: term.Titles, Synonyms: map[string][]string{"en": {"*"}}},
	} {
		if err := save(term, 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestFieldKeepsItsTypeWhileUsed(t *testing.T) {
	o := open(t)
	save := func(f Field, version int) error {
		return o.Try(func(ctx context.Context, tx pgx.Tx) error { return o.plan.SaveField(ctx, tx, "ada", f, version) })
	}
	f := Field{ID: "meter_number", Type: TextField, Titles: Titles{"en": "Meter number"}}
	if err := save(f, 0); err != nil {
		t.Fatal(err)
	}
	f.Type = NumberField
	if err := save(f, 1); err != nil {
		t.Fatalf("nobody uses it: %v", err)
	}
	o.file(Filing{Class: Complaint, Values: texts("meter_number", "M-1")})
	f.Type = DateField
	if err := save(f, 2); !fault.Is(err, fault.Conflict) {
		t.Errorf("the type of a used field was changed: %v", err)
	}
	if err := save(Field{ID: "party", Type: TextField, Titles: f.Titles}, 0); !fault.Is(err, fault.Invalid) {
		t.Errorf("a field took the name of a placeholder: %v", err)
	}
}

// TestRolledBackDefinitionsAreForgotten reads the catalogue in a transaction that changed it and then failed.
func TestRolledBackDefinitionsAreForgotten(t *testing.T) {
	o := open(t)
	titles := Titles{"en": "Later"}
	failed := errors.New("something else went wrong")
	err := o.Try(func(ctx context.Context, tx pgx.Tx) error {
		if err := o.plan.SaveField(ctx, tx, "ada", Field{ID: "never", Type: TextField, Titles: titles}, 0); err != nil {
			return err
		}
		c, err := o.plan.Catalogue(ctx, tx)
		if _, ok := c.Field("never"); !ok {
			t.Errorf("a transaction does not see its own change: %v", err)
		}
		return failed
	})
	if err != failed {
		t.Fatal(err)
	}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return o.plan.SaveField(ctx, tx, "ada", Field{ID: "later", Type: TextField, Titles: titles}, 0)
	})
	c, err := o.plan.Catalogue(t.Context(), o.Pool)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Field("never"); ok {
		t.Error("a field that was rolled back is in the catalogue")
	}
	if _, ok := c.Field("later"); !ok {
		t.Error("a field that was saved is not in the catalogue")
	}
}

// TestTryShowsWhatAClassWouldMake compares the trial of a changed class with what filing anew really makes.
func TestTryShowsWhatAClassWouldMake(t *testing.T) {
	o := open(t)
	for range 4 {
		o.file(Filing{Class: Complaint, Values: texts("letter_date", "2026-03-14", "subject", "late-delivery")})
	}
	o.file(Filing{Class: Complaint, Values: texts("letter_date", "2026-03-14", "invoice_number", "R-1")})
	o.file(Filing{Class: Claim, Values: texts("invoice_number", "R-2")})
	c, err := o.plan.Catalogue(t.Context(), o.Pool)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := c.Class(Complaint)
	k.Name, k.Path = "{subject}[ (no. {invoice_number})] {date}", "{year}/{subject}"
	trials, err := o.plan.Try(t.Context(), o.Pool, Root, k, 2)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, trial := range trials {
		got = append(got, trial.Title+" in "+trial.Place)
	}
	want := []string{"(no. R-1) 2026-03-14 in Complaints/2026", "late delivery 2026-03-14 in Complaints/2026/late delivery"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("trial (-want +got):\n%s", diff)
	}
	if trials, err := o.plan.Try(t.Context(), o.Pool, Reader{}, k, 2); err != nil || len(trials) != 0 {
		t.Errorf("who may see nothing sees %v: %v", trials, err)
	}
	k.Name = "{subject"
	if _, err := o.plan.Try(t.Context(), o.Pool, Root, k, 2); !fault.Is(err, fault.Invalid) {
		t.Errorf("a broken template was tried: %v", err)
	}
}
