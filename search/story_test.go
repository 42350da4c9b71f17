package search

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// TestStories runs testdata/*.txt. A story is documents and questions:
//
//	== name key:value key:value ...     a document; lines up to the next mark are its text, a form feed (---) parts pages,
//	                                    and a line that begins with @ is a note on the page
//	? query                             a search; the next lines are the names of the documents wanted, in order
//	! query                             a search that is wrong; the next lines are the carets, the message and > what to write instead
//
// Lines that begin with # say what the story is about.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			runStory(t, file)
		})
	}
}

func runStory(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := readStory(t, string(text))
	x := openMemory(t)
	if err := x.Index(t.Context(), s.entries); err != nil {
		t.Fatal(err)
	}
	names := map[uuid.UUID]string{}
	for _, e := range s.entries {
		names[e.Document] = e.FileName
	}
	for _, q := range s.questions {
		results, err := x.Search(context.Background(), Request{Query: q.query, Reader: taxonomy.Root, Today: storyToday})
		var got []string
		for _, h := range results.Hits {
			got = append(got, names[h.Document])
		}
		if p, ok := asProblem(err); ok {
			carets := strings.Split(p.Hint(), "\n")[1]
			got = []string{"  " + carets, p.Message} // under the query, which stands after "! "
			if p.Suggestion != "" {
				got = append(got, "> "+p.Suggestion)
			}
		} else if err != nil {
			t.Fatalf("line %d: %s: %v", q.line, q.query, err)
		}
		if diff := cmp.Diff(q.want, got); diff != "" {
			t.Errorf("%s line %d: %s (-want +got)\n%s", file, q.line, q.query, diff)
		}
	}
}

// storyToday is the Saturday on which all stories are told.
var storyToday = time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)

type story struct {
	entries   []Entry
	questions []question
}

type question struct {
	line  int
	query string
	want  []string
}

func readStory(t *testing.T, text string) story {
	t.Helper()
	var s story
	asking := false
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "== "):
			s.entries = append(s.entries, storyEntry(t, len(s.entries), line[3:]))
			asking = false
		case strings.HasPrefix(line, "? "), strings.HasPrefix(line, "! "):
			s.questions = append(s.questions, question{line: i + 1, query: line[2:]})
			asking = true
		case asking && strings.TrimSpace(line) != "":
			q := &s.questions[len(s.questions)-1]
			q.want = append(q.want, line)
		case !asking && len(s.entries) > 0:
			e := &s.entries[len(s.entries)-1]
			if note, ok := strings.CutPrefix(line, "@ "); ok {
				e.Notes = append(e.Notes, Note{Version: 1, Page: len(e.Pages), Text: note})
				continue
			}
			if line == "---" {
				e.Pages = append(e.Pages, "")
				continue
			}
			e.Pages[len(e.Pages)-1] += line + "\n"
		}
	}
	return s
}

// storyEntry reads "name key:value key:value": class, state, source, lang, date, received, party, ticket, label, title and metadata
// fields. An underscore stands for a space.
func storyEntry(t *testing.T, n int, line string) Entry {
	t.Helper()
	words := strings.Fields(line)
	e := Entry{Document: testID(n + 1), Version: 1, FileName: words[0], Language: "en", Pages: []string{""}, Fields: map[taxonomy.FieldID]string{}}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, ":")
		value = strings.ReplaceAll(value, "_", " ")
		switch name {
		case "class":
			e.Class = taxonomy.ClassID(value)
		case "state":
			e.State = value
		case "source":
			e.Source = value
		case "lang":
			e.Language = value
		case "title":
			e.Title = value
		case "party":
			e.PartyName = value
		case "from":
			e.Message.From = value
		case "to":
			e.Message.To = value
		case "cc":
			e.Message.Cc = value
		case "about":
			e.Message.Subject = value
		case "ticket":
			e.Tickets = append(e.Tickets, value)
		case "label":
			e.Labels = append(e.Labels, value)
		case "date", "received":
			at, err := time.Parse(time.DateOnly, value)
			if err != nil {
				t.Fatal(err)
			}
			if name == "date" {
				e.Date = at
			} else {
				e.Received = at
			}
		default:
			e.Fields[taxonomy.FieldID(name)] = value
		}
	}
	return e
}
