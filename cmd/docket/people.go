package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
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

// runUser adds users and lists them. It works beside a running server of the same data folder.
func runUser(ctx context.Context, std stdio, args []string) error {
	var roles, title, language, teams string
	c, words, err := configure("user", args, func(f *flag.FlagSet) {
		f.StringVar(&roles, "role", "", "roles, separated by commas: mailroom, agent, records-manager, administrator")
		f.StringVar(&title, "title", "", "what others call the user; the name when empty")
		f.StringVar(&language, "language", "en", "of the user's screens: en, de, hu, pl, ru, sl")
		f.StringVar(&teams, "team", "", "teams, separated by commas")
	})
	if err != nil {
		return err
	}
	switch {
	case len(words) == 1 && words[0] == "list":
		return listUsers(ctx, std, c)
	case len(words) == 2 && words[0] == "add":
		u := workflow.User{Name: words[1], Title: title, Language: language, Teams: commas(teams)}
		for _, r := range commas(roles) {
			u.Roles = append(u.Roles, workflow.Role(r))
		}
		return addUser(ctx, std, c, u)
	}
	return usagef("say 'add NAME' or 'list'")
}

func commas(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func listUsers(ctx context.Context, std stdio, c config) error {
	return beside(ctx, std, c, func(s *stack) error {
		all, err := workflow.NewPeople(journal.New()).List(ctx, s.pool)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(std.Out, 0, 0, 2, ' ', 0)
		for _, u := range all {
			state := "active"
			if !u.Active {
				state = "inactive"
			}
			fmt.Fprintf(w, "%s\t%s\t%v\t%v\t%s\n", u.Name, u.Title, u.Roles, u.Teams, state)
		}
		return w.Flush()
	})
}

func addUser(ctx context.Context, std stdio, c config, u workflow.User) error {
	password, err := readLine(std.In)
	if err != nil {
		return usagef("the password is read from standard input: echo SECRET | docket user add %s --role agent", u.Name)
	}
	return beside(ctx, std, c, func(s *stack) error {
		err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
			_, err := workflow.NewPeople(journal.New()).Add(ctx, tx, console, u, password)
			return err
		})
		if err == nil {
			fmt.Fprintf(std.Out, "added %s\n", u.Name)
		}
		return err
	})
}

func readLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(r).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.Join(errors.New("nothing on standard input"), err)
	}
	return line, nil
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
