package main

import (
	"context"
	"fmt"

	"docket/capture"
	"docket/repository/postgres"
	"docket/web"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// site is what the web server is made of.
func (a *app) site() web.Config {
	c := web.Config{Pool: a.pool, People: a.people, Journal: a.journal, Store: a.store, Plan: a.plan, Search: a.index,
		Intake: a.intake, Fetcher: &capture.Fetcher{Intake: a.intake, Ring: a.ring, Log: a.log}, Sheets: a.sheets, Desk: a.desk, Outbox: a.outbox, Log: a.log, Metrics: a.metrics, Secure: a.config.Secure, TrustedProxies: commas(a.config.Proxies), Checks: a.checks(), Disk: a.disk}
	if a.ocr != nil {
		c.Recognised = a.ocr.Languages
	}
	return c
}

// checks are what /readyz and the health page ask.
func (a *app) checks() []web.Check {
	all := []web.Check{{Name: "database", Ask: a.pool.Ping}, {Name: "store", Ask: a.askStore}}
	if a.index != nil {
		all = append(all, web.Check{Name: "search", Ask: func(context.Context) error {
			_, err := a.index.Count()
			return err
		}})
	}
	if a.ocr != nil {
		all = append(all, web.Check{Name: "ocr", Ask: a.askOCR})
	}
	if scanner := a.intake.Scanner; scanner != nil {
		all = append(all, web.Check{Name: "scanner", Ask: scanner.Ping, May: true})
	}
	return all
}

// stopScreening lets in what waits for a virus scanner that this house has no longer.
func (a *app) stopScreening(ctx context.Context) error {
	if a.intake.Scanner != nil {
		return nil
	}
	return postgres.InTx(ctx, a.pool, func(tx pgx.Tx) error {
		n, err := a.intake.StopScreening(ctx, tx)
		if n > 0 {
			a.log.Warn("no virus scanner is configured any more: what waited for one is let in unchecked", "versions", n)
		}
		return err
	})
}

// disk is how many bytes of the data folder's disk are free for us, and how many it has.
func (a *app) disk() (free, total int64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(a.config.Data, &s); err != nil {
		return 0, 0, fmt.Errorf("look at the disk of %s: %w", a.config.Data, err)
	}
	return int64(s.Bavail) * s.Bsize, int64(s.Blocks) * s.Bsize, nil
}

func (a *app) askStore(ctx context.Context) error {
	for _, err := range a.blobs.Versions(ctx, "health/") {
		return err
	}
	return nil
}

func (a *app) askOCR(ctx context.Context) error {
	languages, err := a.ocr.Languages(ctx)
	if err == nil && len(languages) == 0 {
		err = fmt.Errorf("no recognition language is installed")
	}
	return err
}
