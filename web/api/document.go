package api

import (
	"fmt"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// A Document is a document with all that is known of it.
type Document struct {
	Document     string    `json:"document"`
	Title        string    `json:"title" doc:"its name; the file name it came with until it is filed"`
	CreatedAt    time.Time `json:"created_at"`
	CreatedBy    string    `json:"created_by"`
	CheckedOutBy string    `json:"checked_out_by" doc:"who works on its next version; empty for nobody"`
	CheckedOutAt time.Time `json:"checked_out_at,omitzero"`
	Versions     []Version `json:"versions" doc:"the first first"`
	Record       *Record   `json:"record" doc:"null until it is filed"`
	Reading      *Reading  `json:"reading" doc:"what the machine read; null until then"`
	Tickets      []string  `json:"tickets" doc:"numbers of the tickets it belongs to"`
	Receipts     []string  `json:"receipts" doc:"of the pieces that brought it, the first first"`
}

// A Version is one fixed state of a document.
type Version struct {
	Number    int       `json:"number"`
	Name      string    `json:"name"`
	MediaType string    `json:"media_type"`
	Size      int64     `json:"size" doc:"bytes"`
	SHA256    string    `json:"sha256"`
	At        time.Time `json:"at"`
	By        string    `json:"by"`
	Comment   string    `json:"comment"`
}

// A Record is a document's class, name and place.
type Record struct {
	Document   string           `json:"document"`
	Title      string           `json:"title"`
	Class      string           `json:"class"`
	Confidence float64          `json:"confidence" doc:"0 to 1; 1 when a person decided"`
	DecidedBy  string           `json:"decided_by"`
	How        string           `json:"how" doc:"why this class"`
	Category   string           `json:"category" doc:"code of the record category"`
	Folder     string           `json:"folder"`
	Path       string           `json:"path"`
	Party      string           `json:"party,omitempty" doc:"ID of whom it is from or about"`
	PartyName  string           `json:"party_name"`
	LetterDate string           `json:"letter_date" doc:"as 2026-03-14; empty when not known"`
	ReceivedAt time.Time        `json:"received_at"`
	Language   string           `json:"language"`
	Ticket     string           `json:"ticket"`
	Fields     map[string]Value `json:"fields"`
	Version    int              `json:"version" doc:"counts changes"`
}

// A Value is what a field holds, with where and how it was found.
type Value struct {
	Value      string          `json:"value" doc:"normalised"`
	Text       string          `json:"text" doc:"as it stands in the document"`
	Confidence float64         `json:"confidence"`
	Page       int             `json:"page" doc:"from 1; 0 when it is not from a page"`
	Box        *repository.Box `json:"box,omitempty" doc:"in pixels of the page's image"`
	How        string          `json:"how"`
}

// A Reading is what the machine understood of a document, or what a person decided.
type Reading struct {
	Version    int              `json:"version" doc:"the version of the document that was read"`
	Rev        int              `json:"rev" doc:"counts changes; a decision names the one that was seen"`
	Pages      int              `json:"pages"`
	Language   string           `json:"language"`
	Class      string           `json:"class"`
	Confidence float64          `json:"confidence"`
	Ranked     []Chance         `json:"ranked" doc:"the classes considered, the likeliest first"`
	Fields     map[string]Value `json:"fields"`
	Doubts     []string         `json:"doubts" doc:"why a person is asked"`
	Flags      []string         `json:"flags" doc:"what is special about the file"`
	ReadAt     time.Time        `json:"read_at"`
	DecidedBy  string           `json:"decided_by" doc:"empty while only the machine has spoken"`
}

// A Chance is a class with the machine's confidence in it.
type Chance struct {
	Class      string  `json:"class"`
	Confidence float64 `json:"confidence"`
}

type documentInput struct {
	Document uuid.UUID `path:"document"`
}

type documentOutput struct{ Body Document }

// seen is nil when the person may see a document, and the same fault as for one that does not exist otherwise.
func (s *server) seen(v *visit, id repository.DocumentID) error {
	visible, err := v.reader().Visible(v.ctx(), s.Pool, []repository.DocumentID{id})
	if err != nil {
		return postgres.Unavailable(err)
	}
	if !visible[id] {
		return fault.New(fault.NotFound, "There is no document %s.", id)
	}
	return nil
}

// document answers GET /documents/{document}.
func (s *server) document(v *visit, in *documentInput) (*documentOutput, error) {
	if err := s.seen(v, in.Document); err != nil {
		return nil, err
	}
	return s.documentAnswer(v, in.Document)
}

// documentAnswer reads all that is known of a document that the person may see.
func (s *server) documentAnswer(v *visit, id repository.DocumentID) (*documentOutput, error) {
	d, err := s.Store.Get(v.ctx(), s.Pool, id)
	if err != nil {
		return nil, err
	}
	versions, err := s.Store.Versions(v.ctx(), s.Pool, id)
	if err != nil {
		return nil, err
	}
	came, err := capture.OfDocument(v.ctx(), s.Pool, id)
	if err != nil {
		return nil, err
	}
	readings, err := capture.Readings(v.ctx(), s.Pool, []repository.DocumentID{id})
	if err != nil {
		return nil, err
	}
	records, err := s.Plan.Records(v.ctx(), s.Pool, []repository.DocumentID{id})
	if err != nil {
		return nil, err
	}
	numbers, err := s.ticketsOf(v, id)
	if err != nil {
		return nil, err
	}
	out := Document{Document: id.String(), Title: versions[len(versions)-1].Name, CreatedAt: d.CreatedAt, CreatedBy: string(d.CreatedBy),
		CheckedOutBy: string(d.CheckedOutBy), Tickets: numbers, Receipts: []string{}}
	if d.CheckedOutBy != "" {
		out.CheckedOutAt = d.CheckedOutAt
	}
	for _, version := range versions {
		out.Versions = append(out.Versions, newVersion(version))
	}
	for _, p := range came {
		out.Receipts = append(out.Receipts, p.Receipt.String())
	}
	if r, ok := readings[id]; ok {
		out.Reading = newReading(r)
	}
	if r, ok := records[id]; ok {
		record := newRecord(r)
		out.Record, out.Title = &record, r.Title
	}
	return &documentOutput{out}, nil
}

func newVersion(v repository.Version) Version {
	return Version{Number: v.Number, Name: v.Name, MediaType: v.MediaType, Size: v.Size, SHA256: fmt.Sprintf("%x", v.SHA256), At: v.At,
		By: string(v.By), Comment: v.Comment}
}

func newRecord(r taxonomy.Record) Record {
	out := Record{Document: r.Document.String(), Title: r.Title, Class: string(r.Class), Confidence: rounded(r.Confidence), DecidedBy: string(r.DecidedBy),
		How: r.How, Category: r.Category, Folder: r.Folder.String(), Path: r.Place, PartyName: r.PartyName, ReceivedAt: r.ReceivedAt,
		Language: r.Language, Ticket: r.Ticket, Fields: newValues(r.Values), Version: r.Version}
	if r.Party != uuid.Nil {
		out.Party = r.Party.String()
	}
	if !r.LetterDate.IsZero() {
		out.LetterDate = r.LetterDate.Format(time.DateOnly)
	}
	return out
}

func newValues(values taxonomy.Values) map[string]Value {
	out := make(map[string]Value, len(values))
	for id, v := range values {
		x := Value{Value: v.Value, Text: v.Text, Confidence: v.Confidence, Page: v.Page, How: v.How}
		if !v.Box.IsZero() {
			x.Box = &v.Box
		}
		out[string(id)] = x
	}
	return out
}

func newReading(r capture.Reading) *Reading {
	out := &Reading{Version: r.Version, Rev: r.Rev, Pages: r.Pages, Language: r.Language, Class: string(r.Class), Confidence: rounded(r.Confidence),
		Ranked: []Chance{}, Fields: newValues(r.Fields), Doubts: orEmpty(r.Doubts), Flags: orEmpty(r.Flags), ReadAt: r.ReadAt, DecidedBy: r.DecidedBy}
	for _, c := range r.Ranked {
		out.Ranked = append(out.Ranked, Chance{string(c.Class), rounded(c.Confidence)})
	}
	return out
}

// orEmpty keeps null out of JSON lists.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

type recordsInput struct {
	Category string    `query:"category" maxLength:"50" doc:"code of a record category"`
	Folder   uuid.UUID `query:"folder"`
	Class    string    `query:"class" maxLength:"100"`
	Party    uuid.UUID `query:"party"`
	Before   uuid.UUID `query:"before" doc:"next of the page before"`
	Limit    int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type recordsOutput struct {
	Body struct {
		Records []Record `json:"records"`
		Next    string   `json:"next,omitempty" doc:"pass as before for the next page; absent on the last"`
	}
}

// records answers GET /documents.
func (s *server) records(v *visit, in *recordsInput) (*recordsOutput, error) {
	found, err := s.Plan.List(v.ctx(), s.Pool, v.reader(), taxonomy.Filter{Category: in.Category, Folder: in.Folder, Class: taxonomy.ClassID(in.Class),
		Party: in.Party, After: taxonomy.Cursor{ID: in.Before}, Limit: in.Limit + 1})
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	out := &recordsOutput{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = found[in.Limit-1].Document.String()
	}
	out.Body.Records = make([]Record, len(found))
	for i, r := range found {
		out.Body.Records[i] = newRecord(r)
	}
	return out, nil
}
