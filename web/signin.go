package web

import (
	"net/http"
	"net/url"

	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// signInPage asks for name and password.
type signInPage struct {
	Frame
	Name  string
	Next  string
	Ended bool // the session has ended by itself
	Out   bool // the person has just signed out
	Error string
}

// showSignIn answers GET /sign-in.
func (s *Server) showSignIn(v *visit) error {
	if err := s.loadUser(v); err == nil && v.user.ID != uuid.Nil {
		return v.redirect(local(v.query("next")))
	}
	return v.show(http.StatusOK, "signin.html", signInPage{Frame: v.bareFrame(v.T("signin.title")), Next: local(v.query("next")),
		Ended: v.query("ended") != "", Out: v.query("out") != ""})
}

// signIn answers POST /sign-in. The session gets a new token, so that one planted before is worth nothing.
func (s *Server) signIn(v *visit) error {
	name, next := v.form("name"), local(v.form("next"))
	user, err := s.authenticate(v, name, v.form("password"))
	if fault.Is(err, fault.Denied) {
		s.logFailure(v, http.StatusForbidden, err)
		page := signInPage{Frame: v.bareFrame(v.T("signin.title")), Name: name, Next: next, Error: v.Sentence(err)}
		return v.show(http.StatusUnprocessableEntity, "signin.html", page)
	}
	if err != nil {
		return err
	}
	if err := v.startSession(user); err != nil {
		return err
	}
	return v.redirect(next)
}

// authenticate checks a password under the limits on failed attempts.
func (s *Server) authenticate(v *visit, name, password string) (workflow.User, error) {
	var a attempt
	err := v.inTx(func(tx pgx.Tx) (err error) {
		a, err = begin(v.ctx(), tx, name, v.gin.ClientIP(), v.now)
		return err
	})
	if err != nil {
		return workflow.User{}, err
	}
	user, err := s.config.People.Authenticate(v.ctx(), v.pool(), name, password)
	if err != nil {
		return workflow.User{}, postgres.Unavailable(err)
	}
	return user, v.inTx(func(tx pgx.Tx) error { return a.succeed(v.ctx(), tx) })
}

// signOut answers POST /sign-out.
func (s *Server) signOut(v *visit) error {
	if err := v.endSession(); err != nil {
		return err
	}
	return v.redirect("/sign-in?out=1")
}

// savePreferences answers POST /preferences: the language, which belongs to the person and, for when nobody is signed in, to this
// browser; and the theme, which belongs to this browser.
func (s *Server) savePreferences(v *visit) error {
	if code := v.form("language"); s.locales[code] != nil {
		v.setCookie("language", code)
		if err := s.keepLanguage(v, code); err != nil {
			return err
		}
	}
	switch theme := v.form("theme"); theme {
	case "light", "dark", "system":
		v.setCookie("theme", theme)
	}
	return v.redirect(local(v.form("next")))
}

// keepLanguage keeps the language of whoever is signed in, for all their browsers.
func (s *Server) keepLanguage(v *visit, code string) error {
	if err := s.loadUser(v); err != nil || v.user.ID == uuid.Nil || v.user.Language == code {
		return err
	}
	return v.inTx(func(tx pgx.Tx) error {
		_, err := s.config.People.Amend(v.ctx(), tx, v.actor(), v.user.Name, workflow.Amendment{Language: code})
		return err
	})
}

func (v *visit) setCookie(name, value string) {
	http.SetCookie(v.gin.Writer, &http.Cookie{Name: name, Value: url.QueryEscape(value), Path: "/", MaxAge: 365 * 24 * 3600,
		Secure: v.server.config.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// loadUser finds who is signed in: by bearer token, else by session.
func (s *Server) loadUser(v *visit) error {
	var id uuid.UUID
	var err error
	if secret := bearer(v.gin.GetHeader("Authorization")); secret != "" {
		id, err = tokenUser(v.ctx(), v.pool(), secret, v.now)
	} else {
		id, err = v.sessionUser()
	}
	if err != nil || id == uuid.Nil {
		return postgres.Unavailable(err)
	}
	v.user, err = s.config.People.User(v.ctx(), v.pool(), id)
	if fault.Is(err, fault.NotFound) {
		v.user = workflow.User{}
		return v.endSession()
	}
	if l := s.locales[v.user.Language]; l != nil {
		v.speak(l)
	}
	return err
}
