package web

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// revisers are the roles that may work on a document's next version.
var revisers = []workflow.Role{workflow.Mailroom, workflow.Agent, workflow.RecordsManager}

// A holding says who works on a document's next version and what the person who looks may do about it.
type holding struct {
	By                         string // empty for nobody
	Mine                       bool
	MayTake, MayEnd, MayReturn bool
}

// holding is how a document is held, as the person sees it.
func (v *visit) holding(d repository.Document) holding {
	h := holding{By: v.actorName(d.CheckedOutBy), Mine: d.CheckedOutBy == v.actor()}
	if !v.user.Has(revisers...) {
		return h
	}
	h.MayTake = d.CheckedOutBy == ""
	h.MayReturn = h.Mine
	h.MayEnd = h.Mine || !h.MayTake && v.user.Has(workflow.RecordsManager)
	return h
}

// checkOut answers POST /documents/:document/checkout.
func (s *Server) checkOut(v *visit) error {
	return s.revise(v, v.T("checkout.taken"), func(tx pgx.Tx, id repository.DocumentID) error {
		return s.config.Store.CheckOut(v.ctx(), tx, v.actor(), id)
	})
}

// cancelCheckOut answers POST /documents/:document/cancel-checkout. Records managers may break somebody else's.
func (s *Server) cancelCheckOut(v *visit) error {
	return s.revise(v, v.T("checkout.ended"), func(tx pgx.Tx, id repository.DocumentID) error {
		return s.config.Store.CancelCheckOut(v.ctx(), tx, v.actor(), id, v.user.Has(workflow.RecordsManager))
	})
}

// revise does something with a document that the person may see, and comes back to its page.
func (s *Server) revise(v *visit, done string, f func(pgx.Tx, repository.DocumentID) error) error {
	id, err := v.documentID()
	if err != nil {
		return err
	}
	if err := s.readable(v, id); err != nil {
		return err
	}
	if err := v.inTx(func(tx pgx.Tx) error { return f(tx, id) }); err != nil {
		return err
	}
	v.flash("success", done)
	return v.redirect("/documents/" + id.String())
}

// maxComment bounds a comment in bytes.
const maxComment = 2000

// checkIn answers POST /documents/:document/checkin. The form's comment comes before its file, which goes straight to the store.
func (s *Server) checkIn(v *visit) error {
	id, err := v.documentID()
	if err != nil {
		return err
	}
	if err := s.readable(v, id); err != nil {
		return err
	}
	back := capture.Return{Document: id, By: v.actor()}
	var made repository.Version
	_, params, _ := mime.ParseMediaType(v.gin.GetHeader("Content-Type"))
	err = eachPart(v.gin.Request.Body, params["boundary"], func(part *multipart.Part) error {
		switch {
		case part.FormName() == "comment":
			raw, err := io.ReadAll(io.LimitReader(part, maxComment))
			back.Comment = string(raw)
			return err
		case part.FileName() == "" || made.Number > 0:
			return nil
		}
		back.Name, back.Content = part.FileName(), part
		made, err = s.config.Intake.CheckIn(v.ctx(), back)
		return err
	})
	if err != nil {
		return err
	}
	if made.Number == 0 {
		return fault.New(fault.Invalid, "%s", v.T("checkout.no_file"))
	}
	v.flash("success", v.T("checkout.returned", made.Number))
	return v.redirect(fmt.Sprintf("/documents/%s", id))
}
