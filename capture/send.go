package capture

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"docket/capture/page"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// SendArgs asks for a draft to be made into pieces.
type SendArgs struct {
	Draft uuid.UUID `json:"draft"`
}

// Kind names the job.
func (SendArgs) Kind() string { return "capture.send" }

// InsertOpts puts the job in its queue.
func (SendArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ScanQueue, MaxAttempts: 8}
}

// A Sender works SendArgs: from pages on the desk to pieces that go through the door. A file of which nothing was changed goes
// through as it came; of all others a PDF is made of the pages that were kept, as they were turned and ordered.
type Sender struct {
	river.WorkerDefaults[SendArgs]
	Reader *Reader
}

// Timeout bounds one draft.
func (*Sender) Timeout(*river.Job[SendArgs]) time.Duration { return 30 * time.Minute }

// Work sends one draft, piece by piece. Cut off, it goes on where it was: what was received gives the same receipts again. Pages
// that cannot be put together bring the draft back to the desk with the reason.
func (w *Sender) Work(ctx context.Context, job *river.Job[SendArgs]) error {
	in := w.Reader.Intake
	drafts, err := findDrafts(ctx, in.Pool, "id = $1 and sending_at is not null and sent_at is null", job.Args.Draft)
	if err != nil || len(drafts) == 0 {
		return err
	}
	err = w.send(ctx, drafts[0])
	switch kind := fault.KindOf(err); {
	case err == nil:
		_, err = in.Pool.Exec(ctx, "update capture.draft set sent_at = now() where id = $1", job.Args.Draft)
	case snoozed(err):
	case kind == fault.Invalid || kind == fault.Unsupported || kind == fault.TooLarge || kind == fault.Denied || job.Attempt >= job.MaxAttempts && ctx.Err() == nil:
		_, err = in.Pool.Exec(ctx, "update capture.draft set sending_at = null, problem = $2 where id = $1", job.Args.Draft, fault.Sentence(err))
	}
	return err
}

// A sending is one draft on its way through the door.
type sending struct {
	*Sender
	draft Draft
	scans map[uuid.UUID]Scan
	pages map[uuid.UUID]int // how many each file has
	dir   string
	files map[uuid.UUID]string // fetched
}

func (w *Sender) send(ctx context.Context, d Draft) error {
	in := w.Reader.Intake
	scans, err := Scans(ctx, in.Pool, d.ID)
	if err != nil {
		return err
	}
	pages, err := DraftPages(ctx, in.Pool, d.ID)
	if err != nil {
		return err
	}
	s := &sending{Sender: w, draft: d, scans: map[uuid.UUID]Scan{}, pages: map[uuid.UUID]int{}, files: map[uuid.UUID]string{}}
	for _, scan := range scans {
		s.scans[scan.ID] = scan
	}
	for _, p := range pages {
		s.pages[p.Scan]++
	}
	if s.dir, err = os.MkdirTemp(w.Reader.TempDir, "desk-"); err != nil {
		return err
	}
	defer os.RemoveAll(s.dir)
	number := 0
	for _, piece := range PiecesOf(pages) {
		kept := piece.Kept()
		if len(kept) == 0 {
			continue
		}
		number++
		if err := s.piece(ctx, number, kept); err != nil {
			return fmt.Errorf("piece %d of draft %s: %w", number, d.ID, err)
		}
	}
	return nil
}

// piece hands one piece in and notes where its pages come from.
func (s *sending) piece(ctx context.Context, number int, kept []DraftPage) error {
	content, name, err := s.content(ctx, number, kept)
	if err != nil {
		return err
	}
	defer content.Close()
	in := s.Reader.Intake
	p, err := in.Receive(ctx, Item{Source: s.draft.Source, Origin: s.origin(number, kept), Name: name, By: s.draft.Owner, Batch: s.draft.Name,
		ReceivedAt: s.draft.CreatedAt, Content: content})
	if err != nil {
		return err
	}
	return postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error {
		for i, page := range kept {
			from := s.scans[page.Scan]
			_, err := tx.Exec(ctx, `insert into capture.scan_origin (receipt, page, document, version, number, turn) values ($1, $2, $3, $4, $5, $6)
				on conflict do nothing`, p.Receipt, i+1, from.Document, from.Version, page.Number, page.Turn)
			if err != nil {
				return fmt.Errorf("note where page %d comes from: %w", i+1, err)
			}
		}
		return nil
	})
}

// origin names a piece by what it is made of, so that the same is the same and a changed one is another.
func (s *sending) origin(number int, kept []DraftPage) string {
	h := sha256.New()
	for _, p := range kept {
		fmt.Fprintln(h, p.ID, p.Turn)
	}
	return fmt.Sprintf("desk/%s/%d/%x", s.draft.ID, number, h.Sum(nil)[:8])
}

// content opens the bytes of a piece: a file as it came, or a PDF of its pages.
func (s *sending) content(ctx context.Context, number int, kept []DraftPage) (io.ReadCloser, string, error) {
	first := s.scans[kept[0].Scan]
	if s.untouched(kept) {
		r, err := s.open(ctx, first)
		return r, first.Name, err
	}
	chosen := make([]page.Chosen, len(kept))
	for i, p := range kept {
		file, err := s.fetch(ctx, s.scans[p.Scan])
		if err != nil {
			return nil, "", err
		}
		chosen[i] = page.Chosen{File: file, Page: p.Number, Turn: p.Turn}
	}
	out := filepath.Join(s.dir, fmt.Sprintf("piece-%d.pdf", number))
	if err := s.Reader.Pages.Assemble(ctx, chosen, out); err != nil {
		return nil, "", err
	}
	f, err := os.Open(out)
	return f, fmt.Sprintf("%s %d.pdf", s.draft.Name, number), err
}

// untouched says whether pages are one whole file as it came.
func (s *sending) untouched(kept []DraftPage) bool {
	if len(kept) != s.pages[kept[0].Scan] {
		return false
	}
	for i, p := range kept {
		if p.Scan != kept[0].Scan || p.Number != i+1 || p.Turn != 0 {
			return false
		}
	}
	return true
}

func (s *sending) open(ctx context.Context, scan Scan) (blob.Reader, error) {
	v, err := s.version(ctx, scan)
	if err != nil {
		return nil, err
	}
	return s.Reader.Intake.Store.Open(ctx, v)
}

func (s *sending) version(ctx context.Context, scan Scan) (repository.Version, error) {
	return s.Reader.Intake.Store.Version(ctx, s.Reader.Intake.Pool, scan.Document, scan.Version)
}

// fetch copies a file into the working folder once.
func (s *sending) fetch(ctx context.Context, scan Scan) (string, error) {
	if file := s.files[scan.ID]; file != "" {
		return file, nil
	}
	v, err := s.version(ctx, scan)
	if err != nil {
		return "", err
	}
	file, err := s.Reader.fetch(ctx, v)
	if err != nil {
		return "", err
	}
	own := filepath.Join(s.dir, scan.ID.String()+filepath.Ext(file))
	s.files[scan.ID] = own
	return own, os.Rename(file, own)
}
