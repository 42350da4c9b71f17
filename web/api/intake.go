package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"

	"docket/capture"
	"docket/repository/fault"

	"github.com/google/uuid"
)

// maxParts is the most parts that one upload may have: files and fields.
const maxParts = 2000

// drained is how much of a body that is not wanted any more is still read, so that the client gets to read the answer.
const drained = 256 << 20

type receiveInput struct {
	Source string `query:"source" default:"api" maxLength:"100" doc:"where the pieces come from"`
	Batch  string `query:"batch" maxLength:"100" doc:"groups pieces"`
	Name   string `query:"name" maxLength:"500" doc:"file name of the body; not used with multipart/form-data"`
	Key    string `header:"Idempotency-Key" maxLength:"200" doc:"the same key, user and source again are answered with the same pieces"`
	Media  string `header:"Content-Type"`
}

type piecesOutput struct {
	Body struct {
		Pieces []Piece `json:"pieces"`
	}
}

// receive answers POST /intake. What was taken in before an upload breaks off stays; with an Idempotency-Key the same request
// can be sent again without anything coming twice.
func (s *server) receive(v *visit, in *receiveInput) (*piecesOutput, error) {
	d := delivery{server: s, visit: v, item: capture.Item{Source: in.Source, Batch: in.Batch, Name: in.Name, By: v.who.Actor()}, key: in.Key}
	var err error
	if media, _, parseErr := mime.ParseMediaType(in.Media); parseErr == nil && media == "multipart/form-data" {
		err = d.takeParts(v.gin.Request)
	} else {
		err = d.take(v.gin.Request.Body, d.key)
	}
	if err != nil {
		return nil, d.brokenOff(err)
	}
	if err := drain(v.gin.Request.Body); err != nil {
		return nil, d.brokenOff(err)
	}
	out := &piecesOutput{}
	out.Body.Pieces, err = s.pieces(v.ctx(), v.reader(), d.receipts, false)
	return out, err
}

// A delivery is one upload while it comes in.
type delivery struct {
	*server
	visit    *visit
	item     capture.Item // what all files have in common
	key      string
	receipts []uuid.UUID
}

// take hands one file in as it arrives.
func (d *delivery) take(content io.Reader, key string) error {
	item := d.item
	item.Content = content
	if key != "" {
		item.Origin = "key:" + d.visit.who.Name + ":" + key
	}
	p, err := d.Intake.Receive(d.visit.ctx(), item)
	if err != nil {
		return err
	}
	d.receipts = append(d.receipts, p.Receipt)
	return nil
}

// takeParts hands the files of a form in, one after the other.
func (d *delivery) takeParts(r *http.Request) error {
	reader, err := r.MultipartReader()
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "The body is no multipart/form-data. Nothing was stored.")
	}
	for range maxParts {
		part, err := reader.NextPart()
		switch {
		case err == io.EOF && len(d.receipts) == 0: // exactly: a form that is cut off has EOF as its cause
			return fault.New(fault.Invalid, "There is no file in the form. Nothing was stored; send files as parts with a file name.")
		case err == io.EOF:
			return nil
		case err != nil && r.Context().Err() == nil:
			return fault.Wrap(err, fault.Invalid, "The form broke off or is damaged. %s", d.kept())
		case err != nil:
			return fmt.Errorf("read upload: %w", err)
		}
		if err := d.takePart(part); err != nil {
			return err
		}
	}
	return fault.New(fault.TooLarge, "The upload has more than %d parts. %s", maxParts, d.kept())
}

func (d *delivery) takePart(part *multipart.Part) error {
	if part.FileName() == "" {
		return d.setField(part)
	}
	key := d.key
	if key != "" {
		key += "/" + strconv.Itoa(len(d.receipts))
	}
	d.item.Name = part.FileName()
	return d.take(part, key)
}

// setField takes a field that says something about the files after it.
func (d *delivery) setField(part *multipart.Part) error {
	raw, err := io.ReadAll(io.LimitReader(part, 100))
	if err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	switch part.FormName() {
	case "source":
		d.item.Source = string(raw)
	case "batch":
		d.item.Batch = string(raw)
	}
	return nil
}

// kept says what of a delivery is safe.
func (d *delivery) kept() string {
	if len(d.receipts) == 0 {
		return "Nothing was stored."
	}
	return fmt.Sprintf("The first %d files were stored; send the rest, or all of it with the same Idempotency-Key.", len(d.receipts))
}

// brokenOff gives an upload that ended too early a sentence, and says what was kept when the rest could not be taken.
func (d *delivery) brokenOff(err error) error {
	kind := fault.KindOf(err)
	switch {
	case kind == fault.Internal && errors.Is(err, io.ErrUnexpectedEOF):
		return fault.Wrap(err, fault.Invalid, "The upload broke off. %s", d.kept())
	case kind == fault.Unavailable && len(d.receipts) > 0:
		return fault.Wrap(err, kind, "%s %s", fault.Sentence(err), d.kept())
	}
	return err
}

// drain reads what was left of a body: of a file that is too large, or that came before.
func drain(body io.Reader) error {
	_, err := io.Copy(io.Discard, io.LimitReader(body, drained))
	return err
}
