package web

import (
	"encoding/json"
	"net/http"

	"docket/workflow"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"
	"golang.org/x/text/language"
)

// A Flash is something said once, on the next page.
type Flash struct {
	Kind string // "success" or "danger"
	Text string
}

// The keys of a session.
const (
	userKey  = "user"
	flashKey = "flash"
)

// loadSession reads the browser's session into the request's context. A lost database is no reason to forget a session.
func (s *Server) loadSession(v *visit) error {
	token := ""
	if cookie, err := v.gin.Request.Cookie(s.sessions.Cookie.Name); err == nil {
		token = cookie.Value
	}
	ctx, err := s.sessions.Load(v.ctx(), token)
	if err != nil {
		return err
	}
	v.gin.Request = v.gin.Request.WithContext(ctx)
	return nil
}

// sessionUser is the user of the browser's session, uuid.Nil when there is none.
func (v *visit) sessionUser() (uuid.UUID, error) {
	if err := v.server.loadSession(v); err != nil {
		return uuid.Nil, err
	}
	v.session = true
	id, err := uuid.Parse(v.server.sessions.GetString(v.ctx(), userKey))
	if err != nil {
		return uuid.Nil, nil
	}
	return id, nil
}

func (v *visit) startSession(u workflow.User) error {
	if err := v.server.loadSession(v); err != nil {
		return err
	}
	v.session = true
	if err := v.server.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	v.server.sessions.Put(v.ctx(), userKey, u.ID.String())
	return nil
}

func (v *visit) endSession() error {
	if !v.session {
		if err := v.server.loadSession(v); err != nil {
			return err
		}
		v.session = true
	}
	return v.server.sessions.Destroy(v.ctx())
}

// saveSession stores the session when it has changed and tells the browser its token. It is called before an answer starts.
func (v *visit) saveSession() error {
	if !v.session {
		return nil
	}
	m := v.server.sessions
	switch m.Status(v.ctx()) {
	case scs.Modified:
		token, expiry, err := m.Commit(v.ctx())
		if err != nil {
			return err
		}
		m.WriteSessionCookie(v.ctx(), v.gin.Writer, token, expiry)
	case scs.Destroyed:
		http.SetCookie(v.gin.Writer, &http.Cookie{Name: m.Cookie.Name, Path: "/", MaxAge: -1, Secure: m.Cookie.Secure, HttpOnly: true, SameSite: m.Cookie.SameSite})
	}
	return nil
}

// flash says something on the next page.
func (v *visit) flash(kind, text string) {
	if !v.session {
		return
	}
	var all []Flash
	if raw := v.server.sessions.GetString(v.ctx(), flashKey); raw != "" {
		_ = json.Unmarshal([]byte(raw), &all) // written by the line below
	}
	raw, err := json.Marshal(append(all, Flash{kind, text}))
	if err == nil {
		v.server.sessions.Put(v.ctx(), flashKey, string(raw))
	}
}

func (v *visit) takeFlashes() []Flash {
	if !v.session || !v.server.sessions.Exists(v.ctx(), flashKey) {
		return nil
	}
	var all []Flash
	_ = json.Unmarshal([]byte(v.server.sessions.PopString(v.ctx(), flashKey)), &all)
	return all
}

// locale is the language that was chosen in a browser or, failing that, that it prefers. A person's own choice goes before it, see
// loadUser.
func (s *Server) locale(r *http.Request) *Locale {
	if cookie, err := r.Cookie("language"); err == nil && s.locales[cookie.Value] != nil {
		return s.locales[cookie.Value]
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return s.locales["en"]
	}
	for _, tag := range wanted {
		base, _ := tag.Base()
		if l := s.locales[base.String()]; l != nil {
			return l
		}
	}
	return s.locales["en"]
}
