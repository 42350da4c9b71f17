package transfer

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// restore stores a document's bytes and then, in one transaction, its rows.
func (r *run) restore(ctx context.Context, l Line) (err error) {
	var contents []repository.Content
	defer func() {
		if err != nil { // if this fails as well, the sweep takes them
			for _, c := range contents {
				_ = r.Store.Discard(ctx, l.Document, c)
			}
		}
	}()
	var versions []repository.Version
	var renditions []repository.Rendition
	for _, v := range l.Versions {
		c, err := r.content(ctx, l.Document, v)
		if err != nil {
			return err
		}
		contents = append(contents, c)
		versions = append(versions, repository.Version{Name: v.Name, MediaType: c.MediaType, Size: c.Size, SHA256: c.SHA256, Object: c.Object,
			By: imported(v.By), At: v.At, Comment: v.Comment})
		made, err := r.renditions(ctx, l.Document, v)
		if err != nil {
			return err
		}
		renditions = append(renditions, made...)
	}
	return postgres.InTx(ctx, r.Pool, func(tx pgx.Tx) error {
		d := repository.Document{ID: l.Document, CreatedAt: l.CreatedAt, CreatedBy: imported(l.CreatedBy)}
		if err := r.Store.Restore(ctx, tx, r.By, d, versions, r.origin(l)); err != nil {
			return err
		}
		if err := r.Store.AddRenditions(ctx, tx, renditions); err != nil {
			return err
		}
		if err := r.Store.RestoreAnnotations(ctx, tx, l.annotations()); err != nil {
			return err
		}
		if err := r.derived(ctx, tx, l); err != nil {
			return err
		}
		if err := r.record(ctx, tx, l); err != nil {
			return err
		}
		return r.intake(ctx, tx, l)
	})
}

// content stores one version's bytes.
func (r *run) content(ctx context.Context, id repository.DocumentID, v Version) (repository.Content, error) {
	f, err := r.bag.File(v.File.Path)
	if err != nil {
		return repository.Content{}, err
	}
	defer f.Close()
	c, err := r.Store.PutContent(ctx, id, v.Number, v.Name, f, 0)
	if err == nil && Digest(c.SHA256) != v.File.SHA256 {
		err = changed(v.File.Path)
		_ = r.Store.Discard(ctx, id, c)
	}
	return c, err
}

func changed(path string) error {
	return fault.New(fault.Conflict, "%s in the bag was changed since it was verified. Import again from a copy that nobody writes to.", path)
}

func (r *run) renditions(ctx context.Context, id repository.DocumentID, v Version) ([]repository.Rendition, error) {
	var all []repository.Rendition
	for _, x := range v.Renditions {
		f, err := r.bag.File(x.Path)
		if err != nil {
			return nil, err
		}
		made, err := r.Store.PutRendition(ctx, id, v.Number, x.Kind, x.Page, x.MediaType, f)
		f.Close()
		if err != nil {
			return nil, err
		}
		if Digest(made.SHA256) != x.SHA256 {
			return nil, changed(x.Path)
		}
		made.Width, made.Height = x.Width, x.Height
		all = append(all, made)
	}
	return all, nil
}

