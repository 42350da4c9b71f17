package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"docket/capture"
	"docket/capture/sample"
	"docket/repository"
	"docket/search"
	"docket/taxonomy"
)

// whole is for a test that starts everything embedded: it runs beside others, and not where tests are to be quick.
func whole(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts everything embedded")
	}
	t.Parallel()
}

// startApp runs everything embedded in a folder of its own.
func startApp(t *testing.T, data string) *app {
	t.Helper()
	c := defaultConfig()
	c.Data = data
	return startConfigured(t, c)
}

// startConfigured is startApp with settings of its own.
func startConfigured(t *testing.T, c config) *app {
	t.Helper()
	c.MailDNS = "127.0.0.1:1" // nobody: tests ask no server of others
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := openStack(t.Context(), c, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	a, err := compose(t.Context(), s, role{name: c.name(), queues: sharedQueues, index: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.control(); err != nil {
		t.Fatal(err)
	}
	return a
}

// receiveBag hands made post in at the door, and says what it is.
func (a *app) receiveBag(t *testing.T, o sample.Options) []sample.Truth {
	t.Helper()
	bag := t.TempDir()
	truths, err := sample.Generate(bag, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, truth := range truths {
		f, err := os.Open(filepath.Join(bag, truth.File))
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.intake.Receive(t.Context(), capture.Item{Source: "test", Name: truth.File, By: "anna", Content: f})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	return truths
}

// settle waits until no piece is on its way and the index holds all of them.
func (a *app) settle(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for {
		open, err := capture.OpenCounts(ctx, a.pool)
		if err != nil {
			t.Fatal(err)
		}
		pending, err := search.Pending(ctx, a.pool)
		if err != nil {
			t.Fatal(err)
		}
		if open[capture.Stored]+open[capture.BeingRead]+pending == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Post of every kind goes in at the door and comes out read, named, filed or in front of a person, and findable.
func TestFromTheEnvelopeToTheRecord(t *testing.T) {
	whole(t)
	a := startApp(t, t.TempDir())
	truths := a.receiveBag(t, sample.Options{Pieces: 12, Seed: 11})
	a.settle(t)
	a.wantAllArrived(t, truths)
	a.wantAllFound(t, truths)
	v, err := verify(t.Context(), a.stack, true)
	if err != nil || !v.Sound {
		t.Errorf("verify: %+v, %v", v, err)
	}
}

// wantAllArrived compares the ledger with the bag: each piece once, and each decided or in front of a person.
func (a *app) wantAllArrived(t *testing.T, truths []sample.Truth) {
	t.Helper()
	all, err := capture.Pieces(t.Context(), a.pool, capture.Filter{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	arrived := map[string]capture.Piece{}
	for _, p := range all {
		if _, twice := arrived[p.Name]; twice && p.Depth == 0 {
			t.Errorf("%s arrived twice", p.Name)
		}
		arrived[p.Name] = p
		if p.State == capture.Exception || !p.State.Done() {
			t.Errorf("%s is %s: %s", p.Name, p.State, p.Reason)
		}
	}
	for _, truth := range truths {
		p, ok := arrived[truth.File]
		if !ok {
			t.Errorf("%s never arrived", truth.File)
		}
		if (truth.SameAs != "") != (p.State == capture.Duplicate) {
			t.Errorf("%s is %s, but same as %q", truth.File, p.State, truth.SameAs)
		}
	}
}

// wantAllFound searches for the longest words of each piece whose text is exact.
func (a *app) wantAllFound(t *testing.T, truths []sample.Truth) {
	t.Helper()
	for _, truth := range truths {
		if !slices.Contains([]string{"pdf", "txt", "docx", "eml"}, string(truth.Kind)) || truth.SameAs != "" {
			continue
		}
		words := longest(truth.Text, 5)
		found, err := a.index.Search(t.Context(), search.Request{Query: strings.Join(words, " "), Plain: true, Reader: taxonomy.Root, Limit: 3})
		if err != nil || !slices.ContainsFunc(found.Hits, func(h search.Hit) bool { return a.nameOf(t, h.Document) == truth.File }) {
			t.Errorf("%s is not among the first three hits for %v (%v)", truth.File, words, err)
		}
	}
}

func longest(text string, n int) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words[:min(n, len(words))]
}

func (a *app) nameOf(t *testing.T, id repository.DocumentID) string {
	t.Helper()
	v, err := a.store.Version(t.Context(), a.pool, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return v.Name
}
