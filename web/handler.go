package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/web/api"
	"docket/workflow"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// A handler answers a visit or says why it cannot.
type handler func(v *visit) error

// page makes gin call h, and turns its error into an answer.
func (s *Server) page(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		v := visitOf(c)
		if err := h(v); err != nil {
			s.fail(v, err)
		}
	}
}

// signedIn lets only people in who are signed in; others are asked to and then brought back.
func (s *Server) signedIn(c *gin.Context) {
	v := visitOf(c)
	err := s.loadUser(v)
	if err != nil {
		s.fail(v, err)
	} else if v.user.ID == uuid.Nil {
		err = v.askToSignIn()
	}
	if err != nil || v.user.ID == uuid.Nil {
		c.Abort()
		return
	}
	c.Next()
}

func (v *visit) askToSignIn() error {
	back := v.address()
	if !slices.Contains(reading, v.gin.Request.Method) || v.partial() {
		back = local(refererPath(v.gin.Request))
	}
	ended := ""
	if c, err := v.gin.Request.Cookie(v.server.sessions.Cookie.Name); err == nil && c.Value != "" {
		ended = "ended=1&"
	}
	return v.redirect("/sign-in?" + ended + "next=" + url.QueryEscape(back))
}

// refererPath is the path and query of the page that sent a request, as far as the browser tells.
func refererPath(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return "/"
	}
	return u.RequestURI()
}

// only lets people in who have one of the roles.
func (s *Server) only(roles ...workflow.Role) gin.HandlerFunc {
	return func(c *gin.Context) {
		v := visitOf(c)
		if !v.user.Has(roles...) {
			s.fail(v, fault.New(fault.Denied, "%s", v.T("error.role")))
			c.Abort()
			return
		}
		c.Next()
	}
}

// fail is the one place where an error becomes an answer: logged with its cause, shown with its sentence.
func (s *Server) fail(v *visit, err error) {
	status := Status(err)
	s.logFailure(v, status, err)
	if v.gin.Writer.Written() {
		return
	}
	if status == http.StatusServiceUnavailable {
		v.gin.Header("Retry-After", retryAfter)
	}
	if strings.HasPrefix(v.gin.Request.URL.Path, api.Base+"/") {
		api.WriteProblem(v.gin.Writer, status, err)
		return
	}
	if v.partial() {
		v.gin.String(status, "%s (%s)", v.sentence(err), v.request)
		return
	}
	page := v.errorPage(status, err)
	body, renderErr := s.views.render(v.Code, "error.html", "layout", page)
	if renderErr != nil {
		s.config.Log.Error("render error page", "request", v.request, "err", renderErr)
		v.gin.String(status, "%s (%s)", v.sentence(err), v.request)
		return
	}
	v.gin.Header("Cache-Control", "no-store")
	v.gin.Data(status, "text/html; charset=utf-8", body)
}

// sentence is what the person reads of err. Errors without a sentence get the one of their status.
func (v *visit) sentence(err error) string {
	if fault.KindOf(err) != fault.Internal {
		return v.Sentence(err)
	}
	return v.T(fmt.Sprintf("error.%d.sentence", Status(err)))
}

func (s *Server) logFailure(v *visit, status int, err error) {
	level := slog.LevelInfo
	if status >= 500 && !fault.Expected(err) {
		level = slog.LevelError
	}
	s.config.Log.Log(v.ctx(), level, "request failed", "request", v.request, "method", v.gin.Request.Method, "route", v.gin.FullPath(),
		"status", status, "actor", v.user.Name, "err", err)
}

// recoverPanic turns a panic into an error page and a log line with its stack.
func (s *Server) recoverPanic(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p)
		}
		s.config.Log.Error("panic", "route", c.FullPath(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		s.fail(visitOf(c), fmt.Errorf("panic: %v", p))
		c.Abort()
	}()
	c.Next()
}

// notFound answers what has no route.
func (s *Server) notFound(v *visit) error {
	if err := s.loadUser(v); err != nil { // whoever is signed in keeps the way to everything else
		return err
	}
	return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
}
