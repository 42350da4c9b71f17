package search

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func letter(n int, text string) Entry {
	return Entry{Document: testID(n), Version: n, Digest: [32]byte{byte(n)}, Language: "en", Pages: []string{text}, Readers: []string{"everyone"}}
}

func openFolder(t *testing.T, folder string) *Index {
	t.Helper()
	x, err := Open(folder, testSchema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func mustIndex(t *testing.T, x *Index, entries ...Entry) {
	t.Helper()
	if err := x.Index(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
}

func total(t *testing.T, x *Index, query string) int {
	t.Helper()
	r, err := x.Search(t.Context(), Request{Query: query, Reader: taxonomy.Root, Today: storyToday})
	if err != nil {
		t.Fatal(err)
	}
	return r.Total
}

func TestAnIndexStays(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "index")
	x := openFolder(t, folder)
	mustIndex(t, x, letter(1, "one letter"), letter(2, "two letters"))
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Search(t.Context(), Request{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a closed index answers %v", err)
	}
	x = openFolder(t, folder)
	if n := total(t, x, "letter"); n != 2 {
		t.Errorf("%d letters are found after opening again, want 2", n)
	}
	var got []Stamp
	if err := x.Stamps(t.Context(), func(s Stamp) bool { got = append(got, s); return true }); err != nil {
		t.Fatal(err)
	}
	want := []Stamp{{testID(1), 1, [32]byte{1}}, {testID(2), 2, [32]byte{2}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stamps (-want +got)\n%s", diff)
	}
}

func TestOneProcessOwnsAnIndex(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	openFolder(t, folder)
	_, err := Open(folder, testSchema())
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Sentence(err), "in use by another process") {
		t.Errorf("opening it twice gives %v", err)
	}
}

// TestRebuildWhileWriting rebuilds while other documents are written and deleted and searches go on. What fill has read is older than
// what is written meanwhile, and must not come back.
func TestRebuildWhileWriting(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "index")
	x := openFolder(t, folder)
	var old []Entry
	for i := range 30 {
		old = append(old, letter(i+1, fmt.Sprintf("old letter number%d", i+1)))
	}
	mustIndex(t, x, old...)
	mustIndex(t, x, letter(900, "a stray letter"))
	ctx, searching := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- searchUntil(ctx, x) }()
	err := x.Rebuild(t.Context(), func(add func(context.Context, []Entry) error) error {
		if err := add(t.Context(), old[:10]); err != nil {
			return err
		}
		mustIndex(t, x, letter(5, "new letter"), letter(15, "new letter"), letter(31, "new letter"))
		if err := x.Delete(t.Context(), []repository.DocumentID{testID(6), testID(16)}); err != nil {
			return err
		}
		if n := total(t, x, "stray"); n != 1 {
			t.Errorf("the index in use lost a document during the rebuild")
		}
		return add(t.Context(), old[10:])
	})
	if err != nil {
		t.Fatal(err)
	}
	searching()
	if err := <-done; err != nil {
		t.Error(err)
	}
	for query, want := range map[string]int{"old": 26, "new": 3, "letter": 29, "number5": 0, "number15": 0, "number6": 0, "number16": 0, "number7": 1, "stray": 0} {
		if n := total(t, x, query); n != want {
			t.Errorf("%s finds %d documents after the rebuild, want %d", query, n, want)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, namePrefix+"*")); len(left) != 1 {
		t.Errorf("after the rebuild the folder holds %v", left)
	}
	if n := total(t, openFolder(t, folder), "new"); n != 3 {
		t.Errorf("%d new letters are found after opening again, want 3", n)
	}
}

// searchUntil searches without a break. There are always letters.
func searchUntil(ctx context.Context, x *Index) error {
	for ctx.Err() == nil {
		r, err := x.Search(context.Background(), Request{Query: "letter", Reader: taxonomy.Root, Facets: true})
		if err != nil {
			return err
		}
		if r.Total < 29 {
			return fmt.Errorf("%d letters are found during the rebuild", r.Total)
		}
	}
	return nil
}

func TestARebuildThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "index")
	x := openFolder(t, folder)
	mustIndex(t, x, letter(1, "one letter"))
	away := errors.New("the database went away")
	err := x.Rebuild(t.Context(), func(add func(context.Context, []Entry) error) error {
		return errors.Join(add(t.Context(), []Entry{letter(2, "two letters")}), away)
	})
	if !errors.Is(err, away) {
		t.Errorf("got %v", err)
	}
	mustIndex(t, x, letter(3, "three letters"))
	if n := total(t, x, "letter"); n != 2 {
		t.Errorf("%d letters are found, want 2", n)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, namePrefix+"*")); len(left) != 1 {
		t.Errorf("after the failure the folder holds %v", left)
	}
}

