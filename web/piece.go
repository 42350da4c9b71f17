package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/uuid"
)

// A piecePage is the trail of one piece: when it came, by which way, what was done with it and what it became.
type piecePage struct {
	Frame
	Piece       pieceRow
	Digest      string // SHA-256 in hexadecimal, empty when the bytes were refused
	Parent      *capture.Piece
	Attachments []pieceRow
	MadeFrom    []capture.SourcePage // on the scan desk
	Screening   pieceScreening       // zero when it was not to be checked for viruses
	Trail       []eventRow
}

// showPiece answers GET /mailroom/pieces/:receipt.
func (s *Server) showPiece(v *visit) error {
	p, err := v.piece()
	if err != nil {
		return err
	}
	page := piecePage{Piece: pieceRow{Piece: p}}
	if page.Piece.Known() {
		page.Digest = fmt.Sprintf("%x", p.SHA256)
	}
	if p.Parent != uuid.Nil {
		parent, err := capture.FindPiece(v.ctx(), v.pool(), p.Parent)
		if err != nil {
			return err
		}
		page.Parent = &parent
	}
	if page.MadeFrom, err = capture.MadeFrom(v.ctx(), v.pool(), p.Receipt); err != nil {
		return err
	}
	attached, err := capture.Attachments(v.ctx(), v.pool(), p.Receipt)
	if err != nil {
		return err
	}
	page.Attachments = rows(attached)
	one := []pieceRow{page.Piece}
	if err := s.addOutcomes(v, one, page.Attachments); err != nil {
		return err
	}
	page.Piece = one[0]
	if page.Screening, err = s.pieceScreening(v, p); err != nil {
		return err
	}
	if page.Trail, err = s.trail(v, p); err != nil {
		return err
	}
	page.Frame = v.frame(v.T("piece.title", p.Seq), v.mailroomCrumb()...)
	page.Frame.Lead = p.Name
	return v.show(http.StatusOK, "piece.html", page)
}

// trail is what happened to a piece and, for those who may see its document, to that.
func (s *Server) trail(v *visit, p capture.Piece) ([]eventRow, error) {
	events, err := journal.BySubjects(v.ctx(), v.pool(), []uuid.UUID{p.Receipt, p.Document})
	if err != nil {
		return nil, err
	}
	err = s.readable(v, p.Document)
	if fault.Is(err, fault.NotFound) {
		events = slices.DeleteFunc(events, func(e journal.Event) bool { return !strings.HasPrefix(string(e.Verb), "piece.") })
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return s.events(v, events)
}

// piece is the piece that the address names.
func (v *visit) piece() (capture.Piece, error) {
	id, err := uuid.Parse(v.param("receipt"))
	if err != nil {
		return capture.Piece{}, fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	return capture.FindPiece(v.ctx(), v.pool(), id)
}
