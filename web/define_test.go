package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
)

// classForm is what the page of the class complaint sends when nothing was changed, but for pairs.
func classForm(t *testing.T, h *house, version string, pairs ...string) []string {
	t.Helper()
	c, err := h.config.Plan.Catalogue(t.Context(), h.config.Pool)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := c.Class(taxonomy.Complaint)
	form := []string{"do", "save", "version", version, "name", k.Name, "path", k.Path, "category", k.Category, "process", k.Process,
		"threshold", percentText(k.Threshold), "title.en", "Complaint", "title.de", "Beschwerde"}
	for i := 0; i < len(pairs); i += 2 { // the last of a name wins
		for j := 0; j < len(form); j += 2 {
			if form[j] == pairs[i] {
				form[j+1] = pairs[i+1]
				pairs[i] = ""
			}
		}
		if pairs[i] != "" {
			form = append(form, pairs[i], pairs[i+1])
		}
	}
	for _, r := range k.Readers {
		form = append(form, "reader", r)
	}
	for _, f := range k.Fields {
		form = append(form, "field", string(f.Field))
		if f.Required {
			form = append(form, "required", string(f.Field))
		}
	}
	return form
}

func (h *house) complaintClass(t *testing.T) taxonomy.Class {
	t.Helper()
	c, err := h.config.Plan.Catalogue(t.Context(), h.config.Pool)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := c.Class(taxonomy.Complaint)
	return k
}

// TestClassIsChangedByItsPage saves a class as two administrators who do not know of each other.
func TestClassIsChangedByItsPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "ada")
	before := h.complaintClass(t)
	if r := b.post("/admin/classes/complaint", classForm(t, h, "1", "threshold", "91", "name", "{date} {party}")...); r.status != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", r.status, r.body)
	}
	after := h.complaintClass(t)
	if after.Threshold != 0.91 || after.Name != "{date} {party}" {
		t.Errorf("saved %v %q", after.Threshold, after.Name)
	}
	if diff := cmp.Diff(before.Fields, after.Fields); diff != "" || len(after.Cues["en"]) != len(before.Cues["en"]) || len(before.Cues) == 0 {
		t.Errorf("what was not changed changed:\n%s", diff)
	}
	r := b.post("/admin/classes/complaint", classForm(t, h, "1", "threshold", "55")...)
	if r.status != http.StatusConflict || !strings.Contains(r.body, "changed by somebody else") || !strings.Contains(r.body, `value="55"`) {
		t.Errorf("the second of two: %d, what was typed is there: %v", r.status, strings.Contains(r.body, `value="55"`))
	}
	for what, pairs := range map[string][]string{
		"threshold": {"threshold", "0"}, "no title": {"title.en", " "}, "template": {"name", "{nonsense}"}, "category": {"category", "99"}, "process": {"process", "no-such-process"},
	} {
		if r := b.post("/admin/classes/complaint", classForm(t, h, "2", pairs...)...); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "alert-danger") {
			t.Errorf("bad %s: %d", what, r.status)
		}
	}
	if got := h.complaintClass(t); got.Threshold != 0.91 {
		t.Errorf("something that was refused was saved: %v", got.Threshold)
	}
}

// TestClassIsMadeAndTakesDocuments makes a field, a term and a class, and files a document under it.
func TestClassIsMadeAndTakesDocuments(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "ada")
	for _, step := range []struct {
		path string
		form []string
	}{
		{"/admin/fields/new", []string{"id", "meter", "type", "number", "title.en", "Meter"}},
		{"/admin/vocabulary/subject/new", []string{"id", "noise", "title.en", "noise", "cues.en", "too loud\nnoise*, racket", "cues.de", "Lärm*"}},
		{"/admin/classes/new", []string{"do", "save", "id", "reading", "title.en", "Meter reading", "name", "{class} {meter} {subject}", "path", "{year}", "category", "10",
			"threshold", "70", "reader", "role:agent", "field", "meter", "required", "meter", "field", "subject"}},
	} {
		if r := b.post(step.path, step.form...); r.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", step.path, r.status, r.body)
		}
	}
	p := h.receive(t, "meter.pdf", "scanner", "a meter")
	l := letters[0]
	l.class, l.subject = "reading", "noise"
	h.read(t, p, l, 0.97)
	h.file(t, p, l)
	record, err := h.config.Plan.Record(t.Context(), h.config.Pool, p.Document)
	if err != nil || record.Title != "Meter reading noise" || record.Place != "Complaints/2026" {
		t.Errorf("filed as %q in %q: %v", record.Title, record.Place, err)
	}
	r := b.post("/admin/classes/new", "do", "save", "id", "reading", "title.en", "Again", "name", "{date}", "path", "{year}", "category", "10", "threshold", "70", "reader", "everyone")
	if r.status != http.StatusConflict || !strings.Contains(r.body, "is taken") {
		t.Errorf("a class under a name that is taken: %d", r.status)
	}
	if r := b.post("/admin/vocabulary/subject/noise", "version", "1", "do", "retire", "title.en", "noise"); r.status != http.StatusSeeOther {
		t.Fatalf("retiring: %d", r.status)
	}
	if r := b.get("/admin/vocabulary/subject"); !strings.Contains(r.body, "retired") {
		t.Error("the list does not say that the term is retired")
	}
	if r := b.get("/documents/" + p.Document.String()); !strings.Contains(r.body, "noise") {
		t.Error("the document lost its retired term")
	}
}

