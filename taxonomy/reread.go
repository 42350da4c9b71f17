package taxonomy

import (
	"context"
	"maps"

	"docket/repository/journal"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Reread brings a record in step with a new version of its document, of which f tells what the machine understood. Values are
// those of the new version; the class is taken too when the machine is sure of it. What a person decided stays: the class and
// party of a record that they decided, and every value that they entered or confirmed. What differs is
// written to the journal as a correction with old and new values. A document that is no record is NotFound.
func (p *Plan) Reread(ctx context.Context, tx pgx.Tx, by journal.Actor, f Filing, sure bool) (Record, error) {
	old, err := p.lock(ctx, tx, f.Document)
	if err != nil {
		return Record{}, err
	}
	r, err := p.put(ctx, tx, old.reread(by, f, sure))
	if err != nil {
		return Record{}, err
	}
	changes := Changes(old, r)
	if len(changes) == 0 {
		return old, nil
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: DocumentCorrected, Subject: document(f.Document), Detail: changes})
	if err != nil {
		return Record{}, err
	}
	return p.Record(ctx, tx, f.Document)
}

// reread is the record as it is after a new version was understood.
func (r Record) reread(by journal.Actor, f Filing, sure bool) Record {
	person := !isMachine(r.DecidedBy)
	values := maps.Clone(f.Values)
	if values == nil {
		values = Values{}
	}
	if person {
		for id, v := range r.Values {
			if v.Confidence == 1 {
				values[id] = v
			}
		}
	}
	r.Values = values
	if person {
		return r
	}
	if f.Language != "" {
		r.Language = f.Language
	}
	if sure {
		r.Class, r.Confidence, r.How, r.DecidedBy = f.Class, f.Confidence, f.How, by
		if f.Party != uuid.Nil {
			r.Party = f.Party
		}
	}
	return r
}
