package main

import (
	"context"
	"errors"
	"fmt"

	"docket/capture"
	"docket/repository"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// screenPage is how many documents are asked for in one transaction.
const screenPage = 1000

// runScreen has everything checked for viruses that never was. A running server and its workers do it, behind the post of the day; until
// something is found in a document it is handed out as before.
func runScreen(ctx context.Context, std stdio, args []string) error {
	c, words, err := configure("screen", args, nil)
	if err != nil || len(words) > 0 {
		return errors.Join(err, unexpected(words))
	}
	if c.Clamd == "" {
		return usagef("there is no virus scanner: name one with --clamd, here and for the server")
	}
	return withApp(ctx, std, c, role{name: c.name()}, func(a *app) error {
		n, err := a.screenAll(ctx)
		if err == nil {
			fmt.Fprintf(std.Out, "documents to be checked for viruses: %d\n", n)
		}
		return err
	})
}

// screenAll asks for all documents that were not checked, and says how many there are.
func (a *app) screenAll(ctx context.Context) (n int, err error) {
	var last repository.DocumentID
	for {
		ids, err := capture.Unscreened(ctx, a.pool, last, screenPage)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		jobs := make([]river.InsertManyParams, len(ids))
		for i, id := range ids {
			jobs[i] = river.InsertManyParams{Args: capture.ScreenArgs{Document: id}, InsertOpts: &river.InsertOpts{Priority: 4}}
		}
		if err := postgres.InTx(ctx, a.pool, func(tx pgx.Tx) error { _, err := a.jobs.InsertManyFastTx(ctx, tx, jobs); return err }); err != nil {
			return n, err
		}
		n, last = n+len(ids), ids[len(ids)-1]
	}
}
