package web

import (
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"
)

// readable is nil when the person may see a document, and else the same fault of kind NotFound as for one that does not
// exist. Who may see one that is not filed yet is said at taxonomy.Unfiled.
func (s *Server) readable(v *visit, id repository.DocumentID) error {
	visible, err := v.reader().Visible(v.ctx(), v.pool(), []repository.DocumentID{id})
	if err != nil {
		return postgres.Unavailable(err)
	}
	if !visible[id] {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	return nil
}
