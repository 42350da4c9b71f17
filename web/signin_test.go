package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	if r := b.get("/?a=1"); r.status != http.StatusSeeOther || r.header.Get("Location") != "/sign-in?next=%2F%3Fa%3D1" {
		t.Fatalf("a stranger got %d to %q, want the sign-in page with the way back", r.status, r.header.Get("Location"))
	}
	if r := b.post("/sign-in", "name", "mia", "password", "wrong"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "not right") {
		t.Fatalf("wrong password: %d %s", r.status, r.body)
	}
	r := b.post("/sign-in", "name", "mia", "password", "correct horse", "next", "/?a=1")
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/?a=1" {
		t.Fatalf("right password: %d to %q", r.status, r.header.Get("Location"))
	}
	cookie := r.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("session cookie %q lacks %s", cookie, want)
		}
	}
	if r := b.get("/"); r.status != http.StatusOK || !strings.Contains(r.body, "Mia") {
		t.Fatalf("home: %d", r.status)
	}
	if r := b.post("/sign-out"); !strings.Contains(b.get(r.header.Get("Location")).body, "You are signed out.") {
		t.Error("who has signed out is not told so")
	}
	if r := b.get("/"); r.status != http.StatusSeeOther {
		t.Errorf("after signing out home answers %d", r.status)
	}
}

// TestASessionThatEndedSaysSo: who comes back after the session's end is told why they are asked to sign in, and led back.
func TestASessionThatEndedSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "mia")
	h.exec(t, "update web.session set expires_at = now() - interval '1 minute'")
	r := b.get("/mailroom")
	if r.header.Get("Location") != "/sign-in?ended=1&next=%2Fmailroom" {
		t.Errorf("led to %q", r.header.Get("Location"))
	}
	if page := b.get(r.header.Get("Location")).body; !strings.Contains(page, "Your session has ended.") || !strings.Contains(page, `name="next" value="/mailroom"`) {
		t.Error("the page does not say that the session has ended, or forgets the way back")
	}
}

func TestSignInGivesANewToken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "mia")
	before := b.Jar.Cookies(mustURL(t, h.url))[0].Value
	b.post("/sign-in", "name", "ben", "password", "correct horse")
	after := b.Jar.Cookies(mustURL(t, h.url))[0].Value
	if before == after {
		t.Error("the session kept its token over a sign-in")
	}
	var stored string
	if err := h.config.Pool.QueryRow(t.Context(), "select token from web.session").Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if stored == after {
		t.Error("the token lies in the database as it is")
	}
}

func TestGuessingIsStopped(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser(t)
	for range 5 {
		b.post("/sign-in", "name", "mia", "password", "guess")
	}
	r := b.post("/sign-in", "name", "Mia ", "password", "correct horse")
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "Too many failed") {
		t.Errorf("the sixth try: %d, want it refused", r.status)
	}
	if r := b.post("/sign-in", "name", "ben", "password", "correct horse"); r.status != http.StatusSeeOther {
		t.Errorf("a colleague at the same address was refused: %d", r.status)
	}
}

func TestSuccessForgetsFailures(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 3 {
		b := h.browser(t)
		for range 4 {
			b.post("/sign-in", "name", "mia", "password", "guess")
		}
		if r := b.post("/sign-in", "name", "mia", "password", "correct horse"); r.status != http.StatusSeeOther {
			t.Fatalf("four mistakes and then the right password: %d", r.status)
		}
	}
}

func TestForeignFormIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "mia")
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
		r := b.postRequest("/sign-out")
		r.Header.Set(name, value)
		if got := b.do(r); got.status != http.StatusForbidden {
			t.Errorf("a form with %s: %s got %d", name, value, got.status)
		}
	}
	if r := b.get("/"); r.status != http.StatusOK {
		t.Error("the foreign form signed the person out")
	}
}

func TestLocal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/tickets?q=1": "/tickets?q=1", "": "/", "https://x.example/": "/", "//x.example": "/", `/\x.example`: "/", "/\t/x": "/", "x": "/",
	} {
		if got := local(in); got != want {
			t.Errorf("local(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	now := time.Now()
	var secret, old string
	err := postgres.InTx(t.Context(), h.config.Pool, func(tx pgx.Tx) (err error) {
		if secret, err = CreateToken(t.Context(), tx, person("ben").ID, "scanner", time.Time{}, now); err != nil {
			return err
		}
		old, err = CreateToken(t.Context(), tx, person("ben").ID, "old", now.Add(-time.Second), now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if id, err := tokenUser(t.Context(), h.config.Pool, secret, now); err != nil || id != person("ben").ID {
		t.Errorf("the token gives %v, %v", id, err)
	}
	for name, s := range map[string]string{"expired": old, "unknown": secret + "x", "without prefix": strings.TrimPrefix(secret, tokenPrefix), "empty": ""} {
		if id, err := tokenUser(t.Context(), h.config.Pool, s, now); err == nil || id != uuid.Nil {
			t.Errorf("%s token: %v, %v", name, id, err)
		}
	}
}
