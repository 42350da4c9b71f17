package capture

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"docket/capture/mail/verify"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// extractPages is on how many first pages fields are looked for; letters end before, and memory stays bounded.
const extractPages = 12

// A Reader works ReadArgs: from a piece's bytes to its reading. Page images, thumbnails and layouts are stored as they come;
// then texts, renditions and the reading are committed with the filing job in one transaction.
type Reader struct {
	river.WorkerDefaults[ReadArgs]
	Intake     *Intake
	Pages      *page.Reader
	Understand *Understander
	Sender     *verify.Checker // of messages; nil checks nobody
	TempDir    string
}

// Timeout bounds one piece.
func (*Reader) Timeout(*river.Job[ReadArgs]) time.Duration { return 30 * time.Minute }

// Work reads one piece. What is wrong with the file itself makes the piece an exception, which a person sees; what may pass
// (a part of the system is away) is tried again, and becomes an exception only after the last attempt.
func (w *Reader) Work(ctx context.Context, job *river.Job[ReadArgs]) error {
	p, v, err := w.begin(ctx, job.Args)
	if err != nil || v.Number == 0 {
		return err
	}
	err = w.read(ctx, p, v)
	if err == nil || ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return err
	}
	if snoozed(err) {
		return errors.Join(w.waits(p), err)
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Unsupported, fault.TooLarge, fault.Denied:
		return w.except(p, v, fault.Sentence(err))
	}
	if job.Attempt >= job.MaxAttempts {
		return errors.Join(err, w.except(p, v, fmt.Sprintf("It could not be read after %d attempts. The file is stored; try again later or look at the log.", job.Attempt)))
	}
	return err
}

// begin marks the piece as being read and gives the version to read. Version zero means that there is nothing to do.
func (w *Reader) begin(ctx context.Context, args ReadArgs) (p Piece, v repository.Version, err error) {
	err = postgres.InTx(ctx, w.Intake.Pool, func(tx pgx.Tx) error {
		if p, err = lockPiece(ctx, tx, args.Receipt); err != nil {
			return err
		}
		newest, err := w.Intake.Store.Version(ctx, tx, p.Document, 0)
		if err != nil {
			return err
		}
		r, err := FindReading(ctx, tx, p.Document)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if p.State != Stored && p.State != BeingRead && r.Version >= newest.Number {
			return nil
		}
		v = newest
		if p.State == Stored {
			p.State = BeingRead
			return w.Intake.move(ctx, tx, journal.System("capture"), p, BeingRead, "", "")
		}
		return nil
	})
	return p, v, err
}

// except notes that the version could not be read. The reading's context may be over by then.
func (w *Reader) except(p Piece, v repository.Version, reason string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return postgres.InTx(ctx, w.Intake.Pool, func(tx pgx.Tx) error {
		return w.Intake.failed(ctx, tx, p.Receipt, v, reason)
	})
}

// waits says that a piece on its way cannot be read before the virus scanner answers.
func (w *Reader) waits(p Piece) error {
	_, err := w.Intake.Pool.Exec(context.Background(), "update capture.piece set state = 'stored', reason = $2, changed_at = now() where receipt = $1 and state = 'reading'",
		p.Receipt, scannerAway)
	return err
}

// read does the work outside of any transaction and commits what came of it.
func (w *Reader) read(ctx context.Context, p Piece, v repository.Version) error {
	file, err := w.fetch(ctx, v)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	unpack, err := w.Intake.unpacker(ctx, p, v.Number)
	if err != nil {
		return err
	}
	c := &collector{store: w.Intake.Store, version: v}
	found, err := w.Pages.Read(ctx, file, v.Name, page.Handler{Page: c.take, Part: unpack.take})
	if err != nil {
		return err
	}
	if unpack.lost && !slices.Contains(found.Flags, page.Incomplete) {
		found.Flags = append(found.Flags, page.Incomplete)
	}
	slices.SortFunc(c.texts, func(a, b repository.PageText) int { return a.Page - b.Page })
	slices.SortFunc(c.layouts, func(a, b repository.Layout) int { return a.Page - b.Page })
	sender, err := w.checkSender(ctx, p, file)
	if err != nil {
		return err
	}
	r, err := w.Understand.Understand(ctx, w.Intake.Pool, pages{c.texts, c.layouts, found, sender, p.ReceivedAt})
	if err != nil {
		return err
	}
	r.Document, r.Version = v.Document, v.Number
	for i := range c.texts {
		c.texts[i].Language = cmp.Or(c.texts[i].Language, r.Language)
	}
	return w.commit(ctx, p, r, c, sender)
}

