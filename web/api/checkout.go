package api

import (
	"docket/capture"
	"docket/repository"
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

// checkIn answers POST /documents/{document}/checkin: the body becomes the next version.
func (s *server) checkIn(v *visit, in *checkInInput) (*documentOutput, error) {
	defer func() { _ = drain(v.gin.Request.Body) }() // whatever is answered, the client gets to read it
	if err := s.seen(v, in.Document); err != nil {
		return nil, err
	}
	_, err := s.Intake.CheckIn(v.ctx(), capture.Return{Document: in.Document, By: v.who.Actor(), Name: in.Name, Comment: in.Comment, Content: v.gin.Request.Body})
	if err != nil {
		return nil, err
	}
	return s.documentAnswer(v, in.Document)
}
