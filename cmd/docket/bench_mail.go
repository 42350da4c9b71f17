package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"docket/capture"
	"docket/cmd/docket/bench"
	"docket/repository/blob"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// A mailReport is what 'docket bench mail' finds. Limit and messages are measured in one run on the same bytes.
type mailReport struct {
	Messages          int     `json:"messages"` // of 20 kB, by 8 connections
	LimitPerSec       float64 `json:"limit_per_s"`
	AcknowledgedPerS  float64 `json:"acknowledged_per_s"`  // from DATA to 250
	AcknowledgedRatio float64 `json:"acknowledged_ratio"`  // of the limit
	AcknowledgedCPU   float64 `json:"acknowledged_cpu_ms"` // of a core, for one message: client, server, database and store together
	SearchablePerSec  float64 `json:"searchable_per_s"`    // from the first DATA until the last is searchable
	SearchableRatio   float64 `json:"searchable_ratio"`
	SearchableCPU     float64 `json:"searchable_cpu_ms"`

	Imported     int       `json:"imported"` // messages in a mailbox file
	ImportPerSec float64   `json:"import_per_s"`
	Tenths       []float64 `json:"tenths_per_s"`
	LastOfFirst  float64   `json:"last_of_first"` // rate of the last tenth by that of the first
	AgainPerSec  float64   `json:"again_per_s"`   // the same import once more: all is there

	LargeMB  float64 `json:"large_mb"`  // one message
	LargeSec float64 `json:"large_s"`   // from DATA to 250
	HeapMB   float64 `json:"heap_mb"`   // by which the heap grew at most, meanwhile
	LoadOne  float64 `json:"load_1min"` // of the machine before the run
}

const (
	mailBenchConns = 8
	mailBenchSize  = 20_000 // bytes of a message
	mailBenchLarge = 100 << 20
)

// Table prints the report.
func (r *mailReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "load of the machine before\t%.1f\n", r.LoadOne)
	fmt.Fprintf(t, "messages of 20 kB, 8 connections\t%d\n", r.Messages)
	fmt.Fprintf(t, "limit: their bytes written to the store\t%.0f a second\n", r.LimitPerSec)
	fmt.Fprintf(t, "from DATA to 250\t%.0f a second, %.2f of the limit; %.1f ms of a core each\n", r.AcknowledgedPerS, r.AcknowledgedRatio, r.AcknowledgedCPU)
	fmt.Fprintf(t, "from DATA to searchable\t%.0f a second, %.2f of the limit; %.1f ms of a core each\n", r.SearchablePerSec, r.SearchableRatio, r.SearchableCPU)
	fmt.Fprintf(t, "imported from a mailbox\t%d, %.0f a second\n", r.Imported, r.ImportPerSec)
	fmt.Fprintf(t, "by tenths\t%.0f\n", r.Tenths)
	fmt.Fprintf(t, "last tenth / first\t%.2f\n", r.LastOfFirst)
	fmt.Fprintf(t, "imported again\t%.0f a second\n", r.AgainPerSec)
	fmt.Fprintf(t, "one message of %.0f MB\t%.1f s, the heap grew by %.1f MB\n", r.LargeMB, r.LargeSec, r.HeapMB)
	return t.Flush()
}

// benchMail runs everything embedded in a temporary folder.
func benchMail(ctx context.Context, words []string) (bench.Report, error) {
	r := &mailReport{Messages: 2000, Imported: 10_000, LargeMB: mailBenchLarge >> 20}
	for i, n := range []*int{&r.Messages, &r.Imported} {
		if i >= len(words) {
			break
		}
		v, err := strconv.Atoi(words[i])
		if err != nil || v < 100 {
			return nil, usagef("bench mail takes numbers of at least 100: messages by SMTP, and messages in a mailbox")
		}
		*n = v
	}
	if len(words) > 2 {
		return nil, usagef("bench mail takes at most two numbers")
	}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		_, _ = fmt.Sscan(string(text), &r.LoadOne)
	}
	dir, err := os.MkdirTemp("", "docket-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	letters, err := newBenchLetters()
	if err != nil {
		return nil, err
	}
	return r, errors.Join(r.measureSMTP(ctx, filepath.Join(dir, "smtp"), letters), r.measureImport(ctx, dir, letters))
}

