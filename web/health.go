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
	Name string
	Err  error
	Took time.Duration
}

// check asks every part, one after the other.
func (s *Server) check(ctx context.Context) []checked {
	var all []checked
	for _, c := range s.config.Checks {
		ctx, cancel := context.WithTimeout(ctx, checkTimeout)
		start := time.Now()
		all = append(all, checked{c.Name, c.Ask(ctx), time.Since(start)})
		cancel()
	}
	return all
}

// serveAlive answers GET /healthz: the process runs and answers.
func (s *Server) serveAlive(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// serveReady answers GET /readyz: every part works. It names the parts that do not, never their errors: strangers may ask.
func (s *Server) serveReady(c *gin.Context) {
	status, body := http.StatusOK, ""
	for _, k := range s.check(c.Request.Context()) {
		line := "ok\n"
		if k.Err != nil {
			status, line = http.StatusServiceUnavailable, "does not answer\n"
			s.config.Log.Warn("not ready", "part", k.Name, "err", k.Err)
		}
		body += k.Name + ": " + line
	}
	if status != http.StatusOK {
		c.Header("Retry-After", retryAfter)
	}
	c.String(status, "%s", body)
}
