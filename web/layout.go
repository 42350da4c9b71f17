package web

import (
	"encoding/json"
	"fmt"

	"docket/repository"
)

// layout is the words of a page with their places.
func (s *Server) layout(v *visit, version repository.Version, number int) (repository.Layout, error) {
	var layout repository.Layout
	r, err := s.config.Store.Rendition(v.ctx(), v.pool(), version.Document, version.Number, repository.PageLayout, number)
	if err != nil {
		return layout, err
	}
	body, err := s.config.Store.OpenRendition(v.ctx(), r)
	if err != nil {
		return layout, err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(&layout); err != nil {
		return layout, fmt.Errorf("layout of page %d of %s: %w", number, version.Document, err)
	}
	return layout, nil
}
