package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/search"

	"github.com/jackc/pgx/v5"
)

// A healthPage says in plain words whether every part works, and what to do where one does not.
type healthPage struct {
	Frame
	Parts  []partHealth
	Queues []queueHealth
	At     time.Time
}

// partHealth is one part of the system and how it is.
type partHealth struct {
	Name  string
	State string // "good", "warn" or "bad"
	Say   string // how it is, or what is wrong
	Do    string // what to do about it, empty when nothing is to be done
	Took  time.Duration
}

// Milliseconds is how long the part took to answer.
func (p partHealth) Milliseconds() int { return int(p.Took.Milliseconds()) }

// Free space below which the disk of the data folder is a worry, and below which it is one at once.
const (
	lowDisk   = 10 << 30
	shortDisk = 2 << 30
)

// showHealth answers GET /admin/health.
func (s *Server) showHealth(v *visit) (err error) {
	page := healthPage{At: v.now}
	for _, c := range s.check(v.ctx()) {
		page.Parts = append(page.Parts, s.partHealth(v, c))
	}
	page.Parts = append(page.Parts, s.diskHealth(v)...)
	if page.Queues, err = queues(v.ctx(), v.pool()); err != nil {
		return err
	}
	page.Frame = v.frame(v.T("health.title"))
	page.Lead = page.lead(v)
	return v.show(http.StatusOK, "health.html", page)
}

// lead counts what needs somebody: parts that do not work, and work that was given up.
func (p healthPage) lead(v *visit) string {
	bad := 0
	for _, part := range p.Parts {
		bad += b2i(part.State != "good")
	}
	for _, q := range p.Queues {
		bad += b2i(q.GivenUp > 0)
	}
	if bad > 0 {
		return v.N("health.bad", bad)
	}
	return v.T("health.all_good")
}

// partHealth is a check's answer in words, with what the part holds.
func (s *Server) partHealth(v *visit, c checked) partHealth {
	p := partHealth{Name: v.partName(c.Name), State: "good", Took: c.Took}
	if c.Err != nil {
		p.State, p.Say = "bad", v.T("health.broken")
		if fault.KindOf(c.Err) != fault.Internal {
			p.Say = v.Sentence(c.Err)
		}
		if do := v.T("health.do." + c.Name); do != "health.do."+c.Name {
			p.Do = do
		}
		return p
	}
	switch c.Name {
	case "search":
		s.searchHealth(v, &p)
	case "ocr":
		s.recognitionHealth(v, &p)
	case "scanner":
		s.scannerHealth(v, &p)
	}
	return p
}

// searchHealth says how much can be found, and how much not yet.
func (s *Server) searchHealth(v *visit, p *partHealth) {
	found, err := s.config.Search.Count()
	if err != nil {
		return // the check has just said that it works; the next look will tell
	}
	p.Say = v.N("health.searchable", found)
	if waiting, err := search.Pending(v.ctx(), v.pool()); err == nil && waiting > 0 {
		p.Say += " " + v.N("health.not_searchable", waiting)
	}
}

// recognitionHealth says which languages can be read, and how to get those that cannot.
func (s *Server) recognitionHealth(v *visit, p *partHealth) {
	if s.config.Recognised == nil {
		return
	}
	known, err := s.config.Recognised(v.ctx())
	if err != nil {
		return
	}
	var can, cannot string
	for _, l := range languageTitles {
		list := &cannot
		if slices.Contains(known, l.Code) {
			list = &can
		}
		if *list != "" {
			*list += ", "
		}
		*list += l.Title
	}
	p.Say = v.T("health.reads", can)
	if cannot != "" {
		p.State, p.Do = "warn", v.T("health.cannot_read", cannot)
	}
}

// diskHealth says how much room the disk of the data folder has left; nothing when nobody can tell.
func (s *Server) diskHealth(v *visit) []partHealth {
	if s.config.Disk == nil {
		return nil
	}
	free, total, err := s.config.Disk()
	if err != nil {
		return []partHealth{{Name: v.partName("disk"), State: "bad", Say: v.T("health.broken")}}
	}
	p := partHealth{Name: v.partName("disk"), State: "good", Say: v.T("health.free", v.Size(free), v.Size(total))}
	switch {
	case free < shortDisk:
		p.State, p.Do = "bad", v.T("health.do.disk")
	case free < lowDisk:
		p.State, p.Do = "warn", v.T("health.do.disk")
	}
	return []partHealth{p}
}

// partName is what people call a part of the system.
func (v *visit) partName(name string) string {
	if title := v.T("health.part." + name); title != "health.part."+name {
		return title
	}
	return name
}

// queueHealth is how many jobs of a queue wait, run, wait to be tried again, or were given up.
type queueHealth struct {
	Queue                            string
	Waiting, Running, Again, GivenUp int
	Oldest                           time.Time // since when the one that waits longest could have run; zero when none waits
	Failure                          string    // what the newest job that failed said; it is for whoever reads the log
}

// Known says whether the queue has a name for people.
func (q queueHealth) Known() bool { return slices.Contains(knownQueues, q.Queue) }

// knownQueues are those that messages name, under "health.queue.".
var knownQueues = []string{"read", "file", "archive", "train", "housekeeping", "scan"}

// failureLength is how many characters of a failure are shown.
const failureLength = 300

// queues counts the jobs that are not done.
func queues(ctx context.Context, q postgres.Querier) ([]queueHealth, error) {
	rows, err := q.Query(ctx, `select queue, (count(*) filter (where state in ('available', 'pending', 'scheduled')))::int,
			(count(*) filter (where state = 'running'))::int, (count(*) filter (where state = 'retryable'))::int,
			(count(*) filter (where state = 'discarded'))::int,
			coalesce(min(scheduled_at) filter (where state = 'available'), '0001-01-01 00:00:00+00'),
			left(coalesce((array_agg(errors[array_upper(errors, 1)]->>'error' order by attempted_at desc nulls last)
				filter (where state in ('retryable', 'discarded') and errors is not null))[1], ''), $1)
		from `+postgres.RiverSchema+`.river_job where state not in ('completed', 'cancelled') group by queue order by queue`, failureLength)
	if err != nil {
		return nil, fmt.Errorf("queues: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[queueHealth])
}
