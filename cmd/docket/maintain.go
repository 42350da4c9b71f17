package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"docket/search"
)

// runMigrate brings the database up to date, which serve does as well.
func runMigrate(ctx context.Context, std stdio, args []string) error {
	c, words, err := configure("migrate", args, nil)
	if err != nil || len(words) > 0 {
		return errors.Join(err, unexpected(words))
	}
	return beside(ctx, std, c, func(*stack) error {
		fmt.Fprintln(std.Out, "The database is up to date.")
		return nil
	})
}

// runReindex makes the index anew from the database: aside, and swapped in when it is whole. A running server does it itself
// and goes on answering meanwhile.
func runReindex(ctx context.Context, std stdio, args []string) error {
	c, words, err := configure("reindex", args, nil)
	if err != nil || len(words) > 0 {
		return errors.Join(err, unexpected(words))
	}
	var none search.Verification
	err = ask(ctx, c.Data, http.MethodPost, "/reindex", &none)
	if errors.Is(err, errNoServer) {
		err = reindexAlone(ctx, std, c)
	}
	if err == nil {
		fmt.Fprintln(std.Out, "The index was made anew.")
	}
	return err
}

func reindexAlone(ctx context.Context, std stdio, c config) error {
	log, err := c.logger(std)
	if err != nil {
		return err
	}
	s, err := openStack(ctx, c, log)
	if err != nil {
		return err
	}
	a, err := compose(ctx, s, role{index: true})
	if err == nil {
		err = a.follower.Reindex(ctx, func(done int) { log.Info("reindexing", "documents", done) })
	}
	return errors.Join(err, s.close())
}
