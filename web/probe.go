package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Probes answers /healthz, /readyz and /metrics and nothing else, for a process that has no pages: a worker.
func Probes(log *slog.Logger, checks []Check, metrics *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, alive) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		status, body := readiness(r.Context(), log, checks)
		if status != http.StatusOK {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	return mux
}

// alive is what /healthz answers: the process runs.
const alive = "ok\n"

// readiness asks every part. The answer names the parts that do not work, never their errors: strangers may ask.
func readiness(ctx context.Context, log *slog.Logger, checks []Check) (status int, body string) {
	status = http.StatusOK
	for _, k := range ask(ctx, checks) {
		line := "ok\n"
		if k.Err != nil {
			line = "does not answer\n"
			if k.May {
				line = "does not answer; what needs it waits\n"
			} else {
				status = http.StatusServiceUnavailable
			}
			log.Warn("not ready", "part", k.Name, "err", k.Err)
		}
		body += k.Name + ": " + line
	}
	return status, body
}