// fetch copies a version to a file of its own, which is there only when it may be opened: see toScreen.
func (w *Reader) fetch(ctx context.Context, v repository.Version) (string, error) {
	s, ask, err := w.toScreen(ctx, v)
	if err != nil {
		return "", err
	}
	file, err := fetch(ctx, w.Intake.Store, v, w.TempDir)
	if err != nil || !ask {
		return file, err
	}
	if err := w.screen(ctx, s, v.Name, file); err != nil {
		return "", errors.Join(err, os.Remove(file))
	}
	return file, nil
}

func (w *Reader) commit(ctx context.Context, p Piece, r Reading, c *collector, sender *verify.Verdict) error {
	return postgres.InTx(ctx, w.Intake.Pool, func(tx pgx.Tx) error {
		if err := w.Intake.Store.AddRenditions(ctx, tx, c.renditions); err != nil {
			return err
		}
		if err := w.Intake.Store.SetTexts(ctx, tx, r.Document, r.Version, c.texts); err != nil {
			return err
		}
		if err := r.save(ctx, tx); err != nil {
			return err
		}
		if err := saveVerdict(ctx, tx, p, sender); err != nil {
			return err
		}
		_, err := w.Intake.Journal.Append(ctx, tx, journal.Event{Actor: journal.System("capture"), Verb: DocumentRead,
			Subject: repository.Subject(r.Document), Detail: map[string]any{"version": r.Version, "pages": r.Pages,
				"language": r.Language, "class": r.Class, "confidence": r.Confidence}})
		if err != nil {
			return err
		}
		if c.recognised && r.Pages <= maxArchivePages {
			if _, err := w.Intake.Jobs.InsertTx(ctx, tx, ArchiveArgs{r.Document, r.Version}, &river.InsertOpts{ScheduledAt: time.Now().Add(archiveDelay)}); err != nil {
				return err
			}
		}
		_, err = w.Intake.Jobs.InsertTx(ctx, tx, FileArgs{Receipt: p.Receipt}, nil)
		return err
	})
}

// A collector stores pages as they come and keeps what is needed to understand them. Its calls come one at a time.
type collector struct {
	store      *repository.Store
	version    repository.Version
	renditions []repository.Rendition
	texts      []repository.PageText
	layouts    []repository.Layout // of the first pages
	recognised bool                // some page came as an image
}

func (c *collector) take(ctx context.Context, p page.Page) error {
	if p.Err != nil && len(p.Image) == 0 && len(p.Layout.Words) == 0 {
		return nil // counted by the reader
	}
	layout, err := json.Marshal(p.Layout)
	if err != nil {
		return err
	}
	for _, r := range []struct {
		kind      repository.RenditionKind
		mediaType string
		body      []byte
		w, h      int
	}{
		{repository.PageImage, p.MediaType, p.Image, p.Layout.Width, p.Layout.Height},
		{repository.Thumbnail, "image/jpeg", p.Thumb, 0, 0},
		{repository.PageLayout, "application/json", layout, p.Layout.Width, p.Layout.Height},
	} {
		if len(r.body) == 0 {
			continue
		}
		stored, err := c.store.PutRendition(ctx, c.version.Document, c.version.Number, r.kind, p.Number, r.mediaType, bytes.NewReader(r.body))
		if err != nil {
			return err
		}
		stored.Width, stored.Height = r.w, r.h
		c.renditions = append(c.renditions, stored)
	}
	c.texts = append(c.texts, repository.PageText{Page: p.Number, Text: p.Layout.Text(), Language: p.Layout.Language, Confidence: p.Layout.Confidence})
	c.recognised = c.recognised || p.Layout.Source == "ocr"
	if p.Number <= extractPages {
		c.layouts = append(c.layouts, p.Layout)
	}
	return nil
}
