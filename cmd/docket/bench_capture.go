package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"docket/capture"
	"docket/capture/sample"
	"docket/cmd/docket/bench"
	"docket/search"

	"golang.org/x/sync/errgroup"
)

// A captureReport is what 'docket bench capture' finds. The limit and the pipeline are measured in one run on the same pages.
type captureReport struct {
	Letters      int     `json:"letters"`        // one page each, 300 dpi
	LimitPages   float64 `json:"limit_pages"`    // a minute, by two tesseract processes with one thread each
	Pages        float64 `json:"pages"`          // a minute, from the door to the index
	Ratio        float64 `json:"ratio"`          // Pages / LimitPages
	PDFs         int     `json:"pdfs"`           // born digital
	PDFsPerSec   float64 `json:"pdfs_per_s"`     // from the door to the index
	ResidentMB   float64 `json:"resident_mb"`    // most at any moment: server, recognition and object store together
	DatabaseMB   float64 `json:"database_mb"`    // most at any moment: PostgreSQL, its shared memory counted once
	TempMB       float64 `json:"temp_mb"`        // most at any moment in the folder for pages in work
	FirstIndexed float64 `json:"first_result_s"` // from the door to "searchable" for the first letter
}

// Table prints the report.
func (r *captureReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "letters of one page, 300 dpi\t%d\n", r.Letters)
	fmt.Fprintf(t, "limit: two tesseract processes\t%.1f pages/min\n", r.LimitPages)
	fmt.Fprintf(t, "whole pipeline\t%.1f pages/min\n", r.Pages)
	fmt.Fprintf(t, "pipeline / limit\t%.2f\n", r.Ratio)
	fmt.Fprintf(t, "first letter searchable after\t%.1f s\n", r.FirstIndexed)
	fmt.Fprintf(t, "born-digital PDFs\t%d, %.1f a second\n", r.PDFs, r.PDFsPerSec)
	fmt.Fprintf(t, "resident memory, server with its children\t%.0f MB\n", r.ResidentMB)
	fmt.Fprintf(t, "resident memory, database\t%.0f MB\n", r.DatabaseMB)
	fmt.Fprintf(t, "temporary files\t%.1f MB\n", r.TempMB)
	return t.Flush()
}

// benchCapture runs everything embedded in a temporary folder.
func benchCapture(ctx context.Context, words []string) (bench.Report, error) {
	r := captureReport{Letters: 100, PDFs: 150}
	for i, n := range []*int{&r.Letters, &r.PDFs} {
		if i >= len(words) {
			break
		}
		v, err := strconv.Atoi(words[i])
		if err != nil || v < 1 {
			return nil, usagef("%q is no number of pieces", words[i])
		}
		*n = v
	}
	dir, err := os.MkdirTemp("", "docket-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	letters, pdfs := filepath.Join(dir, "letters"), filepath.Join(dir, "pdfs")
	_, err = sample.Generate(letters, sample.Options{Pieces: r.Letters, Seed: 300, Kinds: []sample.Kind{sample.PNG}, Languages: []string{"en"}, DPI: []int{300}, OnePage: true, Alone: true})
	if err != nil {
		return nil, err
	}
	_, err = sample.Generate(pdfs, sample.Options{Pieces: r.PDFs, Seed: 301, Kinds: []sample.Kind{sample.PDF}, Alone: true})
	if err != nil {
		return nil, err
	}
	if r.LimitPages, err = limit(ctx, letters, dir); err != nil {
		return nil, err
	}
	return &r, r.measure(ctx, filepath.Join(dir, "data"), letters, pdfs)
}

// limit is how many pages a minute two plain tesseract processes read, each with half of the pages and one thread.
func limit(ctx context.Context, folder, dir string) (float64, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.png"))
	if err != nil {
		return 0, err
	}
	var lists [2][]string
	for i, f := range files {
		lists[i%2] = append(lists[i%2], f)
	}
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for i, list := range lists {
		name := filepath.Join(dir, fmt.Sprintf("list%d", i))
		if err := os.WriteFile(name, []byte(strings.Join(list, "\n")), 0o600); err != nil {
			return 0, err
		}
		g.Go(func() error {
			cmd := exec.CommandContext(ctx, "tesseract", name, name+".out", "-l", "eng")
			cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
			return cmd.Run()
		})
	}
	if err := g.Wait(); err != nil {
		return 0, fmt.Errorf("tesseract: %w", err)
	}
	return float64(len(files)) / time.Since(began).Minutes(), nil
}

// measure captures both folders with everything embedded in data.
func (r *captureReport) measure(ctx context.Context, data, letters, pdfs string) error {
	return benchApp(ctx, data, sharedQueues, func(a *app) error {
		if err := a.start(ctx); err != nil {
			return err
		}
		stop := r.watch(filepath.Join(data, "tmp"))
		defer stop()
		took, first, err := a.captureAll(ctx, letters)
		if err != nil {
			return err
		}
		r.Pages, r.FirstIndexed = float64(r.Letters)/took.Minutes(), first.Seconds()
		r.Ratio = r.Pages / r.LimitPages
		if took, _, err = a.captureAll(ctx, pdfs); err != nil {
			return err
		}
		r.PDFsPerSec = float64(r.PDFs) / took.Seconds()
		return nil
	})
}

// captureAll hands in a folder's files and waits until all are decided and searchable.
func (a *app) captureAll(ctx context.Context, folder string) (took, first time.Duration, err error) {
	began := time.Now()
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".json" {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = a.intake.Receive(ctx, capture.Item{Source: "bench", Name: d.Name(), By: "system:bench", Content: f})
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	before, err := a.index.Count()
	for ctx.Err() == nil && err == nil {
		var open map[capture.State]int
		var pending, indexed int
		if open, err = capture.OpenCounts(ctx, a.pool); err != nil {
			break
		}
		if pending, err = search.Pending(ctx, a.pool); err != nil {
			break
		}
		if indexed, err = a.index.Count(); first == 0 && indexed > before {
			first = time.Since(began)
		}
		if open[capture.Stored]+open[capture.BeingRead]+pending == 0 {
			return time.Since(began), first, err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return 0, 0, err
}

// watch notes the most memory and temporary space in use until it is stopped.
func (r *captureReport) watch(temp string) (stop func()) {
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(2 * time.Second) // looking costs some 40 ms of a core
		defer tick.Stop()
		for {
			ours, database := resident(os.Getpid())
			r.ResidentMB, r.DatabaseMB = max(r.ResidentMB, ours), max(r.DatabaseMB, database)
			r.TempMB = max(r.TempMB, folderMB(temp))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	})
	return func() { close(done); watching.Wait() }
}

func folderMB(folder string) float64 {
	var sum int64
	_ = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // files come and go
		}
		if info, err := d.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return float64(sum) / (1 << 20)
}

// resident sums up the proportional resident memory (Pss of proc(5)) of a process and its descendants, in MB, apart for
// those that are PostgreSQL.
func resident(root int) (ours, database float64) {
	for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
		pid := queue[0]
		queue = append(queue, childrenOf(pid)...)
		if name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); strings.HasPrefix(string(name), "postgres") {
			database += pss(pid)
		} else {
			ours += pss(pid)
		}
	}
	return ours, database
}

// childrenOf are the processes that any thread of a process has started.
func childrenOf(pid int) []int {
	var all []int
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, l := range lists {
		text, _ := os.ReadFile(l)
		for _, f := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(f); err == nil {
				all = append(all, child)
			}
		}
	}
	return all
}

func pss(pid int) float64 {
	rollup, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	for line := range strings.Lines(string(rollup)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}
