package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"docket/repository/fault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Config says where the cluster lies and how it runs. Only Folder is needed.
type Config struct {
	Folder     string        // the cluster's own folder, made when it is not there; its parent is made too
	Binaries   string        // the folder of PostgreSQL's programs; empty finds the newest installed
	Disposable bool          // for tests: fast, and worth nothing after a crash of the machine
	Patience   time.Duration // how long Start waits for the server to answer; 0 means a minute (it may be recovering)
	Logger     *slog.Logger  // nil means slog.Default
}

func (c Config) withDefaults() (Config, error) {
	if c.Folder == "" {
		return c, errors.New("embedded: no folder for the database")
	}
	folder, err := filepath.Abs(c.Folder)
	if err != nil {
		return c, err
	}
	c.Folder = folder
	if c.Patience == 0 {
		c.Patience = time.Minute
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}

// A Postgres is a running cluster. It is safe for concurrent use.
type Postgres struct {
	config Config
	url    string
	lock   *os.File
	server *postmaster
}

// Start runs the cluster in its folder, making it first when there is none, and returns when it answers and the database
// exists. A cluster that another process runs is an error with the cause ErrRunning.
func Start(ctx context.Context, c Config) (*Postgres, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	acct, err := accountFor(c.Folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(c.Folder), 0o700); err != nil {
		return nil, err
	}
	held, err := Lock(ctx, c.Folder, "database")
	if err != nil {
		return nil, err
	}
	p := &Postgres{config: c, lock: held}
	if err := p.start(ctx, acct); err != nil {
		held.Close()
		return nil, fmt.Errorf("embedded database: %w", err)
	}
	return p, nil
}

func (p *Postgres) start(ctx context.Context, acct account) error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, p.config.Patience)
	defer cancel()
	bin, err := prepare(ctx, p.config, acct)
	if err != nil {
		return err
	}
	if p.url, err = Address(p.config.Folder); err != nil {
		return err
	}
	if err := endOld(ctx, p.config.Folder, p.config.Logger); err != nil {
		return err
	}
	if err := p.launch(ctx, bin, acct); err != nil {
		return err
	}
	if err := p.createDatabase(ctx); err != nil {
		return errors.Join(err, p.server.stop(context.WithoutCancel(ctx)))
	}
	p.config.Logger.Info("embedded database is up", "version", bin.major, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

// attempts is how often a postmaster is launched that ends by itself: after a kill, processes of the old one may live for a
// moment and keep its shared memory.
const attempts = 8

func (p *Postgres) launch(ctx context.Context, bin binaries, acct account) error {
	for attempt := 1; ; attempt++ {
		server, err := launch(p.config, bin, acct)
		if err != nil {
			return err
		}
		p.server = server
		if err = p.ready(ctx); err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return errors.Join(err, server.stop(context.WithoutCancel(ctx)))
		}
		if attempt == attempts {
			return err
		}
		if err := pause(ctx, 250*time.Millisecond); err != nil {
			return err
		}
	}
}

// ready waits until the server answers. It returns early when the server ends.
func (p *Postgres) ready(ctx context.Context) error {
	for {
		err := p.ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.server.done:
			return fault.Wrap(p.server.err, fault.Unavailable, "The embedded database ended while starting. Its own words are in %s: %s",
				p.server.log, lastLine(p.server.log))
		case <-ctx.Done():
			return fault.Wrap(err, fault.Unavailable, "The embedded database does not answer. Its own words are in %s.", p.server.log)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// ping succeeds when the server accepts connections, be it to tell that the database does not exist yet.
func (p *Postgres) ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.url)
	if noDatabase(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func noDatabase(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "3D000"
}

func (p *Postgres) createDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.url)
	if err == nil {
		return conn.Close(ctx)
	}
	if !noDatabase(err) {
		return err
	}
	url, err := addressOf(p.config.Folder, "postgres")
	if err != nil {
		return err
	}
	if conn, err = pgx.Connect(ctx, url); err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "create database "+database)
	return err
}

// URL is where to connect to the database: by the cluster's Unix socket, with all rights.
func (p *Postgres) URL() string { return p.url }

// Done is closed when the server has ended, be it by Stop or by itself.
func (p *Postgres) Done() <-chan struct{} { return p.server.done }

// Stop ends all connections and shuts the cluster down cleanly. When ctx ends first the cluster is stopped at once and will
// recover at its next start; nothing committed is lost either way.
func (p *Postgres) Stop(ctx context.Context) error {
	defer p.lock.Close()
	return p.server.stop(ctx)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// signals by which a postmaster is told how to shut down, in PostgreSQL's words.
const (
	fastShutdown      = syscall.SIGINT  // roll back, write a checkpoint, end
	immediateShutdown = syscall.SIGQUIT // end; recover at the next start
)
