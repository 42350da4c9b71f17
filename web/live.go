package web

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"docket/repository"
	"docket/workflow"

	"github.com/google/uuid"
)

// liveRoute is the stream's address.
const liveRoute = "/live"

const (
	liveBeat  = 20 * time.Second       // between two signs of life, at which the session is looked at again
	livePause = 400 * time.Millisecond // between two reports, so that a burst of changes is one
	liveSlow  = 10 * time.Second       // a browser that takes no byte for so long is gone
)

// showLive answers GET /live?made=&at= with a stream of events (text/event-stream, WHATWG HTML 9.2): which topics have changed, and what
// waits for the person. A page is told of what has changed since it was made; one that lost the stream connects again and is told
// of every topic. So no event has a number and none is ever missed. A page of the validation desk says at which document it is: as
// long as it is connected, the person sits there.
func (s *Server) showLive(v *visit) error {
	v.gin.Header("Cache-Control", "no-store")
	v.gin.Header("X-Accel-Buffering", "no")
	if v.gin.Request.Method == http.MethodHead {
		v.gin.Status(http.StatusNoContent)
		return nil
	}
	l := live{visit: v, out: http.NewResponseController(v.gin.Writer), beat: time.NewTicker(liveBeat)}
	defer l.beat.Stop()
	w, err := s.hub.watch(v.user.ID, madeAt(v.query("made")))
	if err != nil {
		return err
	}
	defer s.hub.leave(w)
	s.metrics.streams.Inc()
	defer s.metrics.streams.Dec()
	v.gin.Header("Content-Type", "text/event-stream; charset=utf-8")
	v.gin.Status(http.StatusOK)
	if l.at = l.desk(); l.at != uuid.Nil {
		l.stay()
		defer time.AfterFunc(awayAfter+time.Second, func() { s.hub.tell(deskTopic) }) // the seat is free, unless somebody came back
	}
	l.report(w)
	return nil
}

// madeAt is when a page was made, as its frame says; zero when it does not.
func madeAt(milliseconds string) time.Time {
	n, err := strconv.ParseInt(milliseconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n)
}

// live is one stream.
type live struct {
	*visit
	out  *http.ResponseController
	beat *time.Ticker
	last map[string]string     // counts that were sent
	at   repository.DocumentID // on the person's desk, Nil for none
}

// report tells of what changes until the stream is over.
func (l *live) report(w *watcher) {
	if l.send("hello", "{}") != nil || l.counts() != nil {
		return
	}
	for l.wait(w) {
		changed := l.server.hub.take(w)
		for _, t := range changed {
			if l.send(string(t), "{}") != nil {
				return
			}
		}
		if len(changed) > 0 && l.counts() != nil || !l.pause(w) {
			return
		}
	}
}

// desk is the document at which the page says that the person is, Nil for none that they may decide.
func (l *live) desk() repository.DocumentID {
	id, err := uuid.Parse(l.query("at"))
	if err != nil || !l.user.Has(workflow.Mailroom) || l.server.readable(l.visit, id) != nil {
		return uuid.Nil
	}
	return id
}

// stay keeps the person's seat.
func (l *live) stay() {
	if l.at != uuid.Nil {
		l.server.sit(l.visit, l.at)
	}
}

// wait sends signs of life until something has changed. It is false when the stream is over.
func (l *live) wait(w *watcher) bool {
	for {
		select {
		case <-l.ctx().Done():
			return false
		case _, open := <-w.wake:
			return open
		case <-l.beat.C:
			if !l.stillIn() {
				_ = l.send("bye", "{}")
				return false
			}
			l.stay()
			if l.write(": alive\n\n") != nil {
				return false
			}
		}
	}
}

// pause lets changes gather.
func (l *live) pause(w *watcher) bool {
	select {
	case <-l.ctx().Done():
		return false
	case <-time.After(livePause):
		return true
	}
}

// stillIn says whether the session that opened the stream lives and is the same person's. A lost database ends no stream.
func (l *live) stillIn() bool {
	cookie, err := l.gin.Request.Cookie(l.server.sessions.Cookie.Name)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second) // the request's own holds the session as it was
	defer cancel()
	ctx, err = l.server.sessions.Load(ctx, cookie.Value)
	if err != nil {
		return true
	}
	id, err := uuid.Parse(l.server.sessions.GetString(ctx, userKey))
	return err == nil && id == l.user.ID
}

// counts sends what waits, by the address of the navigation's item, when it is not as it was. Counting that fails is said in the
// log, and the stream goes on.
func (l *live) counts() error {
	w, err := l.server.waiting(l.ctx(), l.user)
	if l.ctx().Err() != nil { // the page was left
		return l.ctx().Err()
	}
	if err != nil {
		l.server.config.Log.Error("count what waits", "request", l.request, "err", err)
		return nil
	}
	counts := map[string]string{}
	for _, group := range l.navigation(w) {
		for _, item := range group.Items {
			if item.Count > 0 {
				counts[item.Path] = l.Number(item.Count)
			}
		}
	}
	if l.last != nil && maps.Equal(counts, l.last) {
		return nil
	}
	l.last = counts
	raw, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	return l.send("counts", string(raw))
}

func (l *live) send(event, data string) error {
	return l.write(fmt.Sprintf("event: %s\ndata: %s\n\n", event, data))
}

func (l *live) write(s string) error {
	if err := l.out.SetWriteDeadline(time.Now().Add(liveSlow)); err != nil {
		return err
	}
	if _, err := l.gin.Writer.WriteString(s); err != nil {
		return err
	}
	return l.out.Flush()
}
