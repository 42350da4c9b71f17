package page

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"docket/repository/fault"

	"golang.org/x/sync/errgroup"
)

// Config says how files are read. Its zero value is ready for use.
type Config struct {
	Pages       int           // in work at once over all documents; 0 means one a core and one more
	TempDir     string        // for rendered pages, at most one for each page in work; empty means the system's
	MaxSize     int64         // bytes of a file; 0 means 200 MB
	MaxPages    int           // of one document; 0 means 2,000
	MaxParts    int           // of one message or archive; 0 means 1,000
	MaxUnpacked int64         // bytes that the parts of one file may have together; 0 means 1 GB
	Timeout     time.Duration // for one run of a PDF tool; 0 means one minute
	Memory      uint64        // bytes of address space a PDF tool may use; 0 means 2 GiB
}

func (c Config) withDefaults() Config {
	if c.Pages <= 0 {
		c.Pages = runtime.NumCPU() + 1
	}
	if c.MaxSize <= 0 {
		c.MaxSize = 200 << 20
	}
	if c.MaxPages <= 0 {
		c.MaxPages = 2000
	}
	if c.MaxParts <= 0 {
		c.MaxParts = 1000
	}
	if c.MaxUnpacked <= 0 {
		c.MaxUnpacked = 1 << 30
	}
	if c.Timeout <= 0 {
		c.Timeout = time.Minute
	}
	if c.Memory == 0 {
		c.Memory = 2 << 30
	}
	return c
}

// A Reader turns files into pages. It is safe for concurrent use; the pages in work over all its documents are bounded.
type Reader struct {
	config Config
	ocr    OCR
	work   chan struct{} // one token for each page in work
}

// NewReader makes a reader.
func NewReader(ocr OCR, c Config) *Reader {
	c = c.withDefaults()
	return &Reader{config: c, ocr: ocr, work: make(chan struct{}, c.Pages)}
}

// Read reads a file. Its name is only a hint: the bytes decide what it is. Pages and parts go to h while they are found.
//
// A page that cannot be read is handed over with its fault, and reading goes on. Read itself fails when nothing could be
// read: a fault of kind Unsupported (no such format), Invalid (empty, damaged, encrypted) or TooLarge, with a sentence for
// the person who received the file; or whatever h returned; or ctx's error.
func (r *Reader) Read(ctx context.Context, file, name string, h Handler) (Document, error) {
	what, err := r.sniff(file, name)
	if err != nil {
		return Document{}, err
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.config.Pages)
	w := &reading{Reader: r, file: file, name: name, handler: h, group: g}
	w.doc.Kind, w.doc.MediaType = what.kind, what.mediaType
	if what.misnamed {
		w.flag(Misnamed)
	}
	err = what.read(w, gctx)
	if waited := g.Wait(); waited != nil {
		err = waited
	}
	if err != nil {
		return w.doc, err
	}
	return w.result()
}

// A reading is one file being read.
type reading struct {
	*Reader
	file, name string
	handler    Handler
	group      *errgroup.Group

	mu        sync.Mutex // guards what follows and calls of handler
	doc       Document
	firstErr  error
	languages map[string]int // letters recognised in each language
	unpacked  int64
}

// each reads n pages in parallel.
func (w *reading) each(ctx context.Context, n int, read func(ctx context.Context, number int) (Page, error)) error {
	for number := 1; number <= n; number++ {
		if err := w.one(ctx, number, func(ctx context.Context) (Page, error) { return read(ctx, number) }); err != nil {
			return err
		}
	}
	return nil
}

// one starts to read a page as soon as there is room, and hands it over when it is read.
func (w *reading) one(ctx context.Context, number int, read func(context.Context) (Page, error)) error {
	if err := w.begin(ctx); err != nil {
		return err
	}
	w.group.Go(func() error {
		p, err := read(ctx)
		<-w.work
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.Number, p.Err = number, err
		return w.hand(ctx, p)
	})
	return nil
}

// begin waits until another page may be worked on.
func (w *reading) begin(ctx context.Context) error {
	select {
	case w.work <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// hand gives a page to the handler.
func (w *reading) hand(ctx context.Context, p Page) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.Layout.Page = p.Number
	w.doc.Pages++
	if p.Err != nil {
		w.doc.Failed++
		if w.firstErr == nil {
			w.firstErr = p.Err
		}
	}
	w.count(p)
	if w.handler.Page == nil {
		return nil
	}
	if err := w.handler.Page(ctx, p); err != nil {
		return fmt.Errorf("page %d: %w", p.Number, err)
	}
	return nil
}

func (w *reading) count(p Page) {
	if p.Layout.Language == "" {
		return
	}
	if w.languages == nil {
		w.languages = map[string]int{}
	}
	for _, word := range p.Layout.Words {
		w.languages[p.Layout.Language] += len(word.Text)
	}
}

// hint is the language that most of the pages read so far are in.
func (w *reading) hint() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mostly()
}

func (w *reading) mostly() string {
	best := ""
	for l, n := range w.languages {
		if best == "" || n > w.languages[best] || n == w.languages[best] && l < best {
			best = l
		}
	}
	return best
}

func (w *reading) flag(f Flag) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.doc.Flags, f) {
		w.doc.Flags = append(w.doc.Flags, f)
	}
}

func (w *reading) result() (Document, error) {
	if w.doc.Failed > 0 && w.doc.Failed < w.doc.Pages {
		w.flag(Incomplete)
	}
	w.doc.Language = w.mostly()
	if w.doc.Failed > 0 && w.doc.Failed == w.doc.Pages && w.doc.Parts == 0 {
		return w.doc, w.firstErr
	}
	return w.doc, nil
}

// temp makes a file name for a page in work; remove deletes the file and all that begin with its name.
func (r *Reader) temp() (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp(r.config.TempDir, "docket-page-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for a page: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}

// size is the file's size, checked against the limit.
func (r *Reader) size(file string) (int64, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, fmt.Errorf("read %s: %w", file, err)
	case err != nil:
		return 0, err
	case info.Size() == 0:
		return 0, fault.New(fault.Invalid, "The file is empty: it has no content at all. Please ask the sender to send it again.")
	case info.Size() > r.config.MaxSize:
		return 0, fault.New(fault.TooLarge, "The file has %d MB; at most %d MB are read.", info.Size()>>20, r.config.MaxSize>>20)
	}
	return info.Size(), nil
}
