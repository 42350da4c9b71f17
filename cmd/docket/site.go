package main

import (
	"context"
	"fmt"

	"docket/repository/postgres"
	"docket/web"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// site is what the web server is made of.
func (a *app) site() web.Config {
	return web.Config{Pool: a.pool, People: webPeople{a.people}, Journal: a.journal, Store: a.store, Plan: a.plan, Search: a.index,
		Intake: a.intake, Log: a.log, Checks: a.checks()}
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
	u, err := p.Authenticate(ctx, tx, name, password)
	return webUser(u), err
}

// User implements web.People.
func (p webPeople) User(ctx context.Context, q postgres.Querier, id uuid.UUID) (web.User, error) {
	u, err := p.People.User(ctx, q, id)
	return webUser(u), err
}

func webUser(u workflow.User) web.User {
	out := web.User{ID: u.ID, Name: u.Name, Title: u.Title}
	for _, r := range u.Roles {
		out.Roles = append(out.Roles, web.Role(r))
	}
	return out
}
