package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// Desk is where documents become tickets and tickets are worked on. It holds no pool; writes take a transaction. It is
// safe for concurrent use.
type Desk struct {
	journal  *journal.Journal
	plan     *taxonomy.Plan
	calendar Calendar
	now      func() time.Time

	post Post

	processes sync.Map // processKey → *Process
}

type processKey struct {
	id      string
	version int
}

// NewDesk makes a desk. Its days are those of the calendar; now is the clock, nil meaning the machine's.
func NewDesk(j *journal.Journal, plan *taxonomy.Plan, calendar Calendar, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{journal: j, plan: plan, calendar: calendar, now: now}
}

// Process gives a version of a process, 0 being the newest. Do not change the result. One that is not there is a fault of
// kind NotFound.
func (d *Desk) Process(ctx context.Context, q postgres.Querier, id string, version int) (*Process, error) {
	if p, ok := d.processes.Load(processKey{id, version}); ok && version != 0 {
		return p.(*Process), nil
	}
	var body []byte
	var found int
	err := q.QueryRow(ctx, `select version, body from workflow.process where id = $1 and ($2 = 0 or version = $2)
		order by version desc limit 1`, id, version).Scan(&found, &body)
	if err := postgres.Missing(err, "There is no process %q.", id); err != nil {
		return nil, err
	}
	return d.remember(id, found, body)
}

// remember reads a process and keeps it, for a version never changes.
func (d *Desk) remember(id string, version int, body []byte) (*Process, error) {
	if p, ok := d.processes.Load(processKey{id, version}); ok {
		return p.(*Process), nil
	}
	p := &Process{}
	if err := json.Unmarshal(body, p); err != nil {
		return nil, fmt.Errorf("process %s version %d: %w", id, version, err)
	}
	p.Version = version
	d.processes.Store(processKey{id, version}, p)
	return p, nil
}

// Processes gives the newest version of every process.
func (d *Desk) Processes(ctx context.Context, q postgres.Querier) ([]*Process, error) {
	rows, err := q.Query(ctx, "select distinct on (id) id, version, body from workflow.process order by id, version desc")
	if err != nil {
		return nil, fmt.Errorf("processes: %w", err)
	}
	var id string
	var version int
	var body []byte
	var all []*Process
	_, err = pgx.ForEachRow(rows, []any{&id, &version, &body}, func() error {
		p, err := d.remember(id, version, body)
		all = append(all, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("processes: %w", err)
	}
	return all, nil
}
