package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture/sample"
	"docket/web/api"
)

// newWorker is a worker in a process of its own, over the parts of a server.
func newWorker(o *outage) *victim {
	w := newVictim(o.t)
	w.verb, w.env = "work", o.env
	return w
}

// capture hands a file in as 'docket capture --wait' does and gives what became of it.
func (o *outage) capture(file string, wait bool) []api.Outcome {
	o.t.Helper()
	c, err := newClient(config{URL: "http://" + o.listen, Token: o.token})
	if err != nil {
		o.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(o.t.Context(), 2*time.Minute)
	defer cancel()
	return sendOne(ctx, c, captureOptions{source: "test", wait: wait}, file, make(chan struct{}, 1))
}

// letters are made complaints, plain enough that the machine files most of them.
func letters(t *testing.T, n int, seed uint64) []string {
	t.Helper()
	dir := t.TempDir()
	truths, err := sample.Generate(dir, sample.Options{Pieces: n, Seed: seed, Kinds: []sample.Kind{sample.Text}, Languages: []string{"en"}, Clean: true})
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, truth := range truths {
		files = append(files, filepath.Join(dir, truth.File))
	}
	return files
}

// A server that works no queue and a worker that serves no page make one Docket: what is uploaded to the one is read and filed
// by the other, gets its ticket, and is found. A worker that is killed is followed by the next.
func TestServerAndWorkerShareTheWork(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server and workers")
	}
	t.Parallel()
	o := newOutage(t, "--queues", "none")
	files := letters(t, 8, 3)
	for _, f := range files[:4] {
		o.capture(f, false)
	}
	w := newWorker(o)
	w.start()
	within(t, time.Minute, "the worker's start", w.ready)
	var tickets []string
	for _, f := range files[:4] {
		tickets = append(tickets, o.wantDone(f)...)
	}
	w.kill()
	for _, f := range files[4:] {
		o.capture(f, false)
	}
	w.start()
	for _, f := range files[4:] {
		tickets = append(tickets, o.wantDone(f)...)
	}
	if len(tickets) == 0 {
		t.Error("no letter has a ticket")
	}
	w.wantMetrics(`docket_job_duration_seconds_count{kind="capture.read",outcome="done",queue="read"}`)
	w.stop()
	o.stop()
}

// wantDone waits for a letter and checks that it is decided and, by its words, found. It gives the tickets.
func (o *outage) wantDone(file string) (tickets []string) {
	o.t.Helper()
	c, err := newClient(config{URL: "http://" + o.listen, Token: o.token})
	if err != nil {
		o.t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, d := range o.capture(file, true) {
		if d.Error != "" {
			o.t.Errorf("%s: %s", filepath.Base(file), d.Error)
		}
		if d.Ticket != "" {
			tickets = append(tickets, d.Ticket)
		}
		query := url.Values{"q": {strings.Join(longest(string(text), 4), " ")}}
		within(o.t, time.Minute, "search finds "+file, func() bool {
			var found api.SearchAnswer
			err := c.get(o.t.Context(), "/search", query, &found)
			return err == nil && slices.ContainsFunc(found.Hits, func(h api.Hit) bool { return h.Document == d.Document })
		})
	}
	return tickets
}

func (v *victim) wantMetrics(name string) {
	v.t.Helper()
	r, err := http.Get("http://" + v.listen + "/metrics")
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || !bytes.Contains(body, []byte(name)) {
		v.t.Errorf("the worker's metrics do not have %s (%v)", name, err)
	}
}

// What cannot work is refused before anything is started, and the refusal says what to configure.
func TestWorkIsRefusedWhereNothingIsShared(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"work"}, "DOCKET_DATABASE_URL"},
		{[]string{"work", "--database-url", "postgres://localhost/docket"}, "DOCKET_S3_ENDPOINT"},
		{[]string{"work", "--database-url", "x", "--s3-endpoint", "y", "--queues", "none"}, "without work"},
		{[]string{"work", "--database-url", "x", "--s3-endpoint", "y", "--queues", "read,index"}, "no such queue"},
		{[]string{"serve", "--queues", "none"}, "leaves work to nobody"},
	} {
		var out, problem bytes.Buffer
		status := run(t.Context(), stdio{strings.NewReader(""), &out, &problem}, append(tt.args, "--data", t.TempDir()))
		if status != 2 || !strings.Contains(problem.String(), tt.want) {
			t.Errorf("%v: status %d, said %q, want 2 and %q", tt.args, status, problem.String(), tt.want)
		}
	}
}

// Workers of one machine do not share a name or working files; the place of one that ended is taken by the next.
func TestWorkersOfOneFolderHavePlacesOfTheirOwn(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	take := func() (config, io.Closer) {
		c := config{Data: data}
		f, err := c.takeWorkFolder(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return c, f
	}
	first, lock := take()
	second, other := take()
	defer other.Close()
	if first.name() == second.name() || first.Data == second.Data {
		t.Errorf("two workers share %s", first.Data)
	}
	lock.Close()
	third, again := take()
	defer again.Close()
	if third.name() != first.name() {
		t.Errorf("the place of the first worker was not taken: %s", third.Data)
	}
}
