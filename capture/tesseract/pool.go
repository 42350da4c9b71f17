package tesseract

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"time"

	"docket/repository"
	"docket/repository/fault"
)

// Config says how OCR runs. Its zero value is ready for use by the docket binary.
type Config struct {
	Children      int           // processes at work at once; 0 means one a core
	Command       []string      // what starts a child; nil means this binary with the word "ocr"
	Languages     []string      // two letters each, to choose from; nil means all that are installed
	PageTimeout   time.Duration // after which a page is given up; 0 means 90 seconds
	PagesPerChild int           // after which a child is replaced, so that leaks in C code stay small; 0 means 400
	Memory        uint64        // bytes of address space a child may use; 0 means 4 GiB
	Log           *slog.Logger  // nil means no log
}

func (c Config) withDefaults() (Config, error) {
	if c.Children <= 0 {
		c.Children = runtime.NumCPU()
	}
	if len(c.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return c, err
		}
		c.Command = []string{self, "ocr"}
	}
	if c.PageTimeout <= 0 {
		c.PageTimeout = 90 * time.Second
	}
	if c.PagesPerChild <= 0 {
		c.PagesPerChild = 400
	}
	if c.Memory == 0 {
		c.Memory = 4 << 30
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// A Page says which image to read and how.
type Page struct {
	File     string   `json:"file"`               // path of an image file the child can open
	Index    int      `json:"index,omitempty"`    // of the image in a TIFF, from 0
	DPI      int      `json:"dpi,omitempty"`      // 0 means: find out
	Language string   `json:"language,omitempty"` // two letters; empty means: find out
	Hint     string   `json:"hint,omitempty"`     // the language to take when the page itself does not tell
	Among    []string `json:"among,omitempty"`    // the languages to choose from; empty means the pool's
	PSM      int      `json:"psm,omitempty"`      // Tesseract's page segmentation mode; 0 means automatic
}

// A Result is a page that was read: its layout, the straightened image the layout's boxes refer to (JPEG, or PNG for black
// and white), and a small JPEG.
type Result struct {
	Layout repository.Layout
	Image  []byte
	Thumb  []byte
}

// A Pool recognises pages in child processes. It is safe for concurrent use; callers wait for a free child.
type Pool struct {
	config Config
	slots  chan *child // one value for each child; nil stands for one not yet started
}

// New makes a pool. Children start when they are first needed.
func New(c Config) (*Pool, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Pool{config: c, slots: make(chan *child, c.Children)}
	for range c.Children {
		p.slots <- nil
	}
	return p, nil
}

// Close waits for the pages in work and ends the children. The pool must not be used afterwards.
func (p *Pool) Close() {
	for range cap(p.slots) {
		if c := <-p.slots; c != nil {
			c.end()
		}
	}
}

// Children is how many pages can be in work at once.
func (p *Pool) Children() int { return cap(p.slots) }

// Recognise reads one page. Its error is a fault of kind Invalid or TooLarge when the image is at fault, also when it
// made the recognition crash or run past its deadline.
func (p *Pool) Recognise(ctx context.Context, page Page) (Result, error) {
	if len(page.Among) == 0 {
		page.Among = p.config.Languages
	}
	a, err := p.ask(ctx, request{Op: opPage, Page: page})
	return Result{a.Layout, a.image, a.thumb}, err
}

// ReadImage is Recognise in the words of whoever knows only pages: index counts from 0, a dpi of 0 and an empty hint mean unknown.
func (p *Pool) ReadImage(ctx context.Context, file string, index, dpi int, hint string) (layout repository.Layout, image, thumb []byte, err error) {
	r, err := p.Recognise(ctx, Page{File: file, Index: index, DPI: dpi, Hint: hint})
	return r.Layout, r.Image, r.Thumb, err
}

// CountImages says how many images a file holds; only a TIFF can hold more than one.
func (p *Pool) CountImages(ctx context.Context, file string) (int, error) {
	a, err := p.ask(ctx, request{Op: opCount, Page: Page{File: file}})
	return a.Count, err
}

// Thumbnail makes a small JPEG of image index of a file, upright as the file says it stands, and tells the image's size in pixels.
func (p *Pool) Thumbnail(ctx context.Context, file string, index int) (thumb []byte, width, height int, err error) {
	a, err := p.ask(ctx, request{Op: opThumbnail, Page: Page{File: file, Index: index}})
	return a.thumb, a.Layout.Width, a.Layout.Height, err
}

// Picture gives image index of a file without any loss: a JPEG as it is, with the degrees by which it is to be turned clockwise
// to stand upright; anything else as a PNG that stands upright.
func (p *Pool) Picture(ctx context.Context, file string, index int) (image []byte, turn, width, height int, err error) {
	a, err := p.ask(ctx, request{Op: opPicture, Page: Page{File: file, Index: index}})
	return a.image, a.Layout.Rotated, a.Layout.Width, a.Layout.Height, err
}

// Languages are the installed ones, two letters each, in alphabetical order.
func (p *Pool) Languages(ctx context.Context) ([]string, error) {
	a, err := p.ask(ctx, request{Op: opHello})
	return a.Languages, err
}

// ask gives q to a free child. A child that dies is replaced and asked once more, since it may have died of an older page.
func (p *Pool) ask(ctx context.Context, q request) (reply, error) {
	var c *child
	select {
	case c = <-p.slots:
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
	defer func() { p.slots <- c }()
	timed, cancel := context.WithTimeout(ctx, p.config.PageTimeout)
	defer cancel()
	var err error
	for range 2 {
		var a reply
		if c, a, err = p.once(timed, c, q); err == nil {
			return a, a.fault()
		}
		if timed.Err() != nil {
			break
		}
		p.config.Log.Warn("an OCR process died", "file", q.File, "page", q.Index+1, "error", err)
	}
	switch {
	case ctx.Err() != nil:
		return reply{}, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return reply{}, fault.Wrap(err, fault.Invalid, "The page could not be read within %d seconds. The file was kept; please look at it by hand.", int(p.config.PageTimeout.Seconds()))
	case c == nil && errors.Is(err, errStart):
		return reply{}, fault.Wrap(err, fault.Unavailable, "Text recognition cannot be started. Please tell your administrator.")
	}
	return reply{}, fault.Wrap(err, fault.Invalid, "The page made text recognition fail. The file was kept; please look at it by hand.")
}

var errStart = errors.New("start OCR")

// once asks c, starting or replacing it when needed, and gives back the child to keep, nil when it died.
func (p *Pool) once(ctx context.Context, c *child, q request) (*child, reply, error) {
	if c != nil && c.pages >= p.config.PagesPerChild {
		c.end()
		c = nil
	}
	if c == nil {
		var err error
		if c, err = startChild(p.config); err != nil {
			return nil, reply{}, errors.Join(errStart, err)
		}
	}
	a, err := c.call(ctx, q)
	if err != nil {
		return nil, reply{}, err
	}
	return c, a, nil
}

// fault turns a reply that tells of an error back into one.
func (a reply) fault() error {
	switch {
	case a.Error == "":
		return nil
	case fault.Kind(a.Kind) == fault.Internal:
		return errors.New(a.Error)
	}
	return fault.New(fault.Kind(a.Kind), "%s", a.Error)
}
