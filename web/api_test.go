package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"docket/web/api"

	"github.com/jackc/pgx/v5"
)

// secret makes a bearer token for a person.
func (h *house) secret(t *testing.T, name string) (secret string) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), h.config.Pool, func(tx pgx.Tx) (err error) {
		secret, err = CreateToken(t.Context(), tx, person(name).ID, "test", time.Time{}, time.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestTheAPIKnowsTokensAndSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ask := func(b *browser, path, token string) answer {
		t.Helper()
		r, err := http.NewRequest("GET", b.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		return b.do(r)
	}
	token, stranger := h.secret(t, "mia"), h.browser(t)
	for _, c := range []struct {
		name, path, token string
		browser           *browser
		want              int
	}{
		{"nobody", "/api/v1/intake", "", stranger, 401},
		{"a wrong token", "/api/v1/intake", "dkt_nonsense", stranger, 401},
		{"a token", "/api/v1/intake", token, stranger, 200},
		{"a session", "/api/v1/intake", "", h.as(t, "mia"), 200},
		{"a session without the role", "/api/v1/intake", "", h.as(t, "ben"), 403},
		{"no such address", "/api/v1/nothing", token, stranger, 404},
		{"the description", "/api/v1/openapi.json", "", stranger, 200},
	} {
		a := ask(c.browser, c.path, c.token)
		if a.status != c.want {
			t.Errorf("%s: %d, want %d: %s", c.name, a.status, c.want, a.body)
		}
		var p api.Problem
		if c.want >= 400 && (a.header.Get("Content-Type") != "application/problem+json" || json.Unmarshal([]byte(a.body), &p) != nil || p.Status != c.want) {
			t.Errorf("%s: no problem: %s", c.name, a.body)
		}
		if strings.Contains(a.body, "<html") {
			t.Errorf("%s: a page", c.name)
		}
	}
}
