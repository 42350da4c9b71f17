package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"docket/capture"
	"docket/capture/detect"
	"docket/capture/sample"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A benchHouse is a house full of documents and tickets. Rows are copied into the tables, many at once, as filing would have left
// them; bytes and pictures of pages there are none.
type benchHouse struct {
	*app
	random  *rand.Rand
	seq     int64 // last number given out in the ledger
	classes map[taxonomy.ClassID]taxonomy.Class
	folders map[[2]string]uuid.UUID
	parties map[string]uuid.UUID
	process map[string]*workflow.Process
	last    map[string]int // number given out, by prefix and year
	rows    map[string][][]any
}

// benchTables are the tables that are filled, in the order of their references.
var benchTables = []struct {
	schema, name string
	columns      []string
}{
	{"repository", "document", []string{"id", "created_at", "created_by"}},
	{"repository", "version", []string{"document", "number", "name", "media_type", "size", "sha256", "object", "by", "at"}},
	{"repository", "page_text", []string{"document", "version", "page", "text", "language"}},
	{"taxonomy", "party", []string{"id", "kind", "name", "name_key", "provisional", "created_by"}},
	{"taxonomy", "folder", []string{"id", "category", "path"}},
	{"taxonomy", "record", []string{"document", "class", "confidence", "decided_by", "how", "title", "folder", "party", "letter_date", "received_at",
		"language", "original", "ticket", "fields", "readers", "filed_by"}},
	{"workflow", "ticket", []string{"id", "number", "process", "process_version", "class", "title", "document", "party", "subject", "language", "amount",
		"state", "waiting_on", "owner", "team", "readers", "received_at", "opened_at", "due_at", "active_at", "closed_at"}},
	{"workflow", "ticket_document", []string{"ticket", "document", "how", "by"}},
	{"repository", "event", []string{"actor", "verb", "subject_kind", "subject", "detail"}},
	{"capture", "piece", []string{"receipt", "seq", "document", "source", "name", "media_type", "size", "received_at", "received_by", "root", "state", "reason"}},
	{"capture", "reading", []string{"document", "version", "kind", "pages", "language", "class", "confidence", "ranked", "fields", "doubts", "read_at"}},
}

const (
	benchOriginals = 2000 // different letters; a larger house gets each of them more than once
	benchBatch     = 5000 // documents that are written at once
	benchDays      = 900  // over which everything came in
	benchWaits     = 50   // of so many documents one waits for a person
	benchBreaks    = 500  // of so many documents one could not be read
)

// fill makes the data set. The first documents have the tickets.
func (h *benchHouse) fill(ctx context.Context, documents, tickets int) error {
	bag, err := sample.NewBag(sample.Options{Pieces: min(documents, benchOriginals), Seed: 7, Kinds: []sample.Kind{sample.Text}})
	if err != nil {
		return err
	}
	if err := h.prepare(ctx); err != nil {
		return err
	}
	var letters []sample.Truth
	for i := range min(documents, benchOriginals) {
		p, err := bag.Piece(i)
		if err != nil {
			return err
		}
		letters = append(letters, p.Truth)
	}
	begin := time.Now().AddDate(0, 0, -benchDays)
	for i := range documents {
		at := begin.Add(time.Duration(float64(i) / float64(documents) * benchDays * 24 * float64(time.Hour)))
		ticketed := i*tickets/documents != (i+1)*tickets/documents // spread over the years
		h.add(i, letters[i%len(letters)], at, ticketed)
		if (i+1)%benchBatch == 0 || i == documents-1 {
			if err := h.write(ctx); err != nil {
				return err
			}
		}
	}
	if err := h.count(ctx); err != nil {
		return err
	}
	_, err = h.pool.Exec(ctx, "vacuum analyze")
	return err
}

