package capture

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"docket/capture/page"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// maxArchivePages is how long a document may be to get a searchable PDF: the PDF is built in memory.
const maxArchivePages = 500

// archiveDelay lets a burst of post be read before its searchable PDFs are made, which nobody waits for.
const archiveDelay = time.Minute

// ArchiveArgs asks for the searchable PDF of a version that came as images.
type ArchiveArgs struct {
	Document repository.DocumentID `json:"document"`
	Version  int                   `json:"version"`
}

// Kind names the job.
func (ArchiveArgs) Kind() string { return "capture.archive" }

// InsertOpts puts the job in its queue, behind everything that somebody waits for.
func (ArchiveArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ArchiveQueue, MaxAttempts: 5, Priority: 4}
}

// An Archiver works ArchiveArgs: from page images and layouts to one PDF whose text can be searched and copied.
type Archiver struct {
	river.WorkerDefaults[ArchiveArgs]
	Intake  *Intake
	Sheets  *Sheets
	TempDir string
}

// Work makes the PDF and records it. Made again, it takes the place of the one before.
func (w *Archiver) Work(ctx context.Context, job *river.Job[ArchiveArgs]) error {
	in, id, number := w.Intake, job.Args.Document, job.Args.Version
	v, err := in.Store.Version(ctx, in.Pool, id, number)
	if err != nil {
		return err
	}
	r, err := FindReading(ctx, in.Pool, id)
	if err != nil {
		return err
	}
	made, err := in.Store.Renditions(ctx, in.Pool, id, number)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(w.TempDir, "archive-*.pdf")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	err = page.Searchable(f, v.Name, r.Language, v.At, w.pages(ctx, v, made))
	if fault.Is(err, fault.Invalid) {
		return nil // no pages, no PDF
	}
	if err != nil {
		return fmt.Errorf("searchable PDF of %s: %w", id, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	archive, err := in.Store.PutRendition(ctx, id, number, repository.SearchablePDF, 0, "application/pdf", f)
	if err != nil {
		return err
	}
	return postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error {
		return in.Store.AddRenditions(ctx, tx, []repository.Rendition{archive})
	})
}

// Timeout bounds one document.
func (*Archiver) Timeout(*river.Job[ArchiveArgs]) time.Duration { return 10 * time.Minute }

// pages reads the pages back from their renditions, one at a time, and has those drawn that nobody has looked at yet.
func (w *Archiver) pages(ctx context.Context, v repository.Version, made []repository.Rendition) iter.Seq2[page.Page, error] {
	images := map[int]repository.Rendition{}
	for _, r := range made {
		if r.Kind == repository.PageImage {
			images[r.Page] = r
		}
	}
	return func(yield func(page.Page, error) bool) {
		for _, layout := range made {
			if layout.Kind != repository.PageLayout {
				continue
			}
			p, err := w.sheet(ctx, v, images, layout)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

func (w *Archiver) sheet(ctx context.Context, v repository.Version, images map[int]repository.Rendition, layout repository.Rendition) (page.Page, error) {
	image, ok := images[layout.Page]
	if !ok {
		var err error
		if image, err = w.Sheets.Rendition(ctx, v, repository.PageImage, layout.Page); err != nil {
			return page.Page{}, err
		}
	}
	return w.page(ctx, image, layout)
}

func (w *Archiver) page(ctx context.Context, image, layout repository.Rendition) (page.Page, error) {
	p := page.Page{Number: image.Page, MediaType: image.MediaType}
	var err error
	if p.Image, err = w.bytes(ctx, image); err != nil {
		return p, err
	}
	raw, err := w.bytes(ctx, layout)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(raw, &p.Layout)
}

func (w *Archiver) bytes(ctx context.Context, r repository.Rendition) ([]byte, error) {
	body, err := w.Intake.Store.OpenRendition(ctx, r)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}
