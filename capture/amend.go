package capture

import (
	"context"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Amend is what a person says about a document that a person has filed before: its record is corrected, its open ticket follows,
// and the example to learn from changes. A record is never taken back, for somebody may have acted on it: the correction stands
// in the journal beside what was there before. It is a Conflict when the reading or the record, whose version is given, was changed
// since the person saw it.
func (in *Intake) Amend(ctx context.Context, tx pgx.Tx, by journal.Actor, plan *taxonomy.Plan, d Decision, version int) (taxonomy.Record, error) {
	var rev int
	err := tx.QueryRow(ctx, "select rev from capture.reading where document = $1 and decided_by is not null for update", d.Document).Scan(&rev)
	if err != nil {
		return taxonomy.Record{}, postgres.Missing(err, "Nobody has decided this document yet.")
	}
	if rev != d.Rev {
		return taxonomy.Record{}, fault.New(fault.Conflict, "Somebody else has decided or changed this document meanwhile. Nothing was saved; look at it again.")
	}
	r, err := FindReading(ctx, tx, d.Document)
	if err != nil {
		return taxonomy.Record{}, err
	}
	machine := r.Class
	if len(r.Ranked) > 0 {
		machine = r.Ranked[0].Class
	}
	old, err := plan.Record(ctx, tx, d.Document)
	if err != nil {
		return taxonomy.Record{}, err
	}
	r.Class, r.Confidence, r.Fields = d.Class, 1, d.Values
	if err := r.decided(ctx, tx, by, machine); err != nil {
		return taxonomy.Record{}, err
	}
	c := taxonomy.Correction{Class: d.Class, Values: taxonomy.Values{}, Version: version}
	for id := range old.Values {
		c.Values[id] = taxonomy.Value{} // what is left out is removed
	}
	for id, v := range d.Values {
		c.Values[id] = v
	}
	if d.Party != uuid.Nil {
		c.Party = &d.Party
	}
	return plan.Correct(ctx, tx, by, d.Document, c)
}
