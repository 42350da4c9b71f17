package capture

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"docket/repository/fault"
	"docket/repository/keyring"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Fetcher fetches the messages of all mailboxes by IMAP. Of several processes that share a database one fetches each mailbox. Its
// fields are set before Run.
type Fetcher struct {
	Intake *Intake
	Ring   *keyring.Ring
	TLS    *tls.Config // nil trusts the machine's certificates
	Log    *slog.Logger
	Every  time.Duration // between two looks at which mailboxes there are; 0 means 15 seconds
	Retry  time.Duration // the first wait after trouble, which doubles up to five minutes; 0 means 10 seconds

	watched map[uuid.UUID]watch
}

// longestRetry is how long a mailbox in trouble is left alone at most.
const longestRetry = 5 * time.Minute

// A watch is a mailbox that is being fetched.
type watch struct {
	version int
	stop    context.CancelFunc
	ended   chan struct{}
}

// Run fetches until ctx ends.
func (f *Fetcher) Run(ctx context.Context) error {
	for {
		err := f.run(ctx)
		if ctx.Err() != nil {
			return nil
		}
		f.Log.Warn("fetching mail broke off; beginning again", "error", err)
		if !sleep(ctx, f.every()) {
			return nil
		}
	}
}

func (f *Fetcher) every() time.Duration {
	if f.Every > 0 {
		return f.Every
	}
	return 15 * time.Second
}

// run holds one connection to the database, whose locks say which mailboxes are ours, for as long as it lives.
func (f *Fetcher) run(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, f.Intake.Pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	f.watched = map[uuid.UUID]watch{}
	defer func() {
		for id := range f.watched {
			f.end(id)
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	for {
		if err := f.adjust(ctx, conn); err != nil {
			return err
		}
		if !sleep(ctx, f.every()) {
			return nil
		}
	}
}

// adjust begins with mailboxes that are new and free, and ends with those that are paused, changed or gone.
func (f *Fetcher) adjust(ctx context.Context, conn *pgx.Conn) error {
	boxes, err := Mailboxes(ctx, conn)
	if err != nil {
		return err
	}
	wanted := map[uuid.UUID]Mailbox{}
	for _, m := range boxes {
		if m.PausedAt.IsZero() {
			wanted[m.ID] = m
		}
	}
	for id, w := range f.watched {
		if m, ok := wanted[id]; ok && m.Version == w.version {
			delete(wanted, id)
			continue
		}
		f.end(id)
		if _, err := conn.Exec(ctx, "select pg_advisory_unlock(hashtextextended($1, 0))", lockOf(id)); err != nil {
			return err
		}
	}
	for id, m := range wanted {
		var ours bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock(hashtextextended($1, 0))", lockOf(id)).Scan(&ours); err != nil {
			return err
		}
		if ours {
			f.begin(ctx, m)
		}
	}
	return nil
}

func lockOf(id uuid.UUID) string { return "capture.mailbox " + id.String() }

func (f *Fetcher) begin(ctx context.Context, m Mailbox) {
	ctx, stop := context.WithCancel(ctx)
	w := watch{version: m.Version, stop: stop, ended: make(chan struct{})}
	f.watched[m.ID] = w
	go func() {
		defer close(w.ended)
		f.watch(ctx, m.ID)
	}()
}

func (f *Fetcher) end(id uuid.UUID) {
	w := f.watched[id]
	w.stop()
	<-w.ended
	delete(f.watched, id)
}

// watch fetches one mailbox until ctx ends. What goes wrong is kept for people to see, and tried again ever less often.
func (f *Fetcher) watch(ctx context.Context, id uuid.UUID) {
	first := f.Retry
	if first <= 0 {
		first = 10 * time.Second
	}
	for wait := first; ; wait = min(2*wait, longestRetry) {
		began := time.Now()
		err := f.stay(ctx, id)
		if ctx.Err() != nil {
			return
		}
		trouble := troubleOf(err)
		f.Log.Warn("a mailbox could not be fetched", "mailbox", id, "error", err)
		if err := f.Intake.noteMailbox(ctx, id, trouble); err != nil {
			f.Log.Warn("note the trouble of a mailbox", "error", err)
		}
		if time.Since(began) > longestRetry {
			wait = first
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

// troubleOf is what a person is told of an error.
func troubleOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return fault.Sentence(err)
	}
	return say.Text("The connection to the mail server broke off. It is tried again.")
}

// stay opens a mailbox and takes in what is there and what comes, for as long as the connection holds.
func (f *Fetcher) stay(ctx context.Context, id uuid.UUID) error {
	m, err := FindMailbox(ctx, f.Intake.Pool, id)
	if err != nil {
		return err
	}
	to, err := channelOf(ctx, f.Intake.Pool, m)
	if err != nil {
		return err
	}
	s, err := f.open(ctx, &m)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer func() {
		if stop() {
			_ = s.Close()
		}
	}()
	for ctx.Err() == nil {
		if err := s.look(ctx, f.Intake, to); err != nil {
			return err
		}
		if err := f.Intake.noteMailbox(ctx, id, ""); err != nil {
			return err
		}
		if err := s.rest(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func channelOf(ctx context.Context, q postgres.Querier, m Mailbox) (taxonomy.Channel, error) {
	all, err := taxonomy.LoadChannels(ctx, q)
	if err != nil {
		return taxonomy.Channel{}, err
	}
	for _, c := range all {
		if c.ID == m.Channel {
			return c, nil
		}
	}
	return taxonomy.Channel{}, fault.New(fault.NotFound, "The mailbox “%s” belongs to no channel.", m.Username)
}

// Try connects to a mailbox as it would be fetched, and changes nothing there. Its errors are faults. A provider that gives out a new refresh
// token changes m, which is then to be saved.
func (f *Fetcher) Try(ctx context.Context, m *Mailbox) (messages int, err error) {
	if err := m.check(); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*imapDial)
	defer cancel()
	s, err := f.open(ctx, m)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	all, err := s.after(s.position())
	return len(all), err
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
