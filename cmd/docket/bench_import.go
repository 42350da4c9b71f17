package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"docket/capture"
	"docket/capture/mail"
)

// measureImport imports a mailbox file, and the same once more. In the same house, where nothing is read meanwhile, one large message is
// taken in.
func (r *mailReport) measureImport(ctx context.Context, dir string, letters *benchLetterbox) error {
	box := filepath.Join(dir, "old.mbox")
	if err := letters.writeMailbox(box, r.Messages, r.Imported); err != nil {
		return err
	}
	files, _, err := mail.Files(box)
	if err != nil {
		return err
	}
	return benchApp(ctx, filepath.Join(dir, "import"), nil, func(a *app) error {
		m := &capture.Importer{Intake: a.intake, Source: importedMail, By: console, Files: files}
		began := time.Now()
		done := make(chan error, 1)
		go func() { done <- m.Run(ctx) }()
		r.Tenths = watchTenths(m, r.Imported, done)
		if err := <-done; err != nil {
			return err
		}
		r.ImportPerSec = float64(r.Imported) / time.Since(began).Seconds()
		r.LastOfFirst = r.Tenths[9] / r.Tenths[0]
		again := &capture.Importer{Intake: a.intake, Source: importedMail, By: console, Files: files}
		began = time.Now()
		if err := again.Run(ctx); err != nil {
			return err
		}
		if so := again.Progress(); so.Already != r.Imported {
			return fmt.Errorf("the second import found %d of %d messages", so.Already, r.Imported)
		}
		r.AgainPerSec = float64(r.Imported) / time.Since(began).Seconds()
		server, err := a.benchPost(ctx)
		if err == nil {
			r.LargeSec, r.HeapMB, err = sendLarge(server, mailBenchLarge)
		}
		return err
	})
}

// watchTenths measures messages a second by tenths of an import, until it ends; its end is put back into done.
func watchTenths(m *capture.Importer, total int, done chan error) []float64 {
	rates := make([]float64, 10)
	since, at := time.Now(), 0
	for tenth := 0; tenth < 10; {
		select {
		case err := <-done:
			done <- err
			if n := m.Progress().Messages; n > at {
				rates[tenth] = float64(n-at) / time.Since(since).Seconds()
			}
			return rates
		case <-time.After(5 * time.Millisecond):
		}
		if n := m.Progress().Messages; n >= (tenth+1)*total/10 {
			rates[tenth] = float64(n-at) / time.Since(since).Seconds()
			since, at, tenth = time.Now(), n, tenth+1
		}
	}
	return rates
}
