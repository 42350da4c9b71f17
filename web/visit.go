package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A visit is one request of one person.
type visit struct {
	*Locale
	server  *Server
	gin     *gin.Context
	request string // names this request in the log and on error pages
	now     time.Time
	user    workflow.User // zero when nobody is signed in
	theme   string
	session bool // the browser's session is loaded
	posted  bool // the form is read
	words   *ticketWords
	defined *taxonomy.Catalogue // read once a visit
	known   []workflow.User     // read once a visit
}

// visitKey is where gin's context keeps the visit.
const visitKey = "docket.visit"

// begin is the middleware that starts every visit.
func (s *Server) begin(c *gin.Context) {
	v := &visit{server: s, gin: c, now: s.config.Now().In(s.config.Zone), request: requestID()}
	v.speak(s.locale(c.Request))
	if cookie, err := c.Request.Cookie("theme"); err == nil && (cookie.Value == "dark" || cookie.Value == "light") {
		v.theme = cookie.Value
	}
	cleanQuery(c.Request.URL)
	c.Set(visitKey, v)
	c.Header("X-Request-Id", v.request)
	c.Next()
}

// speak makes the visit one in a language. Sentences call people by their full names.
func (v *visit) speak(l *Locale) {
	own := *l
	own.people = v.actorName
	v.Locale = &own
}

// requestID is short enough to be read out on the phone.
func requestID() string {
	id := uuid.New()
	return id.String()[:8]
}

func visitOf(c *gin.Context) *visit { return c.MustGet(visitKey).(*visit) }

func (v *visit) ctx() context.Context { return v.gin.Request.Context() }

// reader is what the person may see.
func (v *visit) reader() taxonomy.Reader { return v.user.Reader() }

func (v *visit) actor() journal.Actor { return v.user.Actor() }

func (v *visit) pool() postgres.Querier { return v.server.config.Pool }

// catalogue is what the organisation has defined, the same throughout the visit.
func (v *visit) catalogue() (*taxonomy.Catalogue, error) {
	if v.defined != nil {
		return v.defined, nil
	}
	c, err := v.server.config.Plan.Catalogue(v.ctx(), v.pool())
	v.defined = c
	return c, err
}

// people are all users in the order of their titles, by which they are called.
func (v *visit) people() (_ []workflow.User, err error) {
	if v.known == nil {
		v.known, err = v.server.config.People.List(v.ctx(), v.pool())
		sortBy(v.Locale, v.known, func(u workflow.User) string { return u.Title })
	}
	return v.known, err
}

// inTx runs f in a transaction.
func (v *visit) inTx(f func(tx pgx.Tx) error) error {
	return postgres.InTx(v.ctx(), v.server.config.Pool, f)
}

func (v *visit) query(name string) string { return v.gin.Query(name) }
func (v *visit) param(name string) string { return v.gin.Param(name) }

// form is a field of a posted form. Uploads have their own reader; every other form is small.
func (v *visit) form(name string) string {
	if r := v.gin.Request; !v.posted {
		v.posted = true
		r.Body = http.MaxBytesReader(v.gin.Writer, r.Body, maxForm)
		_ = r.PostFormValue(name) // parses
		cleanAll(r.PostForm)
	}
	return v.gin.Request.PostForm.Get(name)
}

// maxForm is the most bytes an ordinary form may send.
const maxForm = 1 << 20

// partial says whether the page itself asks for one of its parts.
func (v *visit) partial() bool { return v.gin.GetHeader("HX-Request") == "true" }

// show sends a page.
func (v *visit) show(status int, name string, page any) error {
	return v.send(status, name, "layout", page)
}

// showPart sends one named part of a page.
func (v *visit) showPart(name, part string, page any) error {
	return v.send(http.StatusOK, name, part, page)
}

func (v *visit) send(status int, name, entry string, page any) error {
	body, err := v.server.views.render(v.Code, name, entry, page)
	if err != nil {
		return err
	}
	if err := v.saveSession(); err != nil {
		return err
	}
	v.gin.Header("Cache-Control", "no-store")
	v.gin.Header("Vary", "HX-Request, Cookie, Accept-Language, Accept-Encoding")
	if packed := compressed(body, v.gin.GetHeader("Accept-Encoding")); packed != nil {
		v.gin.Header("Content-Encoding", "gzip")
		body = packed
	}
	v.gin.Data(status, "text/html; charset=utf-8", body)
	return nil
}

// redirect answers a form: the browser fetches path with GET. A part that posts is told to go there as a whole page.
func (v *visit) redirect(path string) error {
	if err := v.saveSession(); err != nil {
		return err
	}
	if v.partial() {
		v.gin.Header("HX-Redirect", path)
		v.gin.Status(http.StatusNoContent)
		v.gin.Writer.WriteHeaderNow()
		return nil
	}
	v.gin.Redirect(http.StatusSeeOther, path)
	return nil
}

// address is the path and query of this page, to come back to.
func (v *visit) address() string {
	u := v.gin.Request.URL
	return (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()
}
