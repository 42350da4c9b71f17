package capture

import (
	"context"
	"os"
	"time"

	"docket/capture/page"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// RenderArgs asks for the page images, thumbnails and layouts of a version to be made anew. They are derived, so this changes
// nothing that was understood of the document or decided about it.
type RenderArgs struct {
	Document repository.DocumentID `json:"document"`
	Version  int                   `json:"version"`
}

// Kind names the job.
func (RenderArgs) Kind() string { return "capture.render" }

// InsertOpts puts the job in its queue, behind the pieces that somebody waits for.
func (RenderArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ReadQueue, MaxAttempts: 5, Priority: 4}
}

// A Renderer works RenderArgs: it reads the pages as a Reader does and keeps what they look like. Parts are left where they
// are: what was attached came in as documents of its own.
type Renderer struct {
	river.WorkerDefaults[RenderArgs]
	Reader *Reader
}

// Timeout bounds one version.
func (*Renderer) Timeout(*river.Job[RenderArgs]) time.Duration { return 30 * time.Minute }

// Work renders one version.
func (w *Renderer) Work(ctx context.Context, job *river.Job[RenderArgs]) error {
	v, err := w.Reader.Intake.Store.Version(ctx, w.Reader.Intake.Pool, job.Args.Document, job.Args.Version)
	if err != nil {
		return err
	}
	file, err := w.Reader.fetch(ctx, v)
	if fault.Is(err, fault.Denied) { // held: nothing of it is drawn
		return nil
	}
	if err != nil {
		return err
	}
	defer os.Remove(file)
	c := &collector{store: w.Reader.Intake.Store, version: v}
	leave := func(context.Context, page.Part) error { return nil }
	if _, err := w.Reader.Pages.Read(ctx, file, v.Name, page.Handler{Page: c.take, Part: leave}); err != nil {
		return err
	}
	return postgres.InTx(ctx, w.Reader.Intake.Pool, func(tx pgx.Tx) error {
		if err := w.Reader.Intake.Store.AddRenditions(ctx, tx, c.renditions); err != nil {
			return err
		}
		if c.recognised && len(c.texts) <= maxArchivePages {
			_, err := w.Reader.Intake.Jobs.InsertTx(ctx, tx, ArchiveArgs{v.Document, v.Number}, &river.InsertOpts{ScheduledAt: time.Now().Add(archiveDelay)})
			return err
		}
		return nil
	})
}
