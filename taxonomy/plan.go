package taxonomy

import (
	"context"
	"fmt"
	"sync"
	"time"

	"docket/repository/journal"
	"docket/repository/postgres"
)

// Plan is the file plan at work: it files documents, corrects and finds records. It holds no pool; writes take a
// transaction. It is safe for concurrent use.
type Plan struct {
	journal *journal.Journal
	zone    *time.Location

	mu        sync.Mutex
	revision  int64
	catalogue *Catalogue
}

// NewPlan makes a plan that writes to j. Days are those of zone; nil means UTC.
func NewPlan(j *journal.Journal, zone *time.Location) *Plan {
	if zone == nil {
		zone = time.UTC
	}
	return &Plan{journal: j, zone: zone}
}

// Known is the catalogue as it was last read, nil before that. It asks no database; do not change the result.
func (p *Plan) Known() *Catalogue {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.catalogue
}

// Catalogue is what the organisation has defined. It is read again only when it was changed, so asking costs one small
// query. Do not change the result. A transaction that has itself changed definitions gets its own state, which is not kept: it
// may yet be rolled back.
func (p *Plan) Catalogue(ctx context.Context, q postgres.Querier) (*Catalogue, error) {
	var revision int64
	var own bool
	err := q.QueryRow(ctx, "select number, coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false) from taxonomy.revision").Scan(&revision, &own)
	if err != nil {
		return nil, fmt.Errorf("revision of the catalogue: %w", err)
	}
	if own {
		return Load(ctx, q)
	}
	p.mu.Lock()
	cached, at := p.catalogue, p.revision
	p.mu.Unlock()
	if cached != nil && at == revision {
		return cached, nil
	}
	c, err := Load(ctx, q)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.catalogue, p.revision = c, revision
	return c, nil
}
