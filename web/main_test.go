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
	"testing"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// fakePeople are people in memory whose password is their name backwards and back: "pw-" and the name.
type fakePeople map[uuid.UUID]User

func (p fakePeople) SignIn(_ context.Context, _ pgx.Tx, name, password string) (User, error) {
	for _, u := range p {
		if u.Name == name && password == "pw-"+name {
			return u, nil
		}
	}
	return User{}, fault.New(fault.Denied, "The user name or the password is not right.")
}

func (p fakePeople) User(_ context.Context, _ postgres.Querier, id uuid.UUID) (User, error) {
	u, ok := p[id]
	if !ok {
		return User{}, fault.New(fault.NotFound, "There is no such user.")
	}
	return u, nil
}

func person(name string, roles ...Role) User {
	return User{ID: uuid.NewSHA1(uuid.Nil, []byte(name)), Name: name, Title: strings.ToUpper(name[:1]) + name[1:], Roles: roles}
}

// A house is a server with its database, and people in it.
type house struct {
	*Server
	url       string
	exception capture.Piece // one that could not be read
	waits     capture.Piece // one that waits for a person
	filed     capture.Piece
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return newHouseWith(t, func(*Config) {})
}

// newHouseWith is newHouse with a change to its config before the services are made.
func newHouseWith(t *testing.T, change func(*Config)) *house {
	t.Helper()
	people := fakePeople{}
	for _, u := range []User{person("ada", Administrator), person("mia", Mailroom), person("ben", Agent), person("rosa", RecordsManager)} {
		people[u.ID] = u
	}
	c := Config{Pool: postgrestest.New(t, repository.Migrations, taxonomy.Migrations, capture.Migrations, Migrations), People: people, Log: slog.New(slog.DiscardHandler)}
	change(&c)
	services(t, &c)
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	return &house{Server: s, url: server.URL}
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
	b := h.browser(t)
	if r := b.post("/sign-in", "name", name, "password", "pw-"+name); r.status != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d %s", name, r.status, r.body)
	}
	return b
}

type answer struct {
	status int
	header http.Header
	body   string
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
