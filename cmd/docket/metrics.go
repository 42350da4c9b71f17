package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// newRegistry is what /metrics tells of this process, whatever its role.
func newRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// newJobMetrics measures the jobs that are worked here. An attempt that failed and will be tried again counts as failed too.
func newJobMetrics(r *prometheus.Registry) rivertype.WorkerMiddleware {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "docket_job_duration_seconds",
		Help:    "Time that one attempt at a job took.",
		Buckets: []float64{.01, .05, .1, .5, 1, 2, 5, 10, 30, 60, 300, 1800},
	}, []string{"queue", "kind", "outcome"})
	r.MustRegister(seconds)
	return river.WorkerMiddlewareFunc(func(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
		began, outcome := time.Now(), "done"
		err := work(ctx)
		if err != nil {
			outcome = "failed"
		}
		seconds.WithLabelValues(job.Queue, job.Kind, outcome).Observe(time.Since(began).Seconds())
		return err
	})
}
