package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/journal"
	"docket/search"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// Config is what the server is made of. The first group is needed; the rest has useful zero values.
type Config struct {
	Pool    *pgxpool.Pool
	People  *workflow.People
	Journal *journal.Journal
	Store   *repository.Store
	Plan    *taxonomy.Plan
	Search  search.Engine
	Intake  *capture.Intake
	Fetcher *capture.Fetcher // tries mailboxes and keeps their secrets; it is not run here
	Sheets  *capture.Sheets  // nil shows only the pages that are drawn already
	Desk    *workflow.Desk
	Outbox  *workflow.Outbox // nil shows no outbox, and nobody is answered

	Log            *slog.Logger         // nil is slog.Default
	Metrics        *prometheus.Registry // nil makes one of its own
	Secure         bool                 // browsers reach us over TLS, here or at a proxy: cookies and HSTS say so
	TrustedProxies []string             // addresses whose X-Forwarded-For is believed; none by default
	Zone           *time.Location       // of the dates on screens; nil is the machine's
	Now            func() time.Time     // nil is time.Now
	Checks         []Check              // what /readyz and the health page ask

	Disk       func() (free, total int64, err error)   // bytes of the data folder's disk; nil when there is none
	Recognised func(context.Context) ([]string, error) // languages that can be read from pictures; nil when nothing is read here
}

// A Check asks one part of the system whether it works.
type Check struct {
	Name string // a message key under "health.": "database"
	Ask  func(ctx context.Context) error
	May  bool // it may be away for a while: what needs it waits, and /readyz says so but is ready
}

// Server answers HTTP. It is safe for concurrent use.
type Server struct {
	config   Config
	assets   assets
	locales  map[string]*Locale
	views    *views
	sessions *scs.SessionManager
	metrics  *metrics
	sittings sittings
	hub      *hub
	handler  http.Handler
}

// New makes a server. It reads templates, messages and assets, all from the binary, and fails when one is broken. Missing
// assets only make pages bare: the log and every page say so.
func New(config Config) (*Server, error) {
	s := &Server{config: config.withDefaults(), hub: newHub()}
	var err error
	if s.assets, err = loadAssets(); err == errNoAssets {
		s.config.Log.Error(err.Error())
	} else if err != nil {
		return nil, err
	}
	if s.locales, err = locales(); err != nil {
		return nil, err
	}
	for _, l := range s.locales {
		l.names = s.namesIn(l)
	}
	if s.views, err = loadViews(s.assets, s.locales, s.config.Zone, s.config.Now); err != nil {
		return nil, err
	}
	s.sessions = newSessions(s.config.Pool, s.config.Secure)
	s.metrics = newMetrics(s.config.Metrics)
	s.handler, err = s.routes()
	return s, err
}

// Handler answers all requests.
func (s *Server) Handler() http.Handler { return s.handler }

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	if c.Zone == nil {
		c.Zone = time.Local
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sheets == nil {
		c.Sheets = &capture.Sheets{Pool: c.Pool, Store: c.Store}
	}
	return c
}

// newEngine makes the router without any of gin's own logging, recovery or trust in proxies.
func newEngine(proxies []string) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = true
	return e, e.SetTrustedProxies(proxies)
}