// derived records the texts, and has page images made that are not in the bag.
func (r *run) derived(ctx context.Context, tx pgx.Tx, l Line) error {
	for _, v := range l.Versions {
		texts, err := r.texts(v)
		if err != nil {
			return err
		}
		if err := r.Store.SetTexts(ctx, tx, l.Document, v.Number, texts); err != nil {
			return err
		}
		if v.Rendered > 0 && len(v.Renditions) == 0 {
			if err := r.Intake.Render(ctx, tx, l.Document, v.Number); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) texts(v Version) ([]repository.PageText, error) {
	if v.Text == nil {
		return nil, nil
	}
	f, err := r.bag.File(v.Text.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var pages []repository.PageText
	for d := json.NewDecoder(bufio.NewReader(io.LimitReader(f, maxText))); d.More(); {
		var p PageText
		if err := d.Decode(&p); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "%s cannot be read: %v.", v.Text.Path, err)
		}
		if p.Page < 1 || p.Page > maxPages || len(pages) > 0 && p.Page <= pages[len(pages)-1].Page {
			return nil, fault.New(fault.Invalid, "%s has its pages out of order.", v.Text.Path)
		}
		pages = append(pages, repository.PageText(p))
	}
	return pages, nil
}

// origin is what the journal keeps of where a document comes from, and of what had happened to it there.
func (r *run) origin(l Line) map[string]any {
	detail := map[string]any{"bag": r.report.Bag, "house": r.bag.Info("Source-Organization"), "exported": r.bag.Info("Bagging-Date"),
		"name": l.Versions[0].Name, "versions": len(l.Versions), "history": l.Events}
	if p, ok := l.brought(); ok {
		detail["source"], detail["received"] = p.Source, p.ReceivedAt
	}
	if l.Ticket != nil {
		detail["ticket"] = l.Ticket
	}
	return detail
}

// record files the document as it was, if it was.
func (r *run) record(ctx context.Context, tx pgx.Tx, l Line) error {
	if l.Record == nil {
		return nil
	}
	was := l.Record
	out := taxonomy.Record{Document: l.Document, Class: was.Class, Confidence: was.Confidence, DecidedBy: imported(was.DecidedBy), How: was.How,
		Title: was.Title, Category: was.Category, FolderPath: was.Folder, ReceivedAt: was.ReceivedAt, Language: was.Language,
		Original: was.Original, Values: was.Fields, Version: was.Version, FiledAt: was.FiledAt, FiledBy: imported(was.FiledBy)}
	if was.Closed {
		out.Readers = []string{}
	}
	if was.LetterDate != "" {
		out.LetterDate, _ = time.Parse(time.DateOnly, was.LetterDate)
	}
	// In the order in which filing takes its locks: party, folder, ticket number.
	var err error
	if was.Party != nil {
		if out.Party, err = r.Plan.RestoreParty(ctx, tx, r.By, was.Party.party(), l.Document); err != nil {
			return err
		}
	}
	taken, err := workflow.NumberTaken(ctx, tx, was.Ticket)
	if err != nil {
		return err
	}
	if !taken { // else that number is another matter here; the title still tells it
		out.Ticket = was.Ticket
	}
	if err := r.Plan.Restore(ctx, tx, out); err != nil {
		return err
	}
	return workflow.ReserveNumber(ctx, tx, out.Ticket)
}

// intake enters the piece that brought the document in the ledger.
func (r *run) intake(ctx context.Context, tx pgx.Tx, l Line) error {
	p, ok := l.brought()
	if !ok {
		return nil
	}
	first := l.Versions[0]
	p.MediaType, p.Size, p.SHA256 = first.MediaType, first.File.Size, blob.SHA256(first.File.SHA256)
	var reading *capture.Reading
	if was := l.Reading; was != nil {
		reading = &capture.Reading{Document: l.Document, Version: was.Version, Rev: was.Rev, Kind: was.Kind, Cover: was.Cover, Pages: was.Pages, Language: was.Language, Class: was.Class,
			Confidence: was.Confidence, Ranked: was.Ranked, Reasons: was.Reasons, Fields: was.Fields, Doubts: was.Doubts, Flags: was.Flags,
			Meta: was.Meta, ReadAt: was.ReadAt, DecidedAt: was.DecidedAt}
		if was.DecidedBy != "" {
			reading.DecidedBy = string(imported(journal.Actor(was.DecidedBy)))
		}
	}
	return r.Intake.Restore(ctx, tx, r.By, p, reading)
}

// brought is the piece that brought the document: the first that was no duplicate.
func (l *Line) brought() (capture.Piece, bool) {
	for _, p := range l.Intake {
		if p.State != capture.Duplicate {
			return capture.Piece{Receipt: p.Receipt, Document: l.Document, Source: p.Source, Name: p.Name, ReceivedAt: p.ReceivedAt,
				Parent: p.Parent, Root: p.Root, Depth: p.Depth, Batch: p.Batch, State: p.State, Reason: p.Reason}, true
		}
	}
	return capture.Piece{}, false
}

func (p *Party) party() taxonomy.Party {
	out := taxonomy.Party{ID: p.ID, Kind: p.Kind, Name: p.Name, Provisional: p.Provisional, CreatedAt: p.CreatedAt, CreatedBy: imported(p.CreatedBy)}
	for _, c := range p.Contacts {
		out.Contacts = append(out.Contacts, taxonomy.Contact{Kind: c.Kind, Text: c.Text})
	}
	return out
}

// foreign marks people of another house: this one may have people of the same name, and rights follow names.
const foreign = "imported:"

// imported is somebody of another house as an actor here. Parts of the system are the same everywhere and have no rights.
func imported(a journal.Actor) journal.Actor {
	if a == "" || strings.HasPrefix(string(a), foreign) || strings.HasPrefix(string(a), "system:") {
		return a
	}
	return foreign + a
}
