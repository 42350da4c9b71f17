package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"docket/web/api"

	"golang.org/x/sync/errgroup"
)

// captureOptions are the flags of 'docket capture'.
type captureOptions struct {
	source string
	batch  string
	wait   bool
	json   bool
}

// How many files are on their way to the server at once, and how many are followed to their end: enough that the server never
// waits for the next.
const (
	senders   = 4
	followers = 48
)

// runCapture sends files to a server. It prints a line per file, or with --wait a line per resulting document. One file that
// cannot be handed in does not stop the others; the exit status says that there was one. A piece that was handed in and could
// not be read is not lost: its line has the error, and the intake board shows it.
func runCapture(ctx context.Context, std stdio, args []string) error {
	var o captureOptions
	c, words, err := configure("capture", args, func(f *flag.FlagSet) {
		f.StringVar(&o.source, "source", "command", "name of the source that the pieces come from")
		f.StringVar(&o.batch, "batch", "", "name of the batch that the pieces belong to; a name that is new begins one")
		f.BoolVar(&o.wait, "wait", false, "wait until each piece is filed, waits for a person, or failed")
		f.BoolVar(&o.json, "json", false, "one JSON object a line")
	})
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return usagef("which files?")
	}
	files, err := listFiles(words)
	if err != nil {
		return err
	}
	server, err := newClient(c)
	if err != nil {
		return err
	}
	return sendAll(ctx, server, std, o, files)
}

// listFiles gives the files named and those in the folders named, in order, without hidden ones.
func listFiles(paths []string) ([]string, error) {
	var files []string
	for _, p := range paths {
		err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			hidden := path != p && strings.HasPrefix(filepath.Base(path), ".")
			switch {
			case err != nil:
				return err
			case hidden && d.IsDir():
				return filepath.SkipDir
			case !hidden && !d.IsDir():
				files = append(files, path)
			}
			return nil
		})
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usagef("there is no file %s", p)
		}
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// sendAll sends the files, several at once, and prints their outcomes in the order of the files.
func sendAll(ctx context.Context, server *client, std stdio, o captureOptions, files []string) error {
	results := make([]chan []api.Outcome, len(files))
	for i := range results {
		results[i] = make(chan []api.Outcome, 1)
	}
	var g errgroup.Group
	g.SetLimit(followers)
	uploads := make(chan struct{}, senders)
	var sending sync.WaitGroup
	sending.Go(func() {
		for i, file := range files {
			g.Go(func() error {
				results[i] <- sendOne(ctx, server, o, file, uploads)
				return nil
			})
		}
	})
	failed := 0
	for i := range files {
		for _, line := range <-results[i] {
			if line.Receipt == "" {
				failed++
			}
			if err := printOutcome(std.Out, o, files[i], line); err != nil {
				return err
			}
		}
	}
	sending.Wait()
	_ = g.Wait()
	if failed > 0 {
		return fmt.Errorf("%d of %d files could not be handed in; their lines say why", failed, len(files))
	}
	return nil
}

// sendOne hands one file in, when there is room among the uploads, and with --wait follows it to its end. What goes wrong is in
// the outcome.
func sendOne(ctx context.Context, server *client, o captureOptions, file string, uploads chan struct{}) []api.Outcome {
	uploads <- struct{}{}
	piece, err := handIn(ctx, server, o, file)
	<-uploads
	if err != nil {
		return []api.Outcome{{Name: filepath.Base(file), Error: sentence(err)}}
	}
	for o.wait && !piece.Done && err == nil {
		err = server.get(ctx, "/intake/"+piece.Receipt.String(), url.Values{"wait": {"25"}}, &piece)
	}
	if err != nil {
		return []api.Outcome{{Receipt: piece.Receipt.String(), Name: filepath.Base(file),
			Error: "It was handed in; what became of it is on the intake board. " + sentence(err)}}
	}
	return piece.Documents
}

// handIn uploads one file. The key makes a repeated upload of the same unchanged file the same piece.
func handIn(ctx context.Context, server *client, o captureOptions, file string) (api.Piece, error) {
	info, err := os.Stat(file)
	if err != nil {
		return api.Piece{}, err
	}
	full, err := filepath.Abs(file)
	if err != nil {
		return api.Piece{}, err
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s|%d|%s", full, info.Size(), info.ModTime().Format(time.RFC3339Nano)))
	header := http.Header{"Idempotency-Key": {fmt.Sprintf("%x", key[:16])}, "Content-Type": {"application/octet-stream"}}
	query := url.Values{"source": {o.source}, "batch": {o.batch}, "name": {filepath.Base(file)}}
	var got struct{ Pieces []api.Piece }
	err = server.do(ctx, http.MethodPost, "/intake", query, header, func() (io.ReadCloser, error) { return os.Open(file) }, &got)
	if err == nil && len(got.Pieces) != 1 {
		err = fmt.Errorf("the server answered with %d pieces for one file", len(got.Pieces))
	}
	if err != nil {
		return api.Piece{}, err
	}
	return got.Pieces[0], nil
}

func printOutcome(w io.Writer, o captureOptions, file string, line api.Outcome) error {
	if o.json {
		return json.NewEncoder(w).Encode(line)
	}
	parts := []string{file}
	for _, s := range []string{line.Class, line.Title, line.Path, line.Ticket, line.Error} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 1 {
		parts = append(parts, "received, receipt "+line.Receipt)
	}
	_, err := fmt.Fprintln(w, strings.Join(slices.Compact(parts), "  "))
	return err
}