// measureSMTP takes messages in with the door alone, and then has them read, filed and indexed, so that each of the two has the machine
// for itself.
func (r *mailReport) measureSMTP(ctx context.Context, data string, letters *benchLetterbox) error {
	var took time.Duration
	err := benchApp(ctx, data, nil, func(a *app) (err error) {
		if err := r.measureLimit(ctx, a.blobs, letters); err != nil {
			return err
		}
		server, err := a.benchPost(ctx)
		if err != nil {
			return err
		}
		began, spent := time.Now(), coreSeconds(os.Getpid())
		if err := sendLetters(ctx, server, letters, r.Messages); err != nil {
			return err
		}
		took = time.Since(began)
		r.AcknowledgedCPU = 1000 * (coreSeconds(os.Getpid()) - spent) / float64(r.Messages)
		r.AcknowledgedPerS = float64(r.Messages) / took.Seconds()
		r.AcknowledgedRatio = r.AcknowledgedPerS / r.LimitPerSec
		return nil
	})
	if err != nil {
		return err
	}
	return benchApp(ctx, data, sharedQueues, func(a *app) error {
		began, spent := time.Now(), coreSeconds(os.Getpid())
		if err := a.start(ctx); err != nil {
			return err
		}
		if err := a.allSearchable(ctx); err != nil {
			return err
		}
		r.SearchableCPU = r.AcknowledgedCPU + 1000*(coreSeconds(os.Getpid())-spent)/float64(r.Messages)
		r.SearchablePerSec = float64(r.Messages) / (took + time.Since(began)).Seconds()
		r.SearchableRatio = r.SearchablePerSec / r.LimitPerSec
		return nil
	})
}

// measureLimit writes the bytes of as many messages to the store, as many at a time, and nothing else.
func (r *mailReport) measureLimit(ctx context.Context, store blob.Store, letters *benchLetterbox) error {
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for c := range mailBenchConns {
		g.Go(func() error {
			for i := c; i < r.Messages; i += mailBenchConns {
				_, err := store.Put(ctx, "bench/"+uuid.NewString(), letters.message(i), blob.PutOptions{MediaType: "message/rfc822"})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := g.Wait()
	r.LimitPerSec = float64(r.Messages) / time.Since(began).Seconds()
	return err
}

// benchPost opens a mail server for one channel and gives its address.
func (a *app) benchPost(ctx context.Context) (string, error) {
	plan := taxonomy.NewPlan(journal.New(), time.Local)
	err := postgres.InTx(ctx, a.pool, func(tx pgx.Tx) error {
		_, err := plan.SaveChannel(ctx, tx, console, taxonomy.Channel{Address: benchAddress, Name: "The House"})
		return err
	})
	if err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	m := &capture.MailServer{Receive: a.intake.Receive, Host: "house.example", MaxSize: int64(a.config.MaxSize), Log: a.log,
		Channels: func(ctx context.Context) (taxonomy.Channels, error) { return taxonomy.LoadChannels(ctx, a.pool) }}
	a.inBackground(ctx, func(ctx context.Context) error { return m.Serve(ctx, l) })
	return l.Addr().String(), nil
}

// allSearchable waits until nothing is to be read, filed or indexed.
func (a *app) allSearchable(ctx context.Context) error {
	for ctx.Err() == nil {
		open, err := capture.OpenCounts(ctx, a.pool)
		if err != nil {
			return err
		}
		pending, err := search.Pending(ctx, a.pool)
		if err != nil {
			return err
		}
		if open[capture.Stored]+open[capture.BeingRead]+pending == 0 {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return ctx.Err()
}

// coreSeconds is the time of a core that a process and its descendants have used, those that have ended included (proc(5), in hundredths
// of a second on every Linux).
func coreSeconds(root int) float64 {
	var ticks float64
	for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
		queue = append(queue, childrenOf(queue[0])...)
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", queue[0]))
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		for i := 11; i < 15 && i < len(fields); i++ { // user and system, its own and of children that have ended
			n, _ := strconv.ParseFloat(fields[i], 64)
			ticks += n
		}
	}
	return ticks / 100
}
