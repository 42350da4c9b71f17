package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/web"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// userUsage is what can be said after "docket user".
const userUsage = "say 'add NAME', 'role NAME', 'email NAME', 'password NAME', 'deactivate NAME', 'activate NAME' or 'list'"

// runUser manages users. It works beside a running server of the same data folder, which knows of a change at once.
func runUser(ctx context.Context, std stdio, args []string) error {
	var roles, title, language, teams, email string
	c, words, err := configure("user", args, func(f *flag.FlagSet) {
		f.StringVar(&roles, "role", "", "roles, separated by commas: mailroom, agent, records-manager, administrator")
		f.StringVar(&title, "title", "", "what others call the user; the name when empty")
		f.StringVar(&language, "language", "", "of the user's screens: en, de, hu, pl, ru, sl; without one their browser's")
		f.StringVar(&email, "email", "", "where the user is told of what happens on their tickets; nowhere when empty")
		f.StringVar(&teams, "team", "", "teams, separated by commas")
	})
	if err != nil {
		return err
	}
	if len(words) == 1 && words[0] == "list" {
		return listUsers(ctx, std, c)
	}
	if len(words) != 2 {
		return usagef(userUsage)
	}
	switch name := words[1]; words[0] {
	case "add":
		return addUser(ctx, std, c, workflow.User{Name: name, Title: title, Email: email, Language: language, Teams: commas(teams), Roles: rolesOf(roles)})
	case "email":
		return amendUser(ctx, std, c, name, workflow.Amendment{Email: &email})
	case "role":
		if roles == "" {
			return usagef("say which: docket user role %s --role agent,mailroom", name)
		}
		return amendUser(ctx, std, c, name, workflow.Amendment{Roles: rolesOf(roles)})
	case "password":
		password, err := readLine(std.In)
		if err != nil {
			return usagef("the password is read from standard input: echo SECRET | docket user password %s", name)
		}
		return amendUser(ctx, std, c, name, workflow.Amendment{Password: password})
	case "deactivate":
		return amendUser(ctx, std, c, name, workflow.Amendment{Active: new(false)})
	case "activate":
		return amendUser(ctx, std, c, name, workflow.Amendment{Active: new(true)})
	}
	return usagef(userUsage)
}

func commas(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func rolesOf(list string) (roles []workflow.Role) {
	for _, r := range commas(list) {
		roles = append(roles, workflow.Role(r))
	}
	return roles
}

// peopleBeside are the people as a command changes them: with what follows from it for those who are signed in.
func peopleBeside() *workflow.People { return workflow.NewPeople(journal.New(web.Follow)) }

func listUsers(ctx context.Context, std stdio, c config) error {
	return beside(ctx, std, c, func(s *stack) error {
		all, err := peopleBeside().List(ctx, s.pool)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(std.Out, 0, 0, 2, ' ', 0)
		for _, u := range all {
			fmt.Fprintf(w, "%s\t%s\t%v\t%v\t%s\n", u.Name, u.Title, u.Roles, u.Teams, activity(u))
		}
		return w.Flush()
	})
}

func activity(u workflow.User) string {
	if u.Active {
		return "active"
	}
	return "inactive"
}

func addUser(ctx context.Context, std stdio, c config, u workflow.User) error {
	password, err := readLine(std.In)
	if err != nil {
		return usagef("the password is read from standard input: echo SECRET | docket user add %s --role agent", u.Name)
	}
	return beside(ctx, std, c, func(s *stack) error {
		err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
			_, err := peopleBeside().Add(ctx, tx, console, u, password)
			return err
		})
		if err == nil {
			fmt.Fprintf(std.Out, "added %s\n", u.Name)
		}
		return err
	})
}

func amendUser(ctx context.Context, std stdio, c config, name string, a workflow.Amendment) error {
	return beside(ctx, std, c, func(s *stack) error {
		var u workflow.User
		err := postgres.InTx(ctx, s.pool, func(tx pgx.Tx) (err error) {
			u, err = peopleBeside().Amend(ctx, tx, console, name, a)
			return err
		})
		if err == nil {
			fmt.Fprintf(std.Out, "changed %s: %v, %s\n", u.Name, u.Roles, activity(u))
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
