package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// idle takes jobs and does none of them: tests say themselves what became of a piece.
type idle struct{}

func (idle) InsertTx(context.Context, pgx.Tx, river.JobArgs, *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	return &rivertype.JobInsertResult{}, nil
}

// services fills a config with the real packages over a database, objects in memory and an index in a folder of its own.
func services(t *testing.T, c *Config) {
	t.Helper()
	j := journal.New()
	c.Journal = j
	c.Store = repository.NewStore(blob.NewMemory(), j)
	c.Plan = taxonomy.NewPlan(j, time.UTC)
	c.People = workflow.NewPeople(j)
	c.Desk = workflow.NewDesk(j, c.Plan, workflow.Calendar{}, nil)
	j.Subscribe(c.Desk.Follow)
	c.Outbox = &workflow.Outbox{Desk: c.Desk, Jobs: idle{}, Ready: true, Undo: time.Hour}
	c.Fetcher = fetcher(t)
	c.Intake = &capture.Intake{Pool: c.Pool, Store: c.Store, Journal: j, Jobs: idle{}}
	j.Subscribe(c.Intake.Follow)
	j.Subscribe(Follow)
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	err = postgres.InTx(t.Context(), c.Pool, func(tx pgx.Tx) error { return workflow.InstallShipped(t.Context(), tx) })
	if err != nil {
		t.Fatal(err)
	}
	index, err := search.Open(t.TempDir(), search.NewSchema(&pack.Catalogue, nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	c.Search = index
}

// furnish fills a house with what a mailroom sees on an ordinary morning, and with names that want to break the page.
func (h *house) furnish(t *testing.T) {
	t.Helper()
	for i := range 40 {
		l := letters[i%len(letters)]
		name := fmt.Sprintf(l.file, i)
		if i == 21 {
			name = hostile
		}
		p := h.receive(t, name, []string{"scanner", "upload", "hotfolder/branch-graz"}[i%3], fmt.Sprint(i, l.text))
		switch i {
		case 3:
			h.set(t, p, capture.Exception, "The PDF is encrypted and opens only with a password. Please ask the sender for a copy without one.")
		case 21:
			h.set(t, p, capture.Exception, "The PDF is damaged and cannot be opened. Please ask the sender to send it again.")
			h.exception = p
		case 10, 11, 12:
			h.read(t, p, l, 0.55)
			h.set(t, p, capture.Waiting, "It is not certain what this is: “Complaint” (55%), “Question” (31%) or “Correspondence” (6%).")
			h.waits = p
		case 38:
			h.set(t, p, capture.BeingRead, "")
		case 39:
		case 30:
			h.set(t, p, capture.Rejected, "Advertising.")
		default:
			h.read(t, p, l, 0.97)
			h.file(t, p, l)
			h.filed = p
		}
	}
	h.quarantine(t, "anna@bank.example", h.ticket)
	joined := h.quarantine(t, "anna@bank.example", h.ticket)
	h.inTx(t, func(tx pgx.Tx) error {
		_, err := h.config.Desk.DecideMessage(t.Context(), tx, person("ada", workflow.Administrator), joined.Document, workflow.Choice{Ticket: h.ticket})
		return err
	})
	h.quarantine(t, strings.Repeat("a", 60)+"@bank.example", "")
	h.ask(t, workflow.UsePost, repository.DocumentID{}, "The answer to margaret@bank.example did not arrive: the mailbox is full.")
	h.ask(t, workflow.DecideTicket, h.waits.Document, "The document names ticket "+h.ticket+", but it comes from an unknown sender and the ticket is about Margaret Whitcombe. Decide where it belongs.")
	h.openChannels(t)
	h.answers(t)
	h.message = h.receiveMail(t, hostileMail(), unproved)
	h.draw(t, h.message.Document, 1, "en", letters[0].text)
	photo := h.receiveInside(t, h.message, "kitchen.png", "kitchen")
	h.read(t, photo, letters[0], 0.55)
	h.receive(t, "again.pdf", "upload", fmt.Sprint(0, letters[0].text))
	h.hold(t)
}

// ask raises a task about the ticket and gives its ID.
func (h *house) ask(t *testing.T, kind workflow.TaskKind, document repository.DocumentID, reason string) (id uuid.UUID) {
	t.Helper()
	h.inTx(t, func(tx pgx.Tx) error {
		ticket, err := h.config.Desk.ByNumber(t.Context(), tx, taxonomy.Root, h.ticket)
		if err == nil {
			id, err = h.config.Desk.RaiseTask(t.Context(), tx, "system:workflow", workflow.Task{Kind: kind, Ticket: ticket.ID, Document: document, Reason: reason, Team: ticket.Team})
		}
		return err
	})
	return id
}

// hold gives the piece that was filed first a second version, and checks it out for a third.
func (h *house) hold(t *testing.T) {
	t.Helper()
	came, err := capture.Queue(t.Context(), h.config.Pool, capture.Filed, 0, 1)
	if err != nil || len(came) != 1 {
		t.Fatalf("%d filed pieces: %v", len(came), err)
	}
	h.held = came[0]
	take := func() {
		err := postgres.InTx(t.Context(), h.config.Pool, func(tx pgx.Tx) error { return h.config.Store.CheckOut(t.Context(), tx, "ada", h.held.Document) })
		if err != nil {
			t.Fatal(err)
		}
	}
	take()
	h.receiveInside(t, h.held, "enclosure.pdf", "enclosed")
	_, err = h.config.Intake.CheckIn(t.Context(), capture.Return{Document: h.held.Document, By: "ada", Name: strings.Repeat("revised ", 12) + ".pdf",
		Comment: "The second page was missing, and the first was upside down.", Content: strings.NewReader("second")})
	if err != nil {
		t.Fatal(err)
	}
	take()
}

const hostileRune = "\u202e"

var hostile = "<script>alert(1)</script> " + hostileRune + "fdp.exe " + strings.Repeat("a", 300) + ".pdf"

// receive hands a file in at the door.
func (h *house) receive(t *testing.T, name, source, content string) capture.Piece {
	t.Helper()
	p, err := h.config.Intake.Receive(t.Context(), capture.Item{Name: name, Source: source, By: "mia", Batch: "mia-20261122-074012", Content: strings.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// receiveInside hands in what was attached to a piece.
func (h *house) receiveInside(t *testing.T, message capture.Piece, name, content string) capture.Piece {
	t.Helper()
	p, err := h.config.Intake.Receive(t.Context(), capture.Item{Name: name, Source: message.Source, By: "mia", Parent: &message, Content: strings.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *house) set(t *testing.T, p capture.Piece, state capture.State, reason string) {
	t.Helper()
	h.exec(t, "update capture.piece set state = $2, reason = $3 where receipt = $1", p.Receipt, state, reason)
}

func (h *house) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := h.config.Pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// read gives a piece its pages and what a machine would have understood.
func (h *house) read(t *testing.T, p capture.Piece, l letter, confidence float64) {
	t.Helper()
	h.draw(t, p.Document, 1, l.language, l.text, "Enclosure\nCopy of the order and photograph of the damage.")
	fields, _ := json.Marshal(l.values())
	h.exec(t, `insert into capture.reading (document, version, pages, language, class, confidence, ranked, reasons, fields, doubts)
		values ($1, 1, 2, $2, $3, $4, $5, $6, $7, $8)`, p.Document, l.language, l.class, confidence,
		`[{"class":"complaint","confidence":0.55},{"class":"question","confidence":0.31},{"class":"correspondence","confidence":0.06}]`,
		`[{"text":"three weeks late"},{"text":"refund"}]`, fields, `["It is not certain what this is: “Complaint” (55%), “Question” (31%) or “Correspondence” (6%)."]`)
}

// draw gives a version its pages: images, words with their places, texts.
func (h *house) draw(t *testing.T, id repository.DocumentID, version int, language string, pages ...string) {
	t.Helper()
	var renditions []repository.Rendition
	var texts []repository.PageText
	for i, text := range pages {
		d := drawPage(i+1, language, text)
		raw, _ := json.Marshal(d.layout)
		for _, r := range []struct {
			kind  repository.RenditionKind
			media string
			body  []byte
		}{{repository.PageImage, "image/jpeg", d.picture}, {repository.Thumbnail, "image/jpeg", d.thumbnail}, {repository.PageLayout, "application/json", raw}} {
			stored, err := h.config.Store.PutRendition(t.Context(), id, version, r.kind, i+1, r.media, bytes.NewReader(r.body))
			if err != nil {
				t.Fatal(err)
			}
			stored.Width, stored.Height = d.layout.Width, d.layout.Height
			renditions = append(renditions, stored)
		}
		texts = append(texts, repository.PageText{Page: i + 1, Text: d.layout.Text(), Language: language, Confidence: 0.93})
	}
	err := postgres.InTx(t.Context(), h.config.Pool, func(tx pgx.Tx) error {
		if err := h.config.Store.AddRenditions(t.Context(), tx, renditions); err != nil {
			return err
		}
		return h.config.Store.SetTexts(t.Context(), tx, id, version, texts)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// file makes a record of a piece and lets it be found.
func (h *house) file(t *testing.T, p capture.Piece, l letter) {
	t.Helper()
	var record taxonomy.Record
	err := postgres.InTx(t.Context(), h.config.Pool, func(tx pgx.Tx) (err error) {
		by := journal.System("capture")
		match, err := h.config.Plan.Recognise(t.Context(), tx, by, taxonomy.HintsFrom(l.values(), 0), p.Document)
		if err != nil {
			return err
		}
		record, err = h.config.Plan.File(t.Context(), tx, by, taxonomy.Filing{Document: p.Document, Class: l.class, Confidence: 0.97, How: "recognised by the machine",
			Values: l.values(), Party: match.Party.ID, Language: l.language, Original: p.Name, Received: p.ReceivedAt})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.set(t, p, capture.Filed, "")
	if record, err = h.config.Plan.Record(t.Context(), h.config.Pool, p.Document); err != nil { // with the ticket that filing opened
		t.Fatal(err)
	}
	if record.Ticket != "" {
		h.ticket = record.Ticket
	}
	texts, err := h.config.Store.Texts(t.Context(), h.config.Pool, []repository.DocumentID{p.Document})
	if err != nil {
		t.Fatal(err)
	}
	entry := search.Entry{Document: p.Document, Version: 1, Digest: p.SHA256, Title: record.Title, FileName: p.Name, Class: record.Class, State: "filed",
		Source: p.Source, PartyName: record.PartyName, Language: record.Language, Date: record.LetterDate, Received: record.ReceivedAt, Readers: record.Readers}
	for _, text := range texts[p.Document] {
		entry.Pages = append(entry.Pages, text.Text)
	}
	if err := h.config.Search.Index(t.Context(), []search.Entry{entry}); err != nil {
		t.Fatal(err)
	}
}

// A letter is a sample of post with what is to be read in it.
type letter struct {
	file, language string
	class          taxonomy.ClassID
	sender, date   string
	subject        string
	text           string
}

func (l letter) values() taxonomy.Values {
	layout := drawPage(1, l.language, l.text).layout
	place := func(word string) repository.Box {
		i := slices.IndexFunc(layout.Words, func(w repository.Word) bool { return strings.Contains(w.Text, word) })
		if i < 0 {
			return repository.Box{}
		}
		return layout.Words[i].Box
	}
	first, _, _ := strings.Cut(l.sender, " ")
	number := regexp.MustCompile(`K-\d+`).FindString(l.text)
	return taxonomy.Values{
		taxonomy.LetterDate:     {Value: l.date, Text: l.date, Confidence: 0.96, Page: 1, Box: place(l.date), How: "the first date on the page"},
		taxonomy.SenderName:     {Value: l.sender, Text: l.sender, Confidence: 0.91, Page: 1, Box: place(first), How: "above the address"},
		taxonomy.CustomerNumber: {Value: number, Text: number, Confidence: 0.62, Page: 1, Box: place("K-"), How: "label “customer number” to the left"},
		taxonomy.Subject:        {Value: l.subject, Text: l.subject, Confidence: 0.84, Page: 1, How: "words of the vocabulary"},
	}
}

var letters = []letter{
	{"scan_0%d.pdf", "en", taxonomy.Complaint, "Margaret Whitcombe", "2026-03-14", "late-delivery", "Margaret Whitcombe\n14 Harbour Lane, Bristol BS1 4QA\n2026-03-14\nCustomer number: K-20418833\nComplaint about a late delivery\nDear Sir or Madam,\nmy washing machine was delivered three weeks late, although I had paid for express delivery. I took two days off work and nobody came. I ask for a refund of the delivery fee and of the price of the launderette.\nYours faithfully,\nMargaret Whitcombe"},
	{"Beschwerde Küchenmaschine %d.pdf", "de", taxonomy.Complaint, "Jürgen Großmann", "2026-03-11", "damaged-goods", "Jürgen Großmann\nLindenstraße 7, 8010 Graz\n2026-03-11\nKundennummer: K-31077215\nBeschwerde: beschädigte Ware\nSehr geehrte Damen und Herren,\nder Geschirrspüler kam mit einer verbeulten Tür an. Ich bitte um Ersatz oder um eine Minderung des Preises bis Ende des Monats.\nMit freundlichen Grüßen\nJürgen Großmann"},
	{"Panasz – késedelmes szállítás %d.tif", "hu", taxonomy.Question, "Szűcs Ildikó", "2026-03-09", "opening-hours", "Szűcs Ildikó\n6720 Szeged, Kárász utca 12.\n2026-03-09\nÜgyfélszám: K-44120967\nTisztelt Ügyfélszolgálat!\nSzeretném megkérdezni, mikor vannak nyitva szombaton, és hogyan tudom módosítani a címemet.\nÜdvözlettel:\nSzűcs Ildikó"},
	{"reklamacja_%d.docx", "pl", taxonomy.Claim, "Małgorzata Żółkiewska", "2026-02-27", "water-damage", "Małgorzata Żółkiewska\nul. Świętojańska 5, 81-368 Gdynia\n2026-02-27\nNumer klienta: K-50233418\nZgłoszenie szkody\nW dniu 25 lutego pękła rura w łazience i woda zalała mieszkanie pod nami. Proszę o wypłatę odszkodowania z polisy POL-2024-1234567.\nZ poważaniem\nMałgorzata Żółkiewska"},
	{"Жалоба %d.jpg", "ru", taxonomy.Thanks, "Ольга Николаевна Щербакова", "2026-03-02", "poor-service", "Ольга Николаевна Щербакова\n2026-03-02\nНомер клиента: K-67801153\nУважаемые сотрудники!\nСпасибо за быструю помощь с ремонтом холодильника. Ваш мастер приехал в тот же день и всё объяснил.\nС уважением\nО. Н. Щербакова"},
}
