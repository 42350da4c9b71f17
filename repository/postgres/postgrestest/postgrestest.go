// Package postgrestest gives each test a PostgreSQL database of its own, migrated and empty.
//
//	func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }
//
//	func TestStore(t *testing.T) {
//		t.Parallel()
//		pool := postgrestest.New(t, repository.Migrations)
//
// The first use in a process starts a private cluster in a temporary folder, without fsync. Migrations run once, into a
// template database that is named by their digest; every test gets a clone of it, which takes some ten milliseconds, and which
// is dropped when the test ends. With DOCKET_TEST_DATABASE_URL the server at that address is used instead (its account
// must be allowed to create databases), and templates are kept there for the next run.
//
// However the process ends, a panic or a kill included, the kernel tells the cluster to shut down, and a small helper process
// removes its folder.
package postgrestest

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"docket/repository/embedded"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Run runs a package's tests, then stops the cluster and removes it. It returns the exit status for os.Exit.
func Run(m *testing.M) int {
	defer shared.stop()
	return m.Run()
}

// New gives t a fresh database with the migrations of folders and the job queue's tables applied. It is dropped when t ends.
// Tests that ask for it are skipped in -short mode. A machine without PostgreSQL fails them: it does not hide them.
func New(t testing.TB, folders ...fs.FS) *pgxpool.Pool {
	t.Helper()
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	s, err := shared.start()
	if err != nil {
		t.Fatal(err)
	}
	template, err := s.template(t.Context(), folders)
	if err != nil {
		t.Fatalf("template database: %v", err)
	}
	return s.clone(t, template)
}

// Empty gives t a fresh database without any migration, and its URL, for tests of migrating itself.
func Empty(t testing.TB) (*pgxpool.Pool, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	s, err := shared.start()
	if err != nil {
		t.Fatal(err)
	}
	pool := s.clone(t, "template0")
	return pool, pool.Config().ConnString()
}

// A server is where the databases of this process's tests are.
type server struct {
	once    sync.Once
	err     error
	url     string
	cluster *embedded.Postgres // nil when the server is somebody else's
	remove  func()             // removes the cluster's folder

	building  sync.Mutex
	templates map[string]bool // names of templates known to be whole
}

// shared is the one server of a test process. A test process is the one place where a global is the plain truth.
var shared = &server{templates: map[string]bool{}}

func (s *server) start() (*server, error) {
	s.once.Do(func() {
		if s.url = os.Getenv("DOCKET_TEST_DATABASE_URL"); s.url == "" {
			s.err = s.startCluster()
		}
	})
	return s, s.err
}

func (s *server) startCluster() error {
	folder, err := os.MkdirTemp("", "docket-test-")
	if err != nil {
		return err
	}
	if s.remove, err = removeAtEnd(folder); err != nil {
		return err
	}
	s.cluster, err = embedded.Start(context.Background(), embedded.Config{Folder: folder + "/postgres", Disposable: true, Logger: quiet})
	if err != nil {
		return err
	}
	s.url = s.cluster.URL()
	return nil
}

func (s *server) stop() {
	if s.cluster != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.cluster.Stop(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "postgrestest:", err)
		}
	}
	if s.remove != nil {
		s.remove()
	}
}

// clone makes a database from template for t and a pool on it.
func (s *server) clone(t testing.TB, template string) *pgxpool.Pool {
	t.Helper()
	name := "test_" + uuid.NewString()
	err := s.exec(t.Context(), fmt.Sprintf("create database %s template %s", quote(name), quote(template)))
	if err != nil {
		t.Fatalf("clone of %s: %v", template, err)
	}
	t.Cleanup(func() {
		if err := s.exec(context.Background(), "drop database "+quote(name)+" with (force)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	url, err := withDatabase(s.url, name)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := openPool(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// openPool opens a small pool: many tests run side by side on one server.
func openPool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	c.MaxConns = 10
	return pgxpool.NewWithConfig(context.WithoutCancel(ctx), c)
}

// exec runs one statement outside the tests' databases.
func (s *server) exec(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, sql)
	return err
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// withDatabase is address with another database's name.
func withDatabase(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("DOCKET_TEST_DATABASE_URL must be a URL: postgres://user@host/database")
	}
	u.Path = "/" + name
	return u.String(), nil
}
