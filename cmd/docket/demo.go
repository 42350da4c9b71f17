package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"docket/capture"
	"docket/capture/sample"
	"docket/repository/journal"
)

// The demo's mailbag: enough to see every screen at work.
const (
	demoPieces = 24
	demoSeed   = 2026
)

// captureDemo takes in a small mailbag. Its origins make it the same pieces however often it is run or cut off.
func (a *app) captureDemo(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "docket-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	truths, err := sample.Generate(dir, sample.Options{Pieces: demoPieces, Seed: demoSeed})
	if err != nil {
		return err
	}
	for _, t := range truths {
		if err := a.captureSample(ctx, dir, t.File); err != nil {
			return fmt.Errorf("capture the demo's mailbag: %w", err)
		}
	}
	return nil
}

func (a *app) captureSample(ctx context.Context, dir, name string) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = a.intake.Receive(ctx, capture.Item{Source: "sample", Origin: fmt.Sprintf("demo %d %s", demoSeed, name), Name: name,
		By: journal.System("demo"), Content: f})
	return err
}
