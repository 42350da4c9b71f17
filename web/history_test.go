package web

import (
	"testing"

	"docket/repository"
	"docket/repository/journal"

	"github.com/google/go-cmp/cmp"
)

// What happened to a document in the houses it came from is shown before its import, and who did it as somebody from there.
func TestHistoryOfImportedDocuments(t *testing.T) {
	t.Parallel()
	first := []any{
		map[string]any{"at": "2026-01-02T03:04:05Z", "actor": "anna", "verb": "document.added", "detail": map[string]any{"name": "letter.pdf"}},
		map[string]any{"at": "2026-01-02T03:04:06Z", "actor": "system:capture", "verb": "document.read"},
	}
	second := []any{
		map[string]any{"at": "2026-02-01T00:00:00Z", "actor": "system:console", "verb": "document.imported", "detail": map[string]any{"history": first}},
		map[string]any{"at": "2026-02-02T00:00:00Z", "actor": "imported:bela", "verb": "document.corrected"},
	}
	got := withHistory([]journal.Event{
		{Actor: "system:console", Verb: repository.DocumentImported, Detail: map[string]any{"history": second}},
		{Actor: "anna", Verb: "document.corrected"},
		{Actor: "x", Verb: repository.DocumentImported, Detail: map[string]any{"history": "nonsense"}},
	})
	var told []string
	for _, e := range got {
		told = append(told, string(e.Actor)+" "+string(e.Verb))
	}
	want := []string{"imported:anna document.added", "system:capture document.read", "system:console document.imported",
		"imported:bela document.corrected", "system:console document.imported", "anna document.corrected", "x document.imported"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	if got[0].At.Year() != 2026 || got[0].Detail["name"] != "letter.pdf" {
		t.Errorf("the first event is %+v", got[0])
	}
}
