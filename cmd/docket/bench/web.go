package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
)

// A WebReport says how long people wait for pages of a house of some size. Times are milliseconds as seen by the browser on the
// same machine; the clients share its cores with the server.
type WebReport struct {
	Documents int       `json:"documents"`
	Tickets   int       `json:"tickets"`
	Clients   int       `json:"clients"` // that ask at the same time, each again at once
	Pages     []WebPage `json:"pages"`
}

// A WebPage is what one page costs.
type WebPage struct {
	Name      string  `json:"name"`
	Asked     int     `json:"asked"`
	FirstP50  float64 `json:"first_byte_p50_ms"`
	FirstP95  float64 `json:"first_byte_p95_ms"`
	FirstP99  float64 `json:"first_byte_p99_ms"`
	WholeP95  float64 `json:"whole_p95_ms"`
	Kilobytes float64 `json:"kilobytes"` // of the largest, as sent
}

// Table implements Report.
func (r WebReport) Table(w io.Writer) error {
	fmt.Fprintf(w, "%d documents, %d tickets, %d clients at once\n", r.Documents, r.Tickets, r.Clients)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "page\tasked\tfirst byte p50 ms\tp95\tp99\twhole p95\tkB\t")
	for _, p := range r.Pages {
		fmt.Fprintf(t, "%s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t\n", p.Name, p.Asked, p.FirstP50, p.FirstP95, p.FirstP99, p.WholeP95, p.Kilobytes)
	}
	return t.Flush()
}

// A WebQuestion is a kind of page with addresses of it, one of which is asked for at random.
type WebQuestion struct {
	Name  string
	As    *http.Client // signed in as whoever asks
	Paths []string
}

// Web asks a server for pages: each client for each kind of page in turn, so often. clock is time.Now.
func Web(ctx context.Context, base string, questions []WebQuestion, clients, times int, clock func() time.Time) ([]WebPage, error) {
	first, whole, size := make([][]time.Duration, len(questions)), make([][]time.Duration, len(questions)), make([]int64, len(questions))
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	for c := range clients {
		d := rand.New(rand.NewPCG(7, uint64(c)))
		g.Go(func() error {
			for n := range times * len(questions) {
				i := (n + c) % len(questions)
				q := questions[i]
				a, err := askPage(ctx, q.As, base+q.Paths[d.IntN(len(q.Paths))], clock)
				if err != nil {
					return err
				}
				if n < len(questions) {
					continue // warms up
				}
				mu.Lock()
				first[i], whole[i], size[i] = append(first[i], a.first), append(whole[i], a.whole), max(size[i], a.size)
				mu.Unlock()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	pages := make([]WebPage, len(questions))
	for i, q := range questions {
		pages[i] = WebPage{Name: q.Name, Asked: len(first[i]), FirstP50: percentile(first[i], 50), FirstP95: percentile(first[i], 95),
			FirstP99: percentile(first[i], 99), WholeP95: percentile(whole[i], 95), Kilobytes: float64(size[i]) / 1000}
	}
	return pages, nil
}

type pageAnswer struct {
	first, whole time.Duration
	size         int64
}

// askPage asks for a page as browsers do, compressed. The first byte has come when the head of the answer is there, for pages are
// rendered before they are sent.
func askPage(ctx context.Context, client *http.Client, address string, clock func() time.Time) (a pageAnswer, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return a, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	start := clock()
	res, err := client.Do(r)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	a.first = clock().Sub(start)
	if a.size, err = io.Copy(io.Discard, res.Body); err != nil {
		return a, err
	}
	a.whole = clock().Sub(start)
	if res.StatusCode != http.StatusOK {
		return a, fmt.Errorf("%s answers %s", address, res.Status)
	}
	return a, nil
}