func (h *benchHouse) prepare(ctx context.Context) error {
	h.random = rand.New(rand.NewPCG(7, 7))
	h.classes, h.folders, h.parties = map[taxonomy.ClassID]taxonomy.Class{}, map[[2]string]uuid.UUID{}, map[string]uuid.UUID{}
	h.process, h.last, h.rows = map[string]*workflow.Process{}, map[string]int{}, map[string][][]any{}
	c, err := h.plan.Catalogue(ctx, h.pool)
	if err != nil {
		return err
	}
	for _, class := range c.Classes {
		h.classes[class.ID] = class
	}
	processes, err := h.desk.Processes(ctx, h.pool)
	for _, p := range processes {
		h.process[p.ID] = p
	}
	return err
}

// write copies the rows that are gathered.
func (h *benchHouse) write(ctx context.Context) error {
	return postgres.InTx(ctx, h.pool, func(tx pgx.Tx) error {
		for _, t := range benchTables {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.schema, t.name}, t.columns, pgx.CopyFromRows(h.rows[t.name])); err != nil {
				return fmt.Errorf("%s.%s: %w", t.schema, t.name, err)
			}
			h.rows[t.name] = nil
		}
		_, err := tx.Exec(ctx, "update capture.counter set seq = $1", h.seq)
		return err
	})
}

// count lets the numbers of tickets go on after those of the data set, so that post can come into the house.
func (h *benchHouse) count(ctx context.Context) error {
	_, err := h.pool.Exec(ctx, `insert into workflow.sequence (prefix, year, last)
		select split_part(number, '-', 1), split_part(number, '-', 2)::int, max(split_part(number, '-', 3)::int) from workflow.ticket group by 1, 2
		on conflict (prefix, year) do update set last = greatest(workflow.sequence.last, excluded.last)`)
	if err != nil {
		return fmt.Errorf("count the tickets of the data set: %w", err)
	}
	return nil
}

func (h *benchHouse) row(table string, values ...any) { h.rows[table] = append(h.rows[table], values) }

// at is an ID of that time, as UUIDv7 has it (RFC 9562, 5.7).
func (h *benchHouse) at(t time.Time) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	ms := t.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	return id
}

// add gathers the rows of one document, and of its ticket when it has one. Some wait for a person, and a few could not be read.
func (h *benchHouse) add(i int, l sample.Truth, at time.Time, ticketed bool) {
	id := h.at(at)
	digest := sha256.Sum256(id[:])
	h.row("document", id, at, "system:bench")
	h.row("version", id, 1, l.File, "text/plain", len(l.Text), digest[:], "bench", "system:bench", at)
	state := capture.Filed
	switch {
	case ticketed:
	case i%benchWaits == 3:
		state = capture.Waiting
	case i%benchBreaks == 4:
		state = capture.Exception
	}
	h.addPiece(id, l, state, at)
	if state == capture.Exception {
		return
	}
	for i, text := range strings.Split(l.Text, "\f") {
		h.row("page_text", id, 1, i+1, text, l.Language)
	}
	if state == capture.Filed {
		h.addRecord(id, l, at, ticketed)
	}
}

func (h *benchHouse) addRecord(id uuid.UUID, l sample.Truth, at time.Time, ticketed bool) {
	class := h.classes[l.Class]
	title := at.Format(time.DateOnly) + " " + class.Titles.In("en", string(l.Class)) + " – " + l.Fields[taxonomy.SenderName]
	party, number := h.party(l.Fields[taxonomy.SenderName]), ""
	if process := h.process[class.Process]; ticketed && process != nil {
		matter := class.Titles.In("en", string(l.Class))
		if subject := l.Fields[taxonomy.Subject]; subject != "" {
			matter += " – " + strings.ReplaceAll(subject, "-", " ")
		}
		number = h.addTicket(id, l, class, process, party, matter, at)
	}
	h.row("record", id, l.Class, 0.97, "system:bench", "made for a measurement", title, h.folder(class.Category, at.Format("2006/01")), party,
		at, at, l.Language, l.File, number, valuesOf(l), class.Readers, "system:bench")
	h.row("event", "system:bench", string(taxonomy.DocumentFiled), "document", id, map[string]any{"class": l.Class, "title": title})
}

