package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"docket/capture"
	"docket/cmd/docket/bench"
	"docket/web"

	"github.com/go-pdf/fpdf"
)

// benchWeb measures the pages of a house of some size, as its people see them. The house is made for it in a temporary folder, or
// in one that is kept: there it is made once, measured as often as asked for, and looked at with 'docket serve --data'.
func benchWeb(ctx context.Context, words []string) (bench.Report, error) {
	f := flag.NewFlagSet("bench web", flag.ContinueOnError)
	data := f.String("data", "", "data folder that keeps the house")
	rest, err := parse(f, words)
	if err != nil {
		return nil, err
	}
	numbers, err := wholeNumbers("web", rest, 1)
	if err != nil || len(numbers) > 3 {
		return nil, usagef("bench web takes a number of documents, of tickets, and of clients")
	}
	r := bench.WebReport{Documents: 100_000, Tickets: 20_000, Clients: 4}
	for i, n := range numbers {
		*[]*int{&r.Documents, &r.Tickets, &r.Clients}[i] = n
	}
	if r.Tickets > r.Documents {
		return nil, usagef("bench web needs at least as many documents as tickets: each ticket has one")
	}
	dir, err := os.MkdirTemp("", "docket-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if *data == "" {
		*data = filepath.Join(dir, "data")
	}
	err = benchApp(ctx, *data, []string{capture.ReadQueue, capture.FileQueue}, func(a *app) error {
		h := &benchHouse{app: a}
		if err := h.ready(ctx, dir, &r); err != nil {
			return fmt.Errorf("make the data set: %w", err)
		}
		r.Pages, err = h.ask(ctx, r.Clients)
		return err
	})
	return r, err
}

// ready fills a house that is empty, and starts its work.
func (h *benchHouse) ready(ctx context.Context, dir string, r *bench.WebReport) error {
	var documents, tickets int
	err := h.pool.QueryRow(ctx, "select (select count(*) from repository.document), (select count(*) from workflow.ticket)").Scan(&documents, &tickets)
	if err != nil {
		return err
	}
	if documents > 0 {
		r.Documents, r.Tickets = documents, tickets
		return h.start(ctx)
	}
	if _, err := h.demoUsers(ctx, nil); err != nil {
		return err
	}
	if err := h.fill(ctx, r.Documents, r.Tickets); err != nil {
		return err
	}
	if err := h.follower.Reindex(ctx, nil); err != nil {
		return err
	}
	if err := h.start(ctx); err != nil {
		return err
	}
	return h.addLong(ctx, filepath.Join(dir, "long"))
}

// longPages is how many pages the long document has.
const longPages = 200

// addLong has a long PDF read, as any other that is handed in: it is the one document with pictures of its pages.
func (h *benchHouse) addLong(ctx context.Context, folder string) error {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	f := fpdf.New("P", "pt", "A4", "")
	f.SetFont("Helvetica", "", 11)
	for n := range longPages {
		f.AddPage()
		for line := range 40 {
			f.Text(60, 80+float64(line)*16, fmt.Sprintf("Page %d, line %d of the terms and conditions of the insurance contract.", n+1, line+1))
		}
	}
	if err := f.OutputFileAndClose(filepath.Join(folder, "terms.pdf")); err != nil {
		return err
	}
	_, _, err := h.captureAll(ctx, folder)
	return err
}

// benchTimes is how often each client asks for each kind of page.
const benchTimes = 60

// ask signs people in and asks for the pages of their day.
func (h *benchHouse) ask(ctx context.Context, clients int) ([]bench.WebPage, error) {
	site, err := web.New(h.site())
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(site.Handler())
	defer server.Close()
	agent, err := signIn(server.URL, "anna", clients)
	if err != nil {
		return nil, err
	}
	clerk, err := signIn(server.URL, "mia", clients)
	if err != nil {
		return nil, err
	}
	questions, err := h.questions(ctx, agent, clerk)
	if err != nil {
		return nil, err
	}
	return bench.Web(ctx, server.URL, questions, clients, benchTimes, time.Now)
}

// signIn is a browser in which one of the demo's people is signed in.
func signIn(server, name string, clients int) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	res, err := c.PostForm(server+"/sign-in", url.Values{"name": {name}, "password": {demoPassword}})
	if err != nil {
		return nil, err
	}
	return c, res.Body.Close()
}
