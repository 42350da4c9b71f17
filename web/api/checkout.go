package api

import (
	"errors"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// checkOut answers POST /documents/{document}/checkout.
func (s *server) checkOut(v *visit, in *documentInput) (*documentOutput, error) {
	return s.change(v, in.Document, func(tx pgx.Tx) error { return s.Store.CheckOut(v.ctx(), tx, v.who.Actor(), in.Document) })
}

// cancelCheckOut answers POST /documents/{document}/cancel-checkout. Records managers may break somebody else's.
func (s *server) cancelCheckOut(v *visit, in *documentInput) (*documentOutput, error) {
	force := v.who.Has(workflow.RecordsManager)
	return s.change(v, in.Document, func(tx pgx.Tx) error {
		return s.Store.CancelCheckOut(v.ctx(), tx, v.who.Actor(), in.Document, force)
	})
}

// change does something to a document that the person may see and answers with what it is then.
func (s *server) change(v *visit, id repository.DocumentID, f func(pgx.Tx) error) (*documentOutput, error) {
	if err := s.seen(v, id); err != nil {
		return nil, err
	}
	if err := s.inTx(v, f); err != nil {
		return nil, err
	}
	return s.documentAnswer(v, id)
}

type checkInInput struct {
	Document uuid.UUID `path:"document"`
	Name     string    `query:"name" maxLength:"500" doc:"file name; absent keeps the one before"`
	Comment  string    `query:"comment" maxLength:"2000" doc:"what was changed"`
}

// checkIn answers POST /documents/{document}/checkin: the body becomes the next version. Bytes go first and rows second; when
// the rows do not come, the bytes are taken back.
func (s *server) checkIn(v *visit, in *checkInInput) (*documentOutput, error) {
	defer func() { _ = drain(v.gin.Request.Body) }() // whatever is answered, the client gets to read it
	newest, err := s.version(v, in.Document, 0)
	if err != nil {
		return nil, err
	}
	if err := s.heldBy(v, in.Document); err != nil {
		return nil, err
	}
	name := in.Name
	if name == "" {
		name = newest.Name
	}
	content, err := s.Store.PutContent(v.ctx(), in.Document, newest.Number+1, name, v.gin.Request.Body, s.maxSize())
	if err != nil {
		return nil, err
	}
	err = s.inTx(v, func(tx pgx.Tx) error {
		_, err := s.Store.CheckIn(v.ctx(), tx, v.who.Actor(), in.Document, content, in.Comment)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, s.Store.Discard(v.ctx(), in.Document, content))
	}
	return s.documentAnswer(v, in.Document)
}

// heldBy asks, before bytes are sent through, whether the person has the document checked out. CheckIn asks again.
func (s *server) heldBy(v *visit, id repository.DocumentID) error {
	d, err := s.Store.Get(v.ctx(), s.Pool, id)
	if err == nil && d.CheckedOutBy != v.who.Actor() {
		return fault.New(fault.Conflict, "You do not have this document checked out. Check it out first; nothing was changed.")
	}
	return err
}

func (s *server) maxSize() int64 {
	if s.Intake.MaxSize > 0 {
		return s.Intake.MaxSize
	}
	return capture.DefaultMaxSize
}
