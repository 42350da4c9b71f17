package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"docket/web"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// Users are managed on the command line beside a running server, and one who is deactivated is out at once.
func TestUsersOnTheCommandLine(t *testing.T) {
	whole(t)
	a := startApp(t, t.TempDir())
	a.inTx(t, func(tx pgx.Tx) error {
		_, err := a.people.Add(t.Context(), tx, console, workflow.User{Name: "admin", Roles: []workflow.Role{workflow.Administrator}}, "correct horse")
		return err
	})
	say := func(in string, words ...string) (string, error) {
		var out bytes.Buffer
		err := runUser(t.Context(), stdio{strings.NewReader(in), &out, t.Output()}, append(words, "--data", a.config.Data))
		return out.String(), err
	}
	must := func(in, want string, words ...string) {
		t.Helper()
		if out, err := say(in, words...); err != nil || !strings.Contains(out, want) {
			t.Errorf("user %v: %q, %v", words, out, err)
		}
	}
	site, err := web.New(a.site())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(secret string) int {
		r := httptest.NewRequest("GET", "/api/v1/classes", nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		w := httptest.NewRecorder()
		site.Handler().ServeHTTP(w, r)
		return w.Code
	}
	must("correct horse\n", "added eva", "add", "eva", "--role", "agent")
	secret := a.token(t, "eva")
	if got := ask(secret); got != http.StatusOK {
		t.Fatalf("a token of an active user: %d", got)
	}
	must("", "[mailroom agent], active", "role", "eva", "--role", "mailroom,agent")
	must("another horse\n", "changed eva", "password", "eva")
	if _, err := a.people.Authenticate(t.Context(), a.pool, "eva", "another horse"); err != nil {
		t.Errorf("the new password: %v", err)
	}
	must("", "inactive", "deactivate", "eva")
	if got := ask(secret); got == http.StatusOK {
		t.Error("a deactivated user's token still counts")
	}
	must("", ", active", "activate", "eva")
	if got := ask(secret); got == http.StatusOK {
		t.Error("a token of before counts again")
	}
	if out, err := say("", "deactivate", "admin"); err == nil {
		t.Errorf("the last administrator is gone: %s", out)
	}
	if _, err := say("", "role", "eva"); err == nil {
		t.Error("no role was given, and that was right")
	}
}

func (a *app) token(t *testing.T, name string) (secret string) {
	t.Helper()
	u, err := a.people.UserByName(t.Context(), a.pool, name)
	if err != nil {
		t.Fatal(err)
	}
	a.inTx(t, func(tx pgx.Tx) (err error) {
		secret, err = web.CreateToken(t.Context(), tx, u.ID, "test", time.Time{}, time.Now())
		return err
	})
	return secret
}
