package web

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// checkTimeout is how long one part may take to say that it works.
const checkTimeout = 3 * time.Second

// A checked is a check and its answer.
type checked struct {
	Check
	Err  error
	Took time.Duration
}

// ask asks every part, one after the other.
func ask(ctx context.Context, checks []Check) []checked {
	var all []checked
	for _, c := range checks {
		ctx, cancel := context.WithTimeout(ctx, checkTimeout)
		start := time.Now()
		all = append(all, checked{c, c.Ask(ctx), time.Since(start)})
		cancel()
	}
	return all
}

func (s *Server) check(ctx context.Context) []checked { return ask(ctx, s.config.Checks) }

// serveAlive answers GET /healthz: the process runs and answers.
func (s *Server) serveAlive(c *gin.Context) { c.String(http.StatusOK, alive) }

// serveReady answers GET /readyz: every part works.
func (s *Server) serveReady(c *gin.Context) {
	status, body := readiness(c.Request.Context(), s.config.Log, s.config.Checks)
	if status != http.StatusOK {
		c.Header("Retry-After", retryAfter)
	}
	c.String(status, "%s", body)
}