// addPiece gathers the rows of how a document came in and what was understood of it.
func (h *benchHouse) addPiece(id uuid.UUID, l sample.Truth, state capture.State, at time.Time) {
	h.seq++
	receipt := h.at(at)
	source := []string{"scanner", "post@example.org", "claims@example.org", "upload", "portal"}[h.random.IntN(5)]
	reason := map[capture.State]string{capture.Waiting: "It is not certain what this is.", capture.Exception: "The file is damaged: it ends too early."}[state]
	h.row("piece", receipt, h.seq, id, source, l.File, "text/plain", len(l.Text), at, "system:bench", receipt, string(state), reason)
	h.row("event", "system:bench", string(capture.PieceReceived), "document", id, map[string]any{"name": l.File, "source": source})
	if state == capture.Exception {
		return
	}
	confidence, doubts := 0.97, []string{}
	if state == capture.Waiting {
		confidence, doubts = 0.55, []string{reason}
	}
	h.row("reading", id, 1, "text", 1+strings.Count(l.Text, "\f"), l.Language, l.Class, confidence,
		[]detect.Ranked{{Class: l.Class, Confidence: confidence}}, valuesOf(l), doubts, at)
}

func valuesOf(l sample.Truth) taxonomy.Values {
	values := taxonomy.Values{}
	for field, value := range l.Fields {
		values[field] = taxonomy.Value{Value: value, Text: value, Confidence: 0.95, Page: 1, How: "bench"}
	}
	return values
}

// party is one of so many customers that each wrote a few times.
func (h *benchHouse) party(name string) any {
	if name == "" {
		return nil
	}
	name = fmt.Sprintf("%s %d", name, h.random.IntN(20))
	if _, known := h.parties[name]; !known {
		h.parties[name] = uuid.Must(uuid.NewV7())
		h.row("party", h.parties[name], "person", name, taxonomy.NameKey(name), false, "system:bench")
	}
	return h.parties[name]
}

func (h *benchHouse) folder(category, path string) uuid.UUID {
	key := [2]string{category, path}
	if _, known := h.folders[key]; !known {
		h.folders[key] = uuid.Must(uuid.NewV7())
		h.row("folder", h.folders[key], category, path)
	}
	return h.folders[key]
}

// addTicket gathers the rows of a ticket. Of four, three are closed; the older ones all are.
func (h *benchHouse) addTicket(document uuid.UUID, l sample.Truth, class taxonomy.Class, p *workflow.Process, party any, title string, at time.Time) string {
	id := h.at(at)
	year := fmt.Sprint(p.Prefix, at.Year())
	h.last[year]++
	number := workflow.Number(p.Prefix, at.Year(), h.last[year])
	state, closed, due := p.States[h.random.IntN(len(p.States))], any(nil), at.AddDate(0, 0, 20)
	if time.Since(at) > benchDays/4*24*time.Hour {
		for state.WaitingOn != workflow.WaitingOnNothing {
			state = p.States[h.random.IntN(len(p.States))]
		}
	}
	if state.WaitingOn == workflow.WaitingOnNothing {
		closed = at.AddDate(0, 0, 10)
	}
	owner := []string{"", "anna", "piotr"}[h.random.IntN(3)]
	h.row("ticket", id, number, p.ID, p.Version, l.Class, title, document, party, l.Fields[taxonomy.Subject], l.Language, l.Fields[taxonomy.Amount],
		state.ID, string(state.WaitingOn), owner, "complaints", class.Readers, at, at, due, at.AddDate(0, 0, h.random.IntN(9)), closed)
	h.row("ticket_document", id, document, "opened for it", "system:bench")
	h.row("event", "system:bench", string(workflow.TicketOpened), "ticket", id, map[string]any{"number": number, "document": document})
	return number
}
