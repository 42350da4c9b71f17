package web

import (
	"slices"

	"docket/capture"
	"docket/repository"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// An insider is a document that came inside another, or the one around it.
type insider struct {
	Document repository.DocumentID
	Title    string
	State    capture.State // of its piece; empty for the one around
	Class    string        // title in the language of the house; empty while it is not filed
	Media    string
	Size     int64
	Version  int // the newest; only where it is shown as a card, like Pages
	Pages    int
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
		all = append(all, insider{Document: p.Document, Title: p.Name, State: p.State, Media: p.MediaType, Size: p.Size})
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
			p.Title, p.Class = r.Title, r.ClassTitle
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

// readCards says of what came inside a message how many pages it has, for the thumbnails of its cards.
func (s *Server) readCards(v *visit, parts []insider) ([]insider, error) {
	papers := make([]paper, len(parts))
	for i, p := range parts {
		papers[i] = paper{Record: taxonomy.Record{Document: p.Document}, Version: 1}
	}
	if len(papers) == 0 {
		return nil, nil
	}
	err := s.readPapers(v, papers)
	cards := slices.Clone(parts)
	for i, p := range papers {
		cards[i].Version, cards[i].Pages = p.Version, p.Pages
	}
	return cards, err
}
