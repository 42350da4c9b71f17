package web

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"docket/capture"
)

// events reads a stream's events, each as its name and data.
func (b *browser) events(ctx context.Context) <-chan [2]string {
	b.t.Helper()
	return b.eventsAt(ctx, "")
}

// eventsAt is events of a page of the validation desk that shows a document.
func (b *browser) eventsAt(ctx context.Context, document string) <-chan [2]string {
	b.t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", b.base+liveRoute+"?at="+document, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		b.t.Fatalf("the stream answers %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	heard := make(chan [2]string, 100)
	go func() {
		defer close(heard)
		defer res.Body.Close()
		var e [2]string
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				e[0] = name
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				e[1] = data
				heard <- e
			}
		}
	}()
	return heard
}

// hears waits for an event whose name and data begin so.
func hears(t *testing.T, heard <-chan [2]string, name, data string) {
	t.Helper()
	for timeout := time.After(20 * time.Second); ; {
		select {
		case e, open := <-heard:
			if !open {
				t.Fatalf("the stream ended before %s %s", name, data)
			}
			if e[0] == name && strings.Contains(e[1], data) {
				return
			}
		case <-timeout:
			t.Fatalf("waited in vain for %s %s", name, data)
		}
	}
}

func TestPagesAreToldOfWhatWasCommitted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	heard := h.as(t, "mia").events(ctx)
	hears(t, heard, "hello", "")
	hears(t, heard, "counts", "{}")
	p := h.receive(t, "a.txt", "scanner", "first")
	hears(t, heard, "pieces", "")
	h.set(t, p, capture.Exception, "It is broken.")
	hears(t, heard, "counts", `{"/mailroom":"1"}`)

	h.read(t, p, letters[0], 0.4)
	h.set(t, p, capture.Waiting, "unsure")
	h.as(t, "ada").get("/mailroom/validation/" + p.Document.String())
	hears(t, heard, "desk", "") // somebody sits down at the validation desk

	agent := h.as(t, "ben").events(ctx)
	hears(t, agent, "counts", "{}") // what waits in the mailroom is none of his
}

func TestStreamsAreBoundedAndEndWithTheServer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mia := h.as(t, "mia")
	var last <-chan [2]string
	for range mostUserStreams {
		last = mia.events(t.Context())
		hears(t, last, "hello", "")
	}
	if r := mia.get(liveRoute); r.status != http.StatusServiceUnavailable {
		t.Errorf("one stream too many: %d", r.status)
	}
	h.hub.close()
	for range last {
	}
	if r := mia.get(liveRoute); r.status != http.StatusServiceUnavailable {
		t.Errorf("a stream of a server that stops: %d", r.status)
	}
	if r := h.browser(t).get(liveRoute); r.status != http.StatusSeeOther {
		t.Errorf("a stream for nobody: %d", r.status)
	}
}

// TestTheBoardFollows shows pieces as they come, and says so while it cannot.
func TestTheBoardFollows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var away atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away.Load() {
			panic(http.ErrAbortHandler)
		}
		h.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b := newTab(t, server.URL)
	b.signIn("mia")
	b.open("/mailroom")
	p := h.receive(t, "first.txt", "scanner", "first")
	b.until(`document.querySelector("#pieces") && document.querySelector("#pieces").textContent.includes("first.txt")`)
	h.set(t, p, capture.Exception, "It is broken.")
	b.until(`document.querySelector(".side-link[href='/mailroom'] .count")?.textContent.trim().endsWith("1")`)
	b.quiet("board")

	// Where much is to do, short timers are late. A change that is told of then is shown like any other.
	evaluate[bool](b, `(() => { const set = window.setTimeout; window.setTimeout = (f, ms, ...rest) => set(f, ms === 20 ? 300000 : ms, ...rest); return true })()`)
	for _, name := range []string{"late.txt", "later.txt"} {
		h.receive(t, name, "scanner", name)
		b.until(fmt.Sprintf(`document.querySelector("#pieces").textContent.includes(%q)`, name))
	}

	away.Store(true)
	server.CloseClientConnections()
	b.until(`!document.querySelector("#offline").hidden`)
	h.receive(t, "second.txt", "scanner", "second")
	away.Store(false)
	b.until(`document.querySelector("#offline").hidden && document.querySelector("#pieces").textContent.includes("second.txt")`)
}