// TestClassDraftIsTriedAndArranged types into the form without saving.
func TestClassDraftIsTriedAndArranged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 7 {
		p := h.receive(t, fmt.Sprintf("%d.pdf", i), "scanner", fmt.Sprint("letter ", i))
		h.read(t, p, letters[0], 0.97)
		h.file(t, p, letters[0])
	}
	b := h.as(t, "ada")
	r := b.post("/admin/classes/complaint/trial", classForm(t, h, "1", "name", "{subject}, {party}", "path", "{party}")...)
	if n := strings.Count(r.body, "late delivery, Margaret Whitcombe"); n != trialRows || !strings.Contains(r.body, "Complaints/Margaret Whitcombe") {
		t.Errorf("tried on %d documents:\n%s", n, r.body)
	}
	r = b.post("/admin/classes/complaint/trial", classForm(t, h, "1", "path", "{year}/{mnoth}")...)
	if !strings.Contains(r.body, "{year}/<mark>{mnoth}</mark>") {
		t.Errorf("the place of a mistake is not marked:\n%s", r.body)
	}
	if r := b.post("/admin/classes/complaint/trial", classForm(t, h, "1", "name", "<b>{party}")...); strings.Contains(r.body, "<b>") {
		t.Error("a template is shown as markup")
	}
	r = b.post("/admin/classes/complaint", classForm(t, h, "1", "do", "down:letter_date")...)
	first, second := strings.Index(r.body, `value="sender_name"`), strings.Index(r.body, `value="letter_date"`)
	if r.status != http.StatusOK || first < 0 || second < first {
		t.Errorf("moving a field: %d, %d before %d", r.status, first, second)
	}
	if got := h.complaintClass(t).Fields[0].Field; got != taxonomy.LetterDate {
		t.Errorf("arranging saved: %s is first", got)
	}
}

// TestOnlyAdministratorsDefine knocks at every door of the definitions, also for things that do not exist.
func TestOnlyAdministratorsDefine(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, name := range []string{"mia", "ben", "rosa"} {
		b := h.as(t, name)
		for _, path := range []string{"/admin/classes", "/admin/classes/complaint", "/admin/classes/none", "/admin/fields", "/admin/fields/amount", "/admin/vocabulary",
			"/admin/vocabulary/subject", "/admin/vocabulary/subject/late-delivery", "/admin/vocabulary/subject/none"} {
			if r := b.get(path); r.status != http.StatusForbidden || strings.Contains(r.body, "Sender") || strings.Contains(r.body, "late delivery") {
				t.Errorf("%s at %s: %d", name, path, r.status)
			}
		}
		if r := b.post("/admin/classes/complaint", classForm(t, h, "1")...); r.status != http.StatusForbidden {
			t.Errorf("%s saved a class: %d", name, r.status)
		}
		if r := b.post("/admin/classes/complaint/trial", classForm(t, h, "1")...); r.status != http.StatusForbidden {
			t.Errorf("%s tried a class: %d", name, r.status)
		}
	}
	b := h.as(t, "ada")
	for _, path := range []string{"/admin/classes/none", "/admin/fields/none", "/admin/vocabulary/none", "/admin/vocabulary/amount", "/admin/vocabulary/subject/none"} {
		if r := b.get(path); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}
