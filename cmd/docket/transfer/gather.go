package transfer

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A gathered document is its line, whose files are still to be written, and where their bytes are.
type gathered struct {
	line       Line
	versions   []repository.Version
	renditions [][]repository.Rendition // by version
	texts      [][]repository.PageText
}

// gather reads all that the database knows of a document, as it was at one moment.
func (e *Exporter) gather(ctx context.Context, id repository.DocumentID) (g gathered, err error) {
	asOf := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, e.Pool, asOf, func(tx pgx.Tx) error {
		for _, part := range []func(context.Context, pgx.Tx, repository.DocumentID, *gathered) error{
			e.gatherVersions, e.gatherRecord, e.gatherTicket, gatherIntake, gatherReading, gatherEvents,
		} {
			if err := part(ctx, tx, id, &g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return g, postgres.Unavailable(fmt.Errorf("export document %s: %w", id, err))
	}
	return g, nil
}

func (e *Exporter) gatherVersions(ctx context.Context, tx pgx.Tx, id repository.DocumentID, g *gathered) error {
	d, err := e.Store.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	g.line = Line{Document: id, CreatedAt: d.CreatedAt, CreatedBy: d.CreatedBy, Intake: []Piece{}, Events: []Event{}}
	if g.versions, err = e.Store.Versions(ctx, tx, id); err != nil {
		return err
	}
	annotations, err := e.Store.AllAnnotations(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, v := range g.versions {
		renditions, err := e.Store.Renditions(ctx, tx, id, v.Number)
		if err != nil {
			return err
		}
		texts, err := e.Store.VersionTexts(ctx, tx, id, v.Number)
		if err != nil {
			return err
		}
		g.line.Versions = append(g.line.Versions, Version{Number: v.Number, Name: v.Name, MediaType: v.MediaType, By: v.By, At: v.At,
			Comment: v.Comment, Rendered: len(renditions), Annotations: newAnnotations(annotations, v.Number)})
		g.renditions, g.texts = append(g.renditions, renditions), append(g.texts, texts)
	}
	return nil
}

func (e *Exporter) gatherRecord(ctx context.Context, tx pgx.Tx, id repository.DocumentID, g *gathered) error {
	r, err := e.Plan.Record(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	out := &Record{Class: r.Class, ClassTitle: r.ClassTitle, Confidence: r.Confidence, DecidedBy: r.DecidedBy, How: r.How, Title: r.Title,
		Category: r.Category, Folder: r.FolderPath, Path: r.Place, ReceivedAt: r.ReceivedAt, Language: r.Language, Original: r.Original,
		Ticket: r.Ticket, PartOf: r.PartOf, Fields: r.Values, Readers: r.Readers, Closed: r.Closed(), Version: r.Version, FiledAt: r.FiledAt, FiledBy: r.FiledBy}
	if !r.LetterDate.IsZero() {
		out.LetterDate = r.LetterDate.Format(time.DateOnly)
	}
	if r.Party != uuid.Nil {
		p, err := taxonomy.PartyByID(ctx, tx, r.Party)
		if err != nil {
			return err
		}
		out.Party = &Party{ID: p.ID, Kind: p.Kind, Name: p.Name, Provisional: p.Provisional, CreatedAt: p.CreatedAt, CreatedBy: p.CreatedBy, Contacts: []Contact{}}
		for _, c := range p.Contacts {
			out.Party.Contacts = append(out.Party.Contacts, Contact{c.Kind, c.Text})
		}
	}
	g.line.Record = out
	return nil
}

func (e *Exporter) gatherTicket(ctx context.Context, tx pgx.Tx, id repository.DocumentID, g *gathered) error {
	of, err := e.Desk.ByDocuments(ctx, tx, []repository.DocumentID{id})
	if t, ok := of[id]; ok {
		g.line.Ticket = &Ticket{Number: t.Number, Title: t.Title, State: t.State, Owner: t.Owner, Team: t.Team, OpenedAt: t.OpenedAt, DueAt: t.DueAt, ClosedAt: t.ClosedAt}
	}
	return err
}

func gatherIntake(ctx context.Context, tx pgx.Tx, id repository.DocumentID, g *gathered) error {
	pieces, err := capture.OfDocument(ctx, tx, id)
	for _, p := range pieces {
		g.line.Intake = append(g.line.Intake, Piece{Receipt: p.Receipt, Number: p.Seq, Source: p.Source, Name: p.Name, ReceivedAt: p.ReceivedAt,
			ReceivedBy: p.ReceivedBy, Parent: p.Parent, Root: p.Root, Depth: p.Depth, Batch: p.Batch, State: p.State, Reason: p.Reason})
	}
	return err
}

func gatherReading(ctx context.Context, tx pgx.Tx, id repository.DocumentID, g *gathered) error {
	r, err := capture.FindReading(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if r.DecidedBy == "" {
		r.DecidedAt = time.Time{}
	}
	g.line.Reading = &Reading{Version: r.Version, Rev: r.Rev, Kind: r.Kind, Cover: r.Cover, Pages: r.Pages, Language: r.Language, Class: r.Class, Confidence: r.Confidence,
		Ranked: r.Ranked, Reasons: r.Reasons, Fields: r.Fields, Doubts: r.Doubts, Flags: r.Flags, Meta: r.Meta, ReadAt: r.ReadAt,
		DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt}
	return err
}

func gatherEvents(ctx context.Context, tx pgx.Tx, id repository.DocumentID, g *gathered) error {
	events, err := journal.BySubject(ctx, tx, id, 0)
	if err != nil {
		return err
	}
	for _, e := range events {
		detail, err := json.Marshal(e.Detail)
		if err != nil {
			return err
		}
		g.line.Events = append(g.line.Events, Event{e.At, e.Actor, e.Verb, detail})
	}
	return nil
}
