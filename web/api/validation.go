package api

import (
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Waiting is a document that waits for a person, with what the machine read and why it asks.
type Waiting struct {
	Document   string    `json:"document"`
	Receipt    string    `json:"receipt"`
	Seq        int64     `json:"seq" doc:"its line in the intake ledger"`
	Name       string    `json:"name" doc:"file name it came with"`
	Source     string    `json:"source"`
	ReceivedAt time.Time `json:"received_at"`
	Reading    *Reading  `json:"reading"`
}

func newWaiting(p capture.Piece, r capture.Reading) Waiting {
	return Waiting{Document: p.Document.String(), Receipt: p.Receipt.String(), Seq: p.Seq, Name: p.Name, Source: p.Source, ReceivedAt: p.ReceivedAt,
		Reading: newReading(r)}
}

type queueInput struct {
	After int64 `query:"after" minimum:"0" doc:"next of the page before"`
	Limit int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type queueOutput struct {
	Body struct {
		Documents []Waiting `json:"documents" doc:"the longest waiting first"`
		Next      int64     `json:"next,omitempty" doc:"pass as after for the next page; absent on the last"`
	}
}

// queue answers GET /validation.
func (s *server) queue(v *visit, in *queueInput) (*queueOutput, error) {
	found, err := capture.Queue(v.ctx(), s.Pool, capture.Waiting, in.After, in.Limit+1)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	out := &queueOutput{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = found[in.Limit-1].Seq
	}
	ids := make([]repository.DocumentID, len(found))
	for i, p := range found {
		ids[i] = p.Document
	}
	visible, err := v.reader().Visible(v.ctx(), s.Pool, ids)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	readings, err := capture.Readings(v.ctx(), s.Pool, ids)
	if err != nil {
		return nil, err
	}
	out.Body.Documents = []Waiting{}
	for _, p := range found {
		if visible[p.Document] {
			out.Body.Documents = append(out.Body.Documents, newWaiting(p, readings[p.Document]))
		}
	}
	return out, nil
}

type waitingOutput struct{ Body Waiting }

// waiting answers GET /validation/{document}.
func (s *server) waiting(v *visit, in *documentInput) (*waitingOutput, error) {
	p, r, err := s.waits(v, in.Document)
	if err != nil {
		return nil, err
	}
	return &waitingOutput{newWaiting(p, r)}, nil
}

// waits gives the piece and the reading of a document that waits for a person. One that does not wait any more is a Conflict.
func (s *server) waits(v *visit, id repository.DocumentID) (capture.Piece, capture.Reading, error) {
	if err := s.seen(v, id); err != nil {
		return capture.Piece{}, capture.Reading{}, err
	}
	came, err := capture.OfDocument(v.ctx(), s.Pool, id)
	if err != nil {
		return capture.Piece{}, capture.Reading{}, err
	}
	for _, p := range came {
		if p.State == capture.Waiting {
			r, err := capture.FindReading(v.ctx(), s.Pool, id)
			return p, r, err
		}
	}
	return capture.Piece{}, capture.Reading{}, fault.New(fault.Conflict, "This document does not wait for a person, or not any more.")
}

type decideInput struct {
	Document uuid.UUID `path:"document"`
	Body     struct {
		Rev    int               `json:"rev" minimum:"1" doc:"of the reading that the person saw; another one is a conflict"`
		Class  string            `json:"class" minLength:"1"`
		Fields map[string]string `json:"fields" doc:"every value that is to stay, by field; what is left out is removed"`
		Party  string            `json:"party,omitempty" format:"uuid" doc:"whom it is from; absent has the sender recognised by the values"`
	}
}

// decide answers POST /validation/{document}: the document is filed as the person says.
func (s *server) decide(v *visit, in *decideInput) (*documentOutput, error) {
	_, reading, err := s.waits(v, in.Document)
	if err != nil {
		return nil, err
	}
	d := capture.Decision{Document: in.Document, Rev: in.Body.Rev, Class: taxonomy.ClassID(in.Body.Class)}
	if in.Body.Party != "" {
		if d.Party, err = uuid.Parse(in.Body.Party); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "%q is no party's ID.", in.Body.Party)
		}
	}
	catalogue, err := s.Plan.Catalogue(v.ctx(), s.Pool)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	if d.Values, err = decided(catalogue, reading, v.who.Name, d.Class, in.Body.Fields); err != nil {
		return nil, err
	}
	err = s.inTx(v, func(tx pgx.Tx) error { return s.Intake.Decide(v.ctx(), tx, v.who.Actor(), s.Plan, d) })
	if err != nil {
		return nil, err
	}
	return s.documentAnswer(v, in.Document)
}

// decided are the values that a person lets stand or types. What stands as it was read keeps its place on the page; either way
// it is certain now.
func decided(c *taxonomy.Catalogue, r capture.Reading, by string, class taxonomy.ClassID, fields map[string]string) (taxonomy.Values, error) {
	if _, ok := c.Class(class); !ok {
		return nil, fault.New(fault.Invalid, "There is no class %q. Nothing was saved.", class)
	}
	values := taxonomy.Values{}
	for name, text := range fields {
		id := taxonomy.FieldID(name)
		field, ok := c.Field(id)
		if !ok {
			return nil, fault.New(fault.Invalid, "There is no field %q. Nothing was saved.", name)
		}
		value, err := field.Type.Typed(text)
		if err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "%s: %s Nothing was saved.", name, fault.Sentence(err))
		}
		if _, known := c.Term(id, value); field.Type == taxonomy.TermField && value != "" && !known {
			return nil, fault.New(fault.Invalid, "%s: the vocabulary has no term %q. Nothing was saved.", name, value)
		}
		if value == "" {
			continue
		}
		v := r.Fields[id]
		if v.Value != value {
			v = taxonomy.Value{Value: value, Text: text, How: say.Text("typed by %+s", by)}
		}
		v.Confidence = 1
		values[id] = v
	}
	return values, nil
}
