package web

import (
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what /metrics tells of HTTP. Labels are routes, never paths, so their number is bounded.
type metrics struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
	streams  prometheus.Gauge
}

func newMetrics(r *prometheus.Registry) *metrics {
	m := &metrics{registry: r, seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "docket_http_request_duration_seconds",
		Help:    "Time from the request's first line to the answer's last byte.",
		Buckets: []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 30},
	}, []string{"route", "method", "status"})}
	m.streams = prometheus.NewGauge(prometheus.GaugeOpts{Name: "docket_live_streams", Help: "Pages that are told of changes at the moment."})
	r.MustRegister(m.seconds, m.streams)
	return m
}

// observe is the middleware that measures.
func (m *metrics) observe(c *gin.Context) {
	start := time.Now()
	c.Next()
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	if route == liveRoute {
		return // it lasts as long as the page is open
	}
	m.seconds.WithLabelValues(route, c.Request.Method, strconv.Itoa(c.Writer.Status())).Observe(time.Since(start).Seconds())
}

func (m *metrics) serve(c *gin.Context) {
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(c.Writer, c.Request)
}
