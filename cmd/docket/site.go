package main

import (
	"context"
	"fmt"

	"docket/web"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// site is what the web server is made of.
func (a *app) site() web.Config {
	return web.Config{Pool: a.pool, People: webPeople{a.people}, Journal: a.journal, Store: a.store, Plan: a.plan, Search: a.index,
		Intake: a.intake, Desk: a.desk, Users: a.people, Log: a.log, Checks: a.checks()}
}

// checks are what /readyz and the health page ask.
func (a *app) checks() []web.Check {
	return []web.Check{
		{Name: "database", Ask: a.pool.Ping},
		{Name: "store", Ask: func(ctx context.Context) error {
			for _, err := range a.blobs.Versions(ctx, "health/") {
				return err
			}
			return nil
		}},
		{Name: "search", Ask: func(context.Context) error {
			_, err := a.index.Count()
			return err
		}},
		{Name: "ocr", Ask: func(ctx context.Context) error {
			languages, err := a.ocr.Languages(ctx)
			if err == nil && len(languages) == 0 {
				err = fmt.Errorf("no recognition language is installed")
			}
			return err
		}},
	}
}

// webPeople is people as the web server knows them.
type webPeople struct{ *workflow.People }

// SignIn implements web.People.
func (p webPeople) SignIn(ctx context.Context, tx pgx.Tx, name, password string) (web.User, error) {
	return p.Authenticate(ctx, tx, name, password)
}
