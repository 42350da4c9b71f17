package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"docket/capture/page"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// Lay puts a file on somebody's desk: its bytes are stored as they come, as a document of its own, and its pages are drawn
// soon after. Bytes that are known are not stored again; the file says then which piece brought them.
func (in *Intake) Lay(ctx context.Context, owner journal.Actor, draft uuid.UUID, name string, content io.Reader) (Scan, error) {
	if _, err := FindDraft(ctx, in.Pool, owner, draft); err != nil {
		return Scan{}, err
	}
	s := Scan{ID: uuid.Must(uuid.NewV7()), Document: repository.NewDocumentID(), Version: 1, Name: cleanName(name), State: ScanNew}
	stored := s.Document
	c, err := in.Store.PutContent(ctx, stored, 1, s.Name, content, in.maxSize())
	if fault.Is(err, fault.TooLarge) {
		return Scan{}, fault.Wrap(err, fault.TooLarge, "%s is larger than %d MB, the most that is accepted. It was not stored.", s.Name, in.maxSize()>>20)
	}
	if err != nil {
		return Scan{}, err
	}
	s.Size = c.Size
	err = postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error { return in.layRow(ctx, tx, owner, draft, &s, c) })
	if err != nil || s.Document != stored {
		err = errors.Join(err, in.Store.Discard(ctx, stored, c))
	}
	return s, err
}

func (in *Intake) layRow(ctx context.Context, tx pgx.Tx, owner journal.Actor, draft uuid.UUID, s *Scan, c repository.Content) error {
	if _, err := openDraft(ctx, tx, owner, draft); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", int64(binary.BigEndian.Uint64(c.SHA256[:8]))); err != nil {
		return err
	}
	err := tx.QueryRow(ctx, `select v.document, v.number, coalesce((select min(seq) from capture.piece p where p.document = v.document), 0)
		from repository.version v where v.sha256 = $1 order by v.document, v.number limit 1`, c.SHA256[:]).Scan(&s.Document, &s.Version, &s.Known)
	if errors.Is(err, pgx.ErrNoRows) {
		if _, err = in.Store.Add(ctx, tx, owner, s.Document, c); err == nil {
			err = in.expectScreening(ctx, tx, s.Document)
		}
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into capture.scan (id, draft, document, version, name, size, known) values ($1, $2, $3, $4, $5, $6, nullif($7, 0))",
		s.ID, draft, s.Document, s.Version, s.Name, s.Size, s.Known)
	if err != nil {
		return fmt.Errorf("lay %q on the desk: %w", s.Name, err)
	}
	_, err = in.Jobs.InsertTx(ctx, tx, LayArgs{Scan: s.ID}, nil)
	return err
}

// LayArgs asks for the pages of a file on the desk to be drawn.
type LayArgs struct {
	Scan uuid.UUID `json:"scan"`
}

// Kind names the job.
func (LayArgs) Kind() string { return "capture.lay" }

// InsertOpts puts the job in its queue, where no bulk is ever before it: somebody sits and waits.
func (LayArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ScanQueue, MaxAttempts: 3}
}

// A Layer works LayArgs: from a file to its pages on the desk, which appear as they are drawn.
type Layer struct {
	river.WorkerDefaults[LayArgs]
	Reader *Reader
}

// Timeout bounds one file.
func (*Layer) Timeout(*river.Job[LayArgs]) time.Duration { return 10 * time.Minute }

