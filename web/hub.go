package web

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"docket/repository/fault"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// channel is where PostgreSQL tells every process of what was committed. A notification says only which topic changed.
//
// The journal's subscribers would not do: they run before the commit, and only in the process that writes, while pieces are also
// read by others. Notifications come after the commit, in its order, from whichever process; the job queue sends one with
// nearly every commit anyway, so they cost nothing new.
const channel = "docket"

// A topic is a kind of thing that pages show and that changes under them. Pages fetch their parts again; topics carry no content,
// so nobody learns from them what they may not see.
type topic string

// The topics.
const (
	piecesTopic  topic = "pieces"
	ticketsTopic topic = "tickets"
	scansTopic   topic = "scans"
	deskTopic    topic = "desk" // who is at which document; only of this process
)

var topics = []topic{piecesTopic, ticketsTopic, scansTopic, deskTopic}

// Bounds of how many pages are told of changes at once. A page that is hidden is not connected.
const (
	mostStreams     = 2000
	mostUserStreams = 12
)

// A hub tells the pages that are open of what has changed. It is safe for concurrent use.
type hub struct {
	mu       sync.Mutex
	closed   bool
	watchers map[*watcher]bool
	of       map[uuid.UUID]int // how many a user has
	told     map[topic]time.Time
	began    time.Time
}

// A watcher is one open page. Its topics are guarded by the hub.
type watcher struct {
	user    uuid.UUID
	wake    chan struct{} // has a token when there are changed topics, closed when the hub closes
	changed map[topic]bool
}

func newHub() *hub {
	return &hub{watchers: map[*watcher]bool{}, of: map[uuid.UUID]int{}, told: map[topic]time.Time{}, began: time.Now()}
}

// skew is by how much the clocks of two servers may differ.
const skew = 2 * time.Second

// watch adds a page of a user, which is told at once of what has changed since it was made; zero for all topics. Leave must follow.
func (h *hub) watch(user uuid.UUID, made time.Time) (*watcher, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.watchers) >= mostStreams || h.of[user] >= mostUserStreams {
		return nil, fault.New(fault.Unavailable, "Too many pages are open at once. This one looks for changes now and then instead.")
	}
	w := &watcher{user: user, wake: make(chan struct{}, 1), changed: map[topic]bool{}}
	h.watchers[w] = true
	h.of[user]++
	for _, t := range topics {
		if since := made.Add(-skew); since.Before(h.began) || h.told[t].After(since) {
			w.mark(t)
		}
	}
	return w, nil
}

func (h *hub) leave(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.watchers[w] {
		return
	}
	delete(h.watchers, w)
	if h.of[w.user]--; h.of[w.user] == 0 {
		delete(h.of, w.user)
	}
}

// tell lets all pages know that topics have changed. It never waits for a page.
func (h *hub) tell(changed ...topic) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range changed {
		h.told[t] = time.Now()
		for w := range h.watchers {
			w.mark(t)
		}
	}
}

// mark notes that a topic has changed, and wakes the stream.
func (w *watcher) mark(t topic) {
	w.changed[t] = true
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// take gives the topics that have changed since the last time, in the order of topics.
func (h *hub) take(w *watcher) []topic {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []topic
	for _, t := range topics {
		if w.changed[t] {
			all = append(all, t)
		}
	}
	clear(w.changed)
	return all
}

// close ends all streams, and lets none begin.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for w := range h.watchers {
		close(w.wake)
	}
	clear(h.watchers)
	clear(h.of)
}

// Run listens to the database for what changes and tells the pages that are open, until ctx ends. Then it ends their streams,
// so that the HTTP server can shut down at once. Without it pages show changes only when they are opened again.
func (s *Server) Run(ctx context.Context) error {
	defer s.hub.close()
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		began := time.Now()
		err := s.listen(ctx)
		if ctx.Err() != nil {
			return nil
		}
		s.config.Log.Warn("listening to the database broke off; trying again", "err", err, "wait", wait)
		if time.Since(began) > time.Minute {
			wait = time.Second
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// listen tells of notifications until its connection breaks. The connection is not one of the pool's: it is always in use.
func (s *Server) listen(ctx context.Context) (err error) {
	conn, err := pgx.ConnectConfig(ctx, s.config.Pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		err = errors.Join(err, conn.Close(ctx))
	}()
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	s.hub.tell(topics...) // whatever changed while nobody listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		s.hub.tell(topic(n.Payload))
	}
}
