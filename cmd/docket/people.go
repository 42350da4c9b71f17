package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"time"

	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/web"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// console is who acts when somebody types a command on the server's machine.
const console journal.Actor = "system:console"

// A login is shown to whoever starts a new installation.
type login struct{ name, password, about string }

// firstUsers makes the user admin, and in a demo a user for each role, when there is nobody yet.
func (a *app) firstUsers(ctx context.Context, demo bool) ([]login, error) {
	known, err := a.people.List(ctx, a.pool)
	if err != nil || len(known) > 0 {
		return nil, err
	}
	password := a.config.AdminPassword
	about := "administrator (the password you configured)"
	if password == "" {
		password = rand.Text()[:16]
		about = "administrator (this password is shown once)"
	}
	logins := []login{{"admin", password, about}}
	err = postgres.InTx(ctx, a.pool, func(tx pgx.Tx) error {
		_, err := a.people.Add(ctx, tx, console, workflow.User{Name: "admin", Title: "Administrator", Roles: []workflow.Role{workflow.Administrator}}, password)
		return err
	})
	if a.config.AdminPassword != "" {
		logins[0].password = "********"
	}
	if err == nil && demo {
		logins, err = a.demoUsers(ctx, logins)
	}
	return logins, err
}

// demoPassword is the password of the demo users: well known, and therefore only made in an empty data folder on request.
const demoPassword = "docket demo"

func (a *app) demoUsers(ctx context.Context, logins []login) ([]login, error) {
	err := postgres.InTx(ctx, a.pool, func(tx pgx.Tx) error {
		made, err := a.people.AddDemoUsers(ctx, tx, demoPassword)
		for _, u := range made {
			logins = append(logins, login{u.Name, demoPassword, fmt.Sprintf("%s, %s", u.Title, u.Roles[0])})
		}
		return err
	})
	return logins, err
}

// runToken makes a bearer token. It is printed once and stored only as its digest.
func runToken(ctx context.Context, std stdio, args []string) error {
	var user, about string
	var days int
	c, words, err := configure("token", args, func(f *flag.FlagSet) {
		f.StringVar(&user, "user", "", "whose token it is")
		f.StringVar(&about, "name", "command line", "what it is for")
		f.IntVar(&days, "days", 0, "days until it expires; 0 means never")
	})
	if err != nil {
		return err
	}
	if len(words) != 1 || words[0] != "create" || user == "" {
		return usagef("say 'create --user NAME'")
	}
	var expires time.Time
	if days > 0 {
		expires = time.Now().AddDate(0, 0, days)
	}
	return beside(ctx, std, c, func(s *stack) error {
		u, err := workflow.NewPeople(journal.New()).UserByName(ctx, s.pool, user)
		if err != nil {
			return err
		}
		var secret string
		err = postgres.InTx(ctx, s.pool, func(tx pgx.Tx) (err error) {
			secret, err = web.CreateToken(ctx, tx, u.ID, about, expires, time.Now())
			return err
		})
		if err == nil {
			fmt.Fprintln(std.Out, secret)
		}
		return err
	})
}