// Work lays one file. One whose pages cannot be shown stays whole, with the reason; it can be sent like any other.
func (w *Layer) Work(ctx context.Context, job *river.Job[LayArgs]) error {
	in := w.Reader.Intake
	var s Scan
	var draft uuid.UUID
	err := in.Pool.QueryRow(ctx, "select id, draft, document, version, name, state from capture.scan where id = $1", job.Args.Scan).
		Scan(&s.ID, &draft, &s.Document, &s.Version, &s.Name, &s.State)
	if err != nil || s.State != ScanNew {
		return err
	}
	v, err := in.Store.Version(ctx, in.Pool, s.Document, s.Version)
	if err != nil {
		return err
	}
	state, reason := ScanPages, ""
	whole, err := w.look(ctx, draft, v, s)
	switch kind := fault.KindOf(err); {
	case err == nil && whole:
		state = ScanWhole
	case err == nil:
	case snoozed(err):
		return err
	case kind == fault.Invalid || kind == fault.Unsupported || kind == fault.TooLarge || kind == fault.Denied:
		state, reason = ScanFailed, fault.Sentence(err)
	case job.Attempt >= job.MaxAttempts && ctx.Err() == nil:
		state, reason = ScanFailed, say.Text("Its pages could not be drawn. The file is stored and can be sent as it is.")
	default:
		return err
	}
	return postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error {
		if state != ScanPages {
			if _, err := tx.Exec(ctx, "delete from capture.scan_page where scan = $1", s.ID); err != nil {
				return err
			}
			if err := addPage(ctx, tx, draft, s.ID, page.Leaf{Number: 1}); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, "update capture.scan set state = $2, reason = $3 where id = $1", s.ID, state, reason)
		return err
	})
}

// look draws a file's pages, unless it is to stay whole.
func (w *Layer) look(ctx context.Context, draft uuid.UUID, v repository.Version, s Scan) (whole bool, err error) {
	file, err := w.Reader.fetch(ctx, v)
	if err != nil {
		return false, err
	}
	defer os.Remove(file)
	return w.Reader.Pages.Look(ctx, file, s.Name, func(ctx context.Context, l page.Leaf) error { return w.layPage(ctx, draft, v, s, l) })
}

// layPage puts one page on the desk. The picture of a document that was read already is left as it is.
func (w *Layer) layPage(ctx context.Context, draft uuid.UUID, v repository.Version, s Scan, l page.Leaf) error {
	in := w.Reader.Intake
	_, err := in.Store.Rendition(ctx, in.Pool, v.Document, v.Number, repository.Thumbnail, l.Number)
	drawn := fault.Is(err, fault.NotFound) && len(l.Thumb) > 0
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	var thumb repository.Rendition
	if drawn {
		if thumb, err = in.Store.PutRendition(ctx, v.Document, v.Number, repository.Thumbnail, l.Number, "image/jpeg", bytes.NewReader(l.Thumb)); err != nil {
			return err
		}
	}
	return postgres.InTx(ctx, in.Pool, func(tx pgx.Tx) error {
		if drawn {
			if err := in.Store.AddRenditions(ctx, tx, []repository.Rendition{thumb}); err != nil {
				return err
			}
		}
		return addPage(ctx, tx, draft, s.ID, l)
	})
}

// addPage adds a page at the end of a draft. A piece begins with the first page of a file and after a separator sheet, which
// itself is not sent. Single images that follow each other are pages of one piece: cameras make a file of each page.
func addPage(ctx context.Context, tx pgx.Tx, draft, scan uuid.UUID, l page.Leaf) error {
	if _, err := tx.Exec(ctx, "select from capture.draft where id = $1 for update", draft); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `insert into capture.scan_page (draft, scan, number, position, removed, begins, blank, separator)
		select $1, $2, $3, coalesce(last.position, 0) + 1, $5, last.id is null or last.separator or $3 = 1 and not (one.is_image and last_one.is_image), $4, $5
		from (select 1) x
		left join lateral (select * from capture.scan_page where draft = $1 order by position desc, id desc limit 1) last on true
		left join lateral (select v.media_type like 'image/%' and v.media_type <> 'image/tiff' as is_image from capture.scan s
			join repository.version v on v.document = s.document and v.number = s.version where s.id = $2) one on true
		left join lateral (select v.media_type like 'image/%' and v.media_type <> 'image/tiff' as is_image from capture.scan s
			join repository.version v on v.document = s.document and v.number = s.version where s.id = last.scan) last_one on true
		on conflict (scan, number) do nothing`, draft, scan, l.Number, l.Blank, l.Separator)
	if err != nil {
		return fmt.Errorf("lay page %d on the desk: %w", l.Number, err)
	}
	return nil
}
