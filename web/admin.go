package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A healthPage says in plain words whether every part works.
type healthPage struct {
	Frame
	Parts  []partHealth
	Queues []queueHealth
	At     time.Time
}

// partHealth is one part of the system and how it is.
type partHealth struct {
	Name string
	Good bool
	Say  string // what is wrong, for people
	Took time.Duration
}

// Milliseconds is how long the part took to answer.
func (p partHealth) Milliseconds() int { return int(p.Took.Milliseconds()) }

// queueHealth is how many jobs of a queue wait, run, wait to be tried again, or were given up.
type queueHealth struct {
	Queue                            string
	Waiting, Running, Again, GivenUp int
}

// showHealth answers GET /admin/health.
func (s *Server) showHealth(v *visit) error {
	page := healthPage{At: v.now}
	bad := 0
	for _, c := range s.check(v.ctx()) {
		p := partHealth{Name: v.partName(c.Name), Good: c.Err == nil, Took: c.Took}
		if c.Err != nil {
			bad++
			p.Say = v.T("health.broken")
			if fault.KindOf(c.Err) != fault.Internal {
				p.Say = fault.Sentence(c.Err)
			}
		}
		page.Parts = append(page.Parts, p)
	}
	var err error
	if page.Queues, err = queues(v.ctx(), v.pool()); err != nil {
		return err
	}
	page.Frame = v.frame(v.T("health.title"))
	page.Lead = v.T("health.all_good")
	if bad > 0 {
		page.Lead = v.N("health.bad", bad)
	}
	return v.show(http.StatusOK, "health.html", page)
}

// partName is what people call a part of the system.
func (v *visit) partName(name string) string {
	if title := v.T("health.part." + name); title != "health.part."+name {
		return title
	}
	return name
}

// queues counts the jobs that are not done.
func queues(ctx context.Context, q postgres.Querier) ([]queueHealth, error) {
	rows, err := q.Query(ctx, `select queue, (count(*) filter (where state in ('available', 'pending', 'scheduled')))::int,
			(count(*) filter (where state = 'running'))::int, (count(*) filter (where state = 'retryable'))::int,
			(count(*) filter (where state = 'discarded'))::int
		from `+postgres.RiverSchema+`.river_job where state not in ('completed', 'cancelled') group by queue order by queue`)
	if err != nil {
		return nil, fmt.Errorf("queues: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[queueHealth])
}
