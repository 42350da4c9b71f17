package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"docket/capture"
	"docket/repository"
	"docket/repository/postgres/postgrestest"
	"docket/search"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestMain(m *testing.M) {
	status := postgrestest.Run(m)
	theChrome.Close()
	os.Exit(status)
}

// hash is that of every password in these tests, "correct horse". Hashing is slow by design, so it is done once.
var hash = sync.OnceValues(func() (string, error) {
	return argon2id.CreateHash("correct horse", &argon2id.Params{Memory: 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
})

func person(name string, roles ...workflow.Role) workflow.User {
	return workflow.User{ID: uuid.NewSHA1(uuid.Nil, []byte(name)), Name: name, Title: strings.ToUpper(name[:1]) + name[1:], Roles: roles}
}

// A house is a server with its database, and people in it.
type house struct {
	*Server
	url       string
	exception capture.Piece // one that could not be read
	waits     capture.Piece // one that waits for a person
	filed     capture.Piece
	held      capture.Piece // one that ada has checked out
	message   capture.Piece // one that came by mail
	box       boxRow
	ticket    string // number of one
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return newHouseWith(t, func(*Config) {})
}

// newHouseWith is newHouse with a change to its config before the services are made.
func newHouseWith(t *testing.T, change func(*Config)) *house {
	t.Helper()
	c := Config{Pool: postgrestest.New(t, repository.Migrations, taxonomy.Migrations, search.Migrations, capture.Migrations, workflow.Migrations, Migrations), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))}
	change(&c)
	services(t, &c)
	addPeople(t, c.Pool)
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return &house{Server: s, url: server.URL}
}

// addPeople adds one person for each sort of day.
func addPeople(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	h, err := hash()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []workflow.User{person("ada", workflow.Administrator), person("mia", workflow.Mailroom),
		person("ben", workflow.Agent), person("rosa", workflow.RecordsManager)} {
		_, err := pool.Exec(t.Context(), "insert into workflow.person (id, name, title, hash, roles, teams) values ($1, $2, $3, $4, $5, '{complaints}')",
			u.ID, u.Name, u.Title, h, u.Roles)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A browser keeps cookies and does not follow redirects.
type browser struct {
	t    *testing.T
	base string
	http.Client
}

func (h *house) browser(t *testing.T) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{t, h.url, http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as is a browser in which a person has signed in.
func (h *house) as(t *testing.T, name string) *browser {
	t.Helper()
	ctx, err := h.sessions.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	h.sessions.Put(ctx, userKey, person(name).ID.String())
	token, _, err := h.sessions.Commit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b := h.browser(t)
	b.Jar.SetCookies(mustURL(t, h.url), []*http.Cookie{{Name: h.sessions.Cookie.Name, Value: token}})
	return b
}

type answer struct {
	status int
	header http.Header
	body   string
}

// wantAll fails the test for each of some words that a text lacks.
func wantAll(t *testing.T, where, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q", where, w)
		}
	}
}

func (b *browser) do(r *http.Request) answer {
	b.t.Helper()
	res, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	r, err := http.NewRequest("GET", b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	r := b.postRequest(path, pairs...)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

func (b *browser) postRequest(path string, pairs ...string) *http.Request {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequest("POST", b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}
