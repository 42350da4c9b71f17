package web

import (
	"docket/capture"
	"docket/repository"

	"github.com/google/uuid"
)

// An insider is a document that came inside another, or the one around it.
type insider struct {
	Document repository.DocumentID
	Title    string
	State    capture.State // of its piece; empty for the one around
}

// addInside fills in what came inside a document, attached or in a container, and what it came in: as much of it as the person
// may see.
func (s *Server) addInside(v *visit, page *documentPage) error {
	if len(page.Pieces) == 0 {
		return nil
	}
	parts, err := capture.Attachments(v.ctx(), v.pool(), page.Pieces[0].Receipt)
	if err != nil {
		return err
	}
	var all []insider
	for _, p := range parts {
		all = append(all, insider{p.Document, p.Name, p.State})
	}
	if page.Record.PartOf != uuid.Nil {
		all = append(all, insider{Document: page.Record.PartOf})
	}
	if len(all) == 0 {
		return nil
	}
	ids := make([]repository.DocumentID, len(all))
	for i, p := range all {
		ids[i] = p.Document
	}
	visible, err := v.reader().Visible(v.ctx(), v.pool(), ids)
	if err != nil {
		return err
	}
	records, err := s.config.Plan.Records(v.ctx(), v.pool(), ids)
	if err != nil {
		return err
	}
	for _, p := range all {
		if r, filed := records[p.Document]; filed {
			p.Title = r.Title
		}
		switch {
		case !visible[p.Document]:
		case p.Document == page.Record.PartOf:
			if p.Title == "" {
				p.Title = v.T("document.not_filed")
			}
			page.Around = p
		default:
			page.Inside = append(page.Inside, p)
		}
	}
	return nil
}
