package page

import (
	"context"
	"io"
	"time"

	"docket/capture/mail"
	"docket/repository"
)

// A Kind is what a file is, told by its bytes.
type Kind string

// The kinds that can be read.
const (
	PDF          Kind = "pdf"
	Image        Kind = "image"
	Text         Kind = "text"
	HTML         Kind = "html"
	CSV          Kind = "csv"
	RTF          Kind = "rtf"
	Word         Kind = "word" // docx, odt
	Sheet        Kind = "sheet"
	Presentation Kind = "presentation"
	Mail         Kind = "mail"
	Archive      Kind = "archive"
)

// A Flag says something about a file that a person should know. Flags do not keep a file from being read.
type Flag string

// The flags.
const (
	Signed     Flag = "signed"     // holds an electronic signature; its bytes must not be changed
	Protected  Flag = "protected"  // its author restricted what may be done with it, but it can be read
	Misnamed   Flag = "misnamed"   // its name says that it is of another kind; it was read as what it is
	Repaired   Flag = "repaired"   // damaged, but could be read in part
	Macros     Flag = "macros"     // holds program code; it was not run
	Incomplete Flag = "incomplete" // some pages or parts could not be read or were over a limit
)

// A Document is what was found out about a file while it was read.
type Document struct {
	Kind      Kind
	MediaType string
	Pages     int    // in all, those that could not be read too
	Failed    int    // pages that could not be read
	Parts     int    // handed over
	Language  string // two letters: of most of the text that was recognised; empty when nothing was
	Flags     []Flag
	Meta      Meta
	Mail      *mail.Message // of a message, without the bytes of what it brings; nil for what is none
}

// Meta is what a file says about itself. Nothing of it is proven.
type Meta struct {
	Title   string
	Author  string
	Subject string       // of a message
	From    string       // of a message, as written in its header
	Passed  mail.Address // who wrote the message that this one passes on; the zero Address when it passes none on
	To      string
	Cc      string
	Date    time.Time // zero when there is none
}

// A Page is one page of a document.
type Page struct {
	Number    int // from 1
	Layout    repository.Layout
	Image     []byte // the page as its layout's boxes refer to it: JPEG or PNG; none of a page that can be drawn later
	MediaType string // of Image
	Thumb     []byte // a small JPEG
	Err       error  // a fault when the page could not be read; the rest may be empty then
}

// A Part is a file inside a file: an attachment or a member of an archive. It is a document of its own.
type Part struct {
	Name      string    // as given, without folders; it may be empty
	MediaType string    // as given; a hint only
	Inline    bool      // shown within the message, such as a logo in a signature
	Body      io.Reader // valid only during the call; reading past a limit gives a fault
}

// A Handler is given what is found while a file is read. Its functions are called one at a time, from various goroutines,
// pages in any order. An error ends the reading. A nil function means that nobody is interested.
type Handler struct {
	Page func(context.Context, Page) error
	Part func(context.Context, Part) error
}

// OCR recognises the text of page images. Package tesseract's Pool does.
type OCR interface {
	// ReadImage reads image index (from 0) of a file. A dpi of 0 and an empty hint mean unknown; the hint is the language
	// to take when the page itself does not tell. The image is straightened and the layout's boxes refer to it.
	ReadImage(ctx context.Context, file string, index, dpi int, hint string) (layout repository.Layout, image, thumb []byte, err error)
	// CountImages says how many images a file holds.
	CountImages(ctx context.Context, file string) (int, error)
}
