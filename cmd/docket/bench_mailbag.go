package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"docket/capture"
	"docket/capture/sample"
	"docket/cmd/docket/bench"
	"docket/repository"

	"github.com/google/uuid"
)

// A mailbagRun is one mailbag to be taken in.
type mailbagRun struct {
	pieces int
	seed   uint64
	texts  string // file that keeps what was read; empty for none
}

// benchMailbag makes a mailbag, takes it in with everything embedded in a temporary folder and compares what came of it with
// the truth.
func benchMailbag(ctx context.Context, words []string) (bench.Report, error) {
	run := mailbagRun{pieces: 400, seed: 1}
	f := flag.NewFlagSet("bench mailbag", flag.ContinueOnError)
	mistakes := f.Bool("mistakes", false, "list every document whose class is wrong or uncertain, and every wrong value")
	f.StringVar(&run.texts, "texts", "", "file that keeps the texts as recognised, with their right classes, for bench detect")
	rest, err := parse(f, words)
	if err != nil {
		return nil, err
	}
	if err := run.numbers(rest); err != nil {
		return nil, err
	}
	r, err := run.measure(ctx)
	if err != nil || !*mistakes {
		return r, err
	}
	return withQuestions{r}, nil
}

// numbers reads how many pieces and which seed.
func (run *mailbagRun) numbers(words []string) (err error) {
	if len(words) > 2 {
		return usagef("bench mailbag takes a number of pieces and a seed")
	}
	if len(words) > 0 {
		if run.pieces, err = strconv.Atoi(words[0]); err != nil || run.pieces < 1 {
			return usagef("%q is no number of pieces", words[0])
		}
	}
	if len(words) > 1 {
		if run.seed, err = strconv.ParseUint(words[1], 10, 64); err != nil {
			return usagef("%q is no seed", words[1])
		}
	}
	return nil
}

func (run mailbagRun) measure(ctx context.Context) (*bench.MailbagReport, error) {
	dir, err := os.MkdirTemp("", "docket-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	bag := filepath.Join(dir, "bag")
	truths, err := sample.Generate(bag, sample.Options{Pieces: run.pieces, Seed: run.seed})
	if err != nil {
		return nil, err
	}
	var r *bench.MailbagReport
	err = benchApp(ctx, filepath.Join(dir, "data"), sharedQueues, func(a *app) error {
		if err := a.start(ctx); err != nil {
			return err
		}
		took, _, err := a.captureAll(ctx, bag)
		if err != nil {
			return err
		}
		taken, err := a.taken(ctx, truths)
		if err != nil {
			return err
		}
		catalogue, err := a.plan.Catalogue(ctx, a.pool)
		if err != nil {
			return err
		}
		r = bench.Mailbag(taken, catalogue.Classes)
		r.Pieces, r.Seed, r.Seconds = run.pieces, run.seed, took.Seconds()
		return keepTexts(run.texts, r)
	})
	return r, err
}

// taken looks up what became of every piece that has a truth, and of its attachments. Copies are left out.
func (a *app) taken(ctx context.Context, truths []sample.Truth) ([]bench.Taken, error) {
	all, err := capture.Pieces(ctx, a.pool, capture.Filter{Limit: 1 << 20})
	if err != nil {
		return nil, err
	}
	type place struct {
		parent uuid.UUID
		name   string
	}
	at := map[place]capture.Piece{}
	var ids []repository.DocumentID
	for _, p := range all {
		at[place{p.Parent, p.Name}] = p
		ids = append(ids, p.Document)
	}
	readings, err := capture.Readings(ctx, a.pool, ids)
	if err != nil {
		return nil, err
	}
	texts, err := a.store.Texts(ctx, a.pool, ids)
	if err != nil {
		return nil, err
	}
	var out []bench.Taken
	var add func(parent capture.Piece, folder string, truths []sample.Truth)
	add = func(parent capture.Piece, folder string, truths []sample.Truth) {
		for _, t := range truths {
			p := at[place{parent.Receipt, t.File}]
			if t.SameAs != "" || p.State == capture.Duplicate {
				continue
			}
			r := readings[p.Document]
			class := r.Class
			if p.State == capture.Exception {
				class = ""
			}
			out = append(out, bench.Taken{File: folder + t.File, Truth: t, Class: class, Confidence: r.Confidence,
				Filed: p.State == capture.Filed, Cover: r.Cover, Doubts: r.Doubts, Fields: r.Fields, Text: joinPages(texts[p.Document])})
			add(p, folder+t.File+"/", t.Attachments)
		}
	}
	add(capture.Piece{}, "", truths)
	return out, nil
}

func joinPages(pages []repository.PageText) string {
	var all []string
	for _, p := range pages {
		all = append(all, p.Text)
	}
	return strings.Join(all, "\n\n")
}

func keepTexts(name string, r *bench.MailbagReport) error {
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := r.WriteTexts(f); err != nil {
		f.Close()
		return fmt.Errorf("keep the texts: %w", err)
	}
	return f.Close()
}

// withQuestions lists the mistakes before the table.
type withQuestions struct{ *bench.MailbagReport }

// Table prints one line for each mistake, then the table.
func (r withQuestions) Table(w io.Writer) error {
	if err := r.TableOfQuestions(w); err != nil {
		return err
	}
	return r.MailbagReport.Table(w)
}
