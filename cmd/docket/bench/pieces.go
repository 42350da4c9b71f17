package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"docket/capture/page"
	"docket/capture/tesseract"
	"docket/repository"

	"golang.org/x/sync/errgroup"
)

// A readPiece is a document with its truth and its layouts.
type readPiece struct {
	truth   pieceTruth
	layouts []repository.Layout
	err     error
}

// layoutsOf reads the documents, those that are attached to others too.
func layoutsOf(ctx context.Context, truths []pieceTruth, o ExtractOptions) ([]readPiece, error) {
	if o.Text {
		var all []readPiece
		for _, t := range withAttachments(truths) {
			all = append(all, readPiece{truth: t, layouts: textLayouts(t.Text)})
		}
		return all, nil
	}
	pool, err := tesseract.New(tesseract.Config{})
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	reader := page.NewReader(pool, page.Config{})
	read := make([][]readPiece, len(truths))
	var g errgroup.Group
	g.SetLimit(pool.Children() + 1)
	for i, t := range truths {
		g.Go(func() error {
			read[i] = readTree(ctx, reader, t, o.Layouts)
			return ctx.Err()
		})
	}
	err = g.Wait()
	return slices.Concat(read...), err
}

func withAttachments(truths []pieceTruth) (all []pieceTruth) {
	for _, t := range truths {
		all = append(all, t)
		all = append(all, withAttachments(t.Attachments)...)
	}
	return all
}

// textLayouts sets a text as a text file is: words without places, pages parted by form feeds.
func textLayouts(text string) (pages []repository.Layout) {
	for n, pageText := range strings.Split(text, "\f") {
		p := repository.Layout{Page: n + 1, Source: "text"}
		par, line := 0, 0
		for l := range strings.SplitSeq(pageText, "\n") {
			if strings.TrimSpace(l) == "" {
				par, line = par+1, 0
				continue
			}
			line++
			for w := range strings.FieldsSeq(l) {
				p.Words = append(p.Words, repository.Word{Text: w, Confidence: 1, Par: par, Line: line})
			}
		}
		pages = append(pages, p)
	}
	return pages
}

// readTree reads a document and the attachments that its truth names.
func readTree(ctx context.Context, reader *page.Reader, t pieceTruth, kept string) []readPiece {
	own := readPiece{truth: t}
	if own.layouts, own.err = keptLayouts(t.path, kept); own.layouts != nil && len(t.Attachments) == 0 {
		return []readPiece{own}
	}
	var parts []readPiece
	fresh := own.layouts == nil
	_, err := reader.Read(ctx, t.path, filepath.Base(t.path), page.Handler{
		Page: func(_ context.Context, p page.Page) error {
			if fresh {
				own.layouts = append(own.layouts, p.Layout)
			}
			return nil
		},
		Part: func(ctx context.Context, p page.Part) error {
			i := slices.IndexFunc(t.Attachments, func(a pieceTruth) bool { return a.File == p.Name })
			if i < 0 {
				return nil
			}
			all, err := readPart(ctx, reader, t.Attachments[i], p.Body, kept)
			parts = append(parts, all...)
			return err
		},
	})
	own.err = err
	slices.SortFunc(own.layouts, func(a, b repository.Layout) int { return a.Page - b.Page })
	if fresh && err == nil {
		own.err = keepLayouts(t.path, kept, own.layouts)
	}
	return append([]readPiece{own}, parts...)
}

// readPart reads an attachment from a file of its own.
func readPart(ctx context.Context, reader *page.Reader, t pieceTruth, body io.Reader, kept string) ([]readPiece, error) {
	dir, err := os.MkdirTemp("", "bench-extract-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	t.path = filepath.Join(dir, "part"+filepath.Ext(t.File))
	if err := os.WriteFile(t.path, data, 0o600); err != nil {
		return nil, err
	}
	return readTree(ctx, reader, t, kept), nil
}

// keptName is the file in which the layouts of a document are kept, named by its bytes.
func keptName(path, dir string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return filepath.Join(dir, hex.EncodeToString(sum[:16])+".layouts.json"), nil
}

func keptLayouts(path, dir string) (layouts []repository.Layout, err error) {
	if dir == "" {
		return nil, nil
	}
	name, err := keptName(path, dir)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, nil // not read before
	}
	return layouts, json.Unmarshal(data, &layouts)
}

func keepLayouts(path, dir string, layouts []repository.Layout) error {
	if dir == "" {
		return nil
	}
	name, err := keptName(path, dir)
	if err != nil {
		return err
	}
	data, err := json.Marshal(layouts)
	if err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o600)
}
