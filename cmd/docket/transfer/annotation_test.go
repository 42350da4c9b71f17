package transfer

import (
	"strings"
	"testing"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
)

// annotate has anna write a note on a document, change it, and boris withdraw it.
func (h *house) annotate(t *testing.T, id repository.DocumentID) {
	t.Helper()
	r, err := h.store.PutRendition(t.Context(), id, 1, repository.PageImage, 1, "image/png", strings.NewReader("picture"))
	if err != nil {
		t.Fatal(err)
	}
	text := "later"
	err = postgres.InTx(t.Context(), h.pool, func(tx pgx.Tx) error {
		if err := h.store.AddRenditions(t.Context(), tx, []repository.Rendition{r}); err != nil {
			return err
		}
		a, err := h.store.Annotate(t.Context(), tx, "anna", repository.Annotation{Document: id, Version: 1, Page: 1, Kind: repository.Note,
			Boxes: []repository.Box{{X: 1, Y: 2}}, Text: "first"})
		if err != nil {
			return err
		}
		if _, err := h.store.ChangeAnnotation(t.Context(), tx, "anna", id, 1, a.ID, repository.AnnotationChange{Text: &text}, false); err != nil {
			return err
		}
		_, err = h.store.WithdrawAnnotation(t.Context(), tx, "boris", id, 1, a.ID, "", true)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Annotations come over with their document, with what they were before and who withdrew them: people of another house.
func TestAnnotationsComeOver(t *testing.T) {
	t.Parallel()
	h, there := newHouse(t), newHouse(t)
	id := h.receive(t, 1)[0]
	h.annotate(t, id)
	dir, _ := h.export(t)
	if _, err := there.importer().Import(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	want, err := h.store.AllAnnotations(t.Context(), h.pool, id)
	if err != nil || len(want) != 1 {
		t.Fatal(want, err)
	}
	want[0].By, want[0].ChangedBy, want[0].WithdrawnBy, want[0].Former[0].By = "imported:anna", "imported:anna", "imported:boris", "imported:anna"
	got, err := there.store.AllAnnotations(t.Context(), there.pool, id)
	if diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(0)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestAnnotationsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	h, there := newHouse(t), newHouse(t)
	h.annotate(t, h.receive(t, 1)[0])
	good, _ := h.export(t)
	set := func(name string, value any) func([]any) []any {
		return func(all []any) []any { all[0].(map[string]any)[name] = value; return all }
	}
	for name, c := range map[string]struct {
		do   func(all []any) []any
		want string
	}{
		"of no ID":          {set("id", "00000000-0000-0000-0000-000000000000"), "ID is missing"},
		"drawn":             {set("kind", "drawing"), "none that can be"},
		"too long":          {set("text", strings.Repeat("x", 2001)), "none that can be"},
		"off the page":      {set("boxes", []any{map[string]any{"x": -1}}), "none that can be"},
		"made by nobody":    {set("by", ""), "not known who"},
		"withdrawn by none": {set("withdrawn_by", ""), "not known when"},
		"in it twice":       {func(all []any) []any { return append(all, all[0]) }, "in it twice"},
	} {
		dir := forge(t, good, func(lines []map[string]any) []map[string]any {
			version := lines[0]["versions"].([]any)[0].(map[string]any)
			version["annotations"] = c.do(version["annotations"].([]any))
			return lines
		})
		_, err := there.importer().Import(t.Context(), dir)
		if said := fault.Sentence(err); err == nil || !strings.Contains(said, c.want) {
			t.Errorf("%s: said %q (%v), want it to say %q", name, said, err, c.want)
		}
	}
}
