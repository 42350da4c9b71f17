package web

import (
	"errors"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// readable is nil when the person may see a document, and else the same fault of kind NotFound as for one that does not
// exist. A document that is not filed yet has no readers: the mailroom sees it, and whoever handed it in.
func (s *Server) readable(v *visit, id repository.DocumentID) error {
	var readers []string
	var by journal.Actor
	var filed bool
	err := v.pool().QueryRow(v.ctx(), `select coalesce(r.readers, '{}'), r.document is not null, d.created_by
		from repository.document d left join taxonomy.record r on r.document = d.id where d.id = $1`, id).Scan(&readers, &filed, &by)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return postgres.Unavailable(err)
	}
	if err == nil && (filed && v.reader().May(readers) || !filed && (v.user.Has(Mailroom) || by == v.actor())) {
		return nil
	}
	return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
}
