package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository/blob"
	"docket/repository/embedded"
	"docket/repository/embedded/gateway"
	"docket/repository/postgres"
)

// An outage is a server whose database and object store belong to somebody else, who can stop them.
type outage struct {
	*victim
	db    *embedded.Postgres
	store *gateway.Gateway
	token string
}

func newOutage(t *testing.T, flags ...string) *outage {
	t.Helper()
	o := &outage{victim: newVictim(t)}
	o.flags = flags
	o.startDatabase()
	o.startStore()
	s3 := o.store.S3()
	o.env = append(o.env, "DOCKET_DATABASE_URL="+o.db.URL(), "DOCKET_S3_ENDPOINT="+endpoint(s3), "DOCKET_S3_BUCKET="+s3.Bucket,
		"DOCKET_S3_ACCESS_KEY="+s3.AccessKey, "DOCKET_S3_SECRET_KEY="+s3.SecretKey, "DOCKET_S3_TLS=false")
	t.Cleanup(func() {
		o.kill()
		o.store.Stop(context.Background())
		o.db.Stop(context.Background())
	})
	o.start()
	within(t, time.Minute, "the start", o.ready)
	cmd := exec.Command(os.Args[0], "token", "create", "--user", "admin")
	cmd.Env = append(os.Environ(), o.env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("token create: %v", err)
	}
	o.token = strings.TrimSpace(string(out))
	return o
}

func endpoint(c blob.S3Config) string {
	_, host, found := strings.Cut(c.Endpoint, "://")
	if !found {
		return c.Endpoint
	}
	return host
}

func (o *outage) startDatabase() {
	o.t.Helper()
	var err error
	if o.db, err = embedded.Start(o.t.Context(), embedded.Config{Folder: filepath.Join(o.data, "elsewhere", "postgres")}); err != nil {
		o.t.Fatal(err)
	}
}

func (o *outage) startStore() {
	o.t.Helper()
	var err error
	if o.store, err = gateway.Start(o.t.Context(), gateway.Config{Folder: filepath.Join(o.data, "elsewhere", "s3")}); err != nil {
		o.t.Fatal(err)
	}
}

// upload hands a text in by the API.
func (o *outage) upload(text string) *http.Response {
	o.t.Helper()
	r, err := http.NewRequest(http.MethodPost, "http://"+o.listen+"/api/v1/intake?source=test&name=note.txt", strings.NewReader(text))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+o.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	answer.Body.Close()
	return answer
}

// wantRefused checks that the door says "not now, come again".
func (o *outage) wantRefused(what string) {
	o.t.Helper()
	a := o.upload("not now")
	if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" {
		o.t.Errorf("%s away: the door answered %s, Retry-After %q", what, a.Status, a.Header.Get("Retry-After"))
	}
}

// While the database or the object store is away, the door refuses, the hot folder waits, and work in hand is tried again.
// Afterwards everything has arrived once.
func TestPartsThatAreAwayForAWhile(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and stops servers")
	}
	t.Parallel()
	o := newOutage(t)
	hot := filepath.Join(o.data, "hotfolder")
	for i := range 4 {
		write(t, filepath.Join(hot, fmt.Sprintf("before%d.txt", i)), i)
	}
	if err := o.db.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.wantRefused("database")
	write(t, filepath.Join(hot, "meanwhile1.txt"), 10)
	o.startDatabase()
	within(t, time.Minute, "ready again after the database came back", o.ready)
	if err := o.store.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.wantRefused("object store")
	write(t, filepath.Join(hot, "meanwhile2.txt"), 11)
	o.startStore()
	within(t, time.Minute, "ready again after the object store came back", o.ready)
	if a := o.upload("now it is"); a.StatusCode != http.StatusCreated {
		t.Errorf("after all came back the door answered %s", a.Status)
	}
	pool, err := postgres.Open(t.Context(), o.db.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	const files, uploads = 6, 1
	within(t, 3*time.Minute, "everything taken and decided", func() bool {
		var taken, open int
		err := pool.QueryRow(t.Context(), `select count(*), count(*) filter (where state in ('stored', 'reading')) from capture.piece`).Scan(&taken, &open)
		return err == nil && taken == files+uploads && open == 0
	})
	exceptions, err := capture.Pieces(t.Context(), pool, capture.Filter{States: []capture.State{capture.Exception, capture.Duplicate}})
	if err != nil || len(exceptions) > 0 {
		t.Errorf("exceptions and duplicates: %+v, %v", exceptions, err)
	}
}

func write(t *testing.T, path string, n int) {
	t.Helper()
	if err := os.WriteFile(path, fmt.Appendf(nil, "Dear Sirs, this is letter %d about a broken kettle. I want my money back.", n), 0o644); err != nil {
		t.Fatal(err)
	}
}
