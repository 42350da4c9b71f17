package web

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/postgres"
	"docket/search"

	"github.com/chromedp/chromedp"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// noOCR stands where recognition would; the story's letters hold their text.
type noOCR struct{}

func (noOCR) ReadImage(context.Context, string, int, int, string) (l repository.Layout, image, thumb []byte, err error) {
	return l, nil, nil, errors.New("there is no recognition in this test")
}

func (noOCR) CountImages(context.Context, string) (int, error) {
	return 0, errors.New("there is no recognition in this test")
}

// employ lets real workers do what the door asks for: reading, filing, indexing.
func (h *house) employ(t *testing.T) {
	t.Helper()
	c, ctx := h.config, t.Context()
	catalogue, err := c.Plan.Catalogue(ctx, c.Pool)
	if err != nil {
		t.Fatal(err)
	}
	models, err := capture.LoadModels(ctx, c.Pool, c.Log, catalogue.Classes)
	if err != nil {
		t.Fatal(err)
	}
	follower := &search.Follower{Pool: c.Pool, Engine: c.Search, Kinds: []string{"document"}, Loader: &search.Records{Store: c.Store, Plan: c.Plan, Zone: time.UTC}}
	workers := river.NewWorkers()
	reader := &capture.Reader{Intake: c.Intake, Understand: &capture.Understander{Plan: c.Plan, Models: models},
		Pages: page.NewReader(noOCR{}, page.Config{TempDir: t.TempDir(), Pages: 2}), TempDir: t.TempDir()}
	river.AddWorker(workers, reader)
	river.AddWorker(workers, &capture.Layer{Reader: reader})
	river.AddWorker(workers, &capture.Sender{Reader: reader})
	river.AddWorker(workers, &capture.Filer{Intake: c.Intake, Plan: c.Plan})
	client, err := river.NewClient(riverpgxv5.New(c.Pool), &river.Config{Schema: postgres.RiverSchema, Logger: slog.New(slog.DiscardHandler), Workers: workers, FetchCooldown: 20 * time.Millisecond,
		Queues: map[string]river.QueueConfig{capture.ReadQueue: {MaxWorkers: 2}, capture.FileQueue: {MaxWorkers: 1}, capture.ScanQueue: {MaxWorkers: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	c.Intake.Jobs = client
	follower.Subscribe(c.Journal)
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		t.Fatal(err)
	}
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		_ = follower.Run(ctx) // ends with the test
	}()
	t.Cleanup(func() {
		client.StopAndCancel(context.Background())
		<-followed
	})
}

// TestFromUploadToTicket is the main job in a real browser: three letters are uploaded, seen to arrive, found by a phrase, and
// their ticket is opened, by keys where keys are promised.
func TestFromUploadToTicket(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := newTab(t, h.url)
	h.employ(t)
	var files []string
	for i, l := range []letter{letters[0], letters[1], letters[3]} {
		file := filepath.Join(t.TempDir(), []string{"whitcombe.txt", "großmann.txt", "żółkiewska.txt"}[i])
		if err := os.WriteFile(file, []byte(l.text), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	b.signIn("ada")
	b.open("/upload")
	b.run(chromedp.SetUploadFiles(chromedp.CSS("#files"), files))
	b.until(`[...document.querySelectorAll("#live tbody .badge")].filter(x => x.classList.contains("badge-good") || x.classList.contains("badge-warn")).length === 3`)
	b.until(`document.querySelectorAll("#live .ticket").length >= 1`)
	b.quiet("upload")

	h.indexed(t, 1)
	b.key("/")
	b.run(chromedp.KeyEvent(`"refund of the delivery fee"`), chromedp.KeyEvent("\r"))
	b.until(`document.querySelectorAll(".hit").length === 1`)
	b.ready()
	if marked := evaluate[string](b, `[...document.querySelectorAll(".snippet mark")].map(m => m.textContent).join(" ")`); !strings.Contains(marked, "refund") {
		t.Errorf("the snippet marks %q", marked)
	}
	b.run(chromedp.KeyEvent("j"), chromedp.KeyEvent("\r"))
	b.until(`document.querySelector(".about") !== null`)
	if text := evaluate[string](b, `document.querySelector(".viewer").textContent`); !strings.Contains(text, "launderette") {
		t.Errorf("the document's page shows %q", text)
	}
	b.until(`document.querySelectorAll(".mark-hit").length >= 1`)
	b.ready()
	evaluate[bool](b, `document.querySelector(".about a.ticket").click(), true`)
	b.until(`document.querySelector(".case") !== null`)
	if title := evaluate[string](b, `document.querySelector("h1").textContent`); !strings.HasPrefix(title, "CLM-") {
		t.Errorf("the ticket's page is called %q", title)
	}
	b.picture("story-ticket")
	b.axe("story-ticket")
	b.run(chromedp.Click(chromedp.CSS(".moves button")))
	b.until(`document.querySelector(".alert-success") !== null`)
	b.quiet("ticket")
}

// indexed waits until the index knows of some documents.
func (h *house) indexed(t *testing.T, least int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if n, err := h.config.Search.Count(); err == nil && n >= least {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing was indexed")
		}
	}
}
