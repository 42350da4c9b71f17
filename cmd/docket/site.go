package main

import (
	"context"
	"fmt"

	"docket/web"
)

// site is what the web server is made of.
func (a *app) site() web.Config {
	return web.Config{Pool: a.pool, People: a.people, Journal: a.journal, Store: a.store, Plan: a.plan, Search: a.index,
		Intake: a.intake, Desk: a.desk, Log: a.log, Metrics: a.metrics, Secure: a.config.Secure, TrustedProxies: commas(a.config.Proxies), Checks: a.checks()}
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
	return all
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
