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
		err = withApp(ctx, std, c, role{index: true}, func(a *app) error {
			return a.follower.Reindex(ctx, func(done int) { a.log.Info("reindexing", "documents", done) })
		})
	}
	if err == nil {
		fmt.Fprintln(std.Out, "The index was made anew.")
	}
	return err
}
