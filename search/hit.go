package search

import (
	"encoding/json"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"
	"github.com/google/uuid"
)

// markLimit is how much text of one document is searched for places to mark, in bytes: some 300 pages.
const markLimit = 1 << 20

// hits makes the page of hits that is shown.
func (m *matcher) hits(page []placed) ([]Hit, error) {
	hits := make([]Hit, 0, len(page))
	for _, p := range page {
		kept, pages, document, err := m.kept(p.doc)
		if err != nil {
			return nil, err
		}
		h := Hit{
			Document: document, Version: kept.Version, Title: kept.Title, Class: kept.Class, State: kept.State, Source: kept.Source,
			Language: kept.Language, Date: kept.Date, Received: kept.Received, Pages: kept.Pages, Score: p.score,
		}
		m.markNotes(&h, kept.Notes, m.mark(&h, pages))
		hits = append(hits, h)
	}
	return hits, nil
}

// kept reads what the index keeps of a document: the properties to show and the text of its pages.
func (s *snapshot) kept(doc uint32) (stored, []string, uuid.UUID, error) {
	var kept stored
	name, err := s.reader.ExternalID(id(doc))
	if err != nil {
		return kept, nil, uuid.Nil, fmt.Errorf("read search index: %w", err)
	}
	d, err := s.reader.Document(name)
	if err != nil || d == nil {
		return kept, nil, uuid.Nil, fmt.Errorf("read search index: document %s: %w", name, err)
	}
	var pages []string
	d.VisitFields(func(f index.Field) {
		switch f.Name() {
		case inEntry:
			err = json.Unmarshal(f.Value(), &kept)
		case inPage:
			n := 0
			if at := f.ArrayPositions(); len(at) > 0 {
				n = int(at[0])
			}
			for len(pages) <= n {
				pages = append(pages, "")
			}
			pages[n] = string(f.Value())
		}
	})
	document, parseErr := uuid.Parse(name)
	if err != nil || parseErr != nil {
		return kept, nil, uuid.Nil, fmt.Errorf("read search index: document %s is damaged: %w", name, err)
	}
	return kept, pages, document, nil
}

// mark finds the best page of a hit, its snippet and what to mark. Without a place to mark the first page's beginning is shown, which is
// worth nothing.
func (m *matcher) mark(h *Hit, pages []string) (best int) {
	h.Snippet = beginning(pages)
	if m.marks.empty() {
		return 0
	}
	l := languageOf(h.Language)
	seen := 0
	for i, text := range pages {
		if seen += len(text); seen > markLimit {
			break
		}
		marks := m.marks.marks(text, l)
		if len(marks) == 0 {
			continue
		}
		h.Terms = append(h.Terms, PageTerms{Page: i + 1, Terms: distinct(text, marks), Hits: len(marks)})
		if snippet, worth := bestSnippet(text, marks); worth > best {
			best, h.Page, h.Snippet = worth, i+1, snippet
		}
	}
	return best
}

// markNotes shows the best note in place of a snippet that is worth less. What was looked for in notes by name is shown in any case.
func (m *matcher) markNotes(h *Hit, notes []Note, best int) {
	if m.marks.empty() && m.noted.empty() {
		return
	}
	every, seen := anyLanguage(), 0
	for i, n := range notes {
		if seen += len(n.Text); seen > markLimit {
			return
		}
		marks, byName := m.noted.marks(n.Text), namedWorth
		if len(marks) == 0 {
			marks, byName = m.marks.marks(n.Text, every...), 0
		}
		if len(marks) == 0 {
			continue
		}
		if snippet, worth := bestSnippet(n.Text, marks); worth+byName > best {
			best, h.Page, h.Snippet, h.Note = worth+byName, n.Page, snippet, &notes[i]
		}
	}
}

// namedWorth is more than any snippet is worth.
const namedWorth = 1 << 20

// distinct are the words of a page at the marks, each once.
func distinct(text string, marks []marked) []string {
	seen := map[string]bool{}
	var all []string
	for _, m := range marks {
		if w := text[m.Start:m.End]; !seen[w] {
			seen[w] = true
			all = append(all, w)
		}
	}
	return all
}