func TestSuggestion(t *testing.T) {
	t.Parallel()
	x := openMemory(t)
	hidden := letter(2, "a confidential washbasin")
	hidden.Readers = []string{"role:manager"}
	mustIndex(t, x, letter(1, "The television was delivered late."), hidden)
	for query, want := range map[string]string{
		"televizion late": "television late",
		"delivered":       "",
		"washbasim":       "", // known only to those who may see it
		"xyzzy":           "",
	} {
		r, err := x.Search(t.Context(), Request{Query: query, Reader: taxonomy.Reader{Tokens: []string{"everyone"}}})
		if err != nil {
			t.Fatal(err)
		}
		if r.Suggestion != want {
			t.Errorf("%s: got the suggestion %q, want %q", query, r.Suggestion, want)
		}
	}
}

func TestHitsShowWhereTheyAre(t *testing.T) {
	t.Parallel()
	x := openMemory(t)
	e := letter(1, "")
	e.Pages = []string{
		"Dear Sir or Madam,\n\nI write about my " + strings.Repeat("very ordinary ", 40) + "contract.",
		strings.Repeat("Nothing of note. ", 50) + "The <b>refund</b>\n of my contract K-123456 was refused; I ask for the refunds again. " + strings.Repeat("More text. ", 50),
	}
	mustIndex(t, x, e)
	r, err := x.Search(t.Context(), Request{Query: `refund contract "I ask" K123456`, Reader: taxonomy.Root})
	if err != nil || len(r.Hits) != 1 {
		t.Fatalf("got %v, %v", r, err)
	}
	h := r.Hits[0]
	var marked []string
	for _, m := range h.Snippet.Marks {
		marked = append(marked, h.Snippet.Text[m.Start:m.End])
	}
	if diff := cmp.Diff([]string{"refund", "contract", "K-123456", "I", "ask", "refunds"}, marked); diff != "" {
		t.Errorf("marks in %q (-want +got)\n%s", h.Snippet.Text, diff)
	}
	if h.Page != 2 || h.Pages != 2 {
		t.Errorf("the hit is on page %d of %d, want 2 of 2", h.Page, h.Pages)
	}
	want := []PageTerms{{1, []string{"contract"}, 1}, {2, []string{"refund", "contract", "K-123456", "I", "ask", "refunds"}, 6}}
	if diff := cmp.Diff(want, h.Terms); diff != "" {
		t.Errorf("terms (-want +got)\n%s", diff)
	}
	if !strings.HasPrefix(h.Snippet.Text, "… ") || !strings.HasSuffix(h.Snippet.Text, " …") || strings.Contains(h.Snippet.Text, "\n") || len(h.Snippet.Text) > 2*snippetLength {
		t.Errorf("the snippet is %q", h.Snippet.Text)
	}
}

// A hit in a note leads to the note's page; one that stands in the text as well as in a note leads to where most of it stands.
func TestHitsInNotes(t *testing.T) {
	t.Parallel()
	x := openMemory(t)
	e := letter(1, "")
	e.Pages, e.Version = []string{"A refund was asked for.", "Nothing here."}, 2
	e.Notes = []Note{{testID(7), 1, 1, "promised a refund"}, {testID(8), 2, 2, "call back on Monday\nabout the refund"}}
	mustIndex(t, x, e)
	for query, want := range map[string]struct {
		page    int
		note    uuid.UUID
		snippet string
	}{
		"refund":              {1, uuid.Nil, "A refund was asked for."},
		"promised refund":     {1, testID(7), "promised a refund"},
		`"call back"`:         {2, testID(8), "call back on Monday about the refund"},
		"note:refund asked":   {1, testID(7), "promised a refund"},
		"note:mon* refund":    {2, testID(8), "call back on Monday about the refund"},
		"-note:nobody refund": {1, uuid.Nil, "A refund was asked for."},
		"has:note":            {0, uuid.Nil, "A refund was asked for."},
	} {
		r, err := x.Search(t.Context(), Request{Query: query, Reader: taxonomy.Root})
		if err != nil || len(r.Hits) != 1 {
			t.Errorf("%s: %d hits, %v", query, len(r.Hits), err)
			continue
		}
		h := r.Hits[0]
		var note Note
		if h.Note != nil {
			note = *h.Note
		}
		if h.Page != want.page || note.Annotation != want.note || h.Snippet.Text != want.snippet || len(h.Snippet.Marks) == 0 && query != "has:note" {
			t.Errorf("%s: page %d, note %v, %q with %d marks", query, h.Page, note, h.Snippet.Text, len(h.Snippet.Marks))
		}
	}
}
