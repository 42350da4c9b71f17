package main

import (
	"context"
	"errors"
	"flag"

	"docket/cmd/docket/transfer"
)

// runImport brings an export in. It works beside a running server, which then makes page images and index entries.
func runImport(ctx context.Context, std stdio, args []string) error {
	var check, asJSON bool
	c, words, err := configure("import", args, func(f *flag.FlagSet) {
		f.BoolVar(&check, "check", false, "only say whether it could be imported")
		f.BoolVar(&asJSON, "json", false, "one JSON object")
	})
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return usagef("say which folder holds the export")
	}
	return withApp(ctx, std, c, func(a *app) error {
		m := &transfer.Importer{Pool: a.pool, Store: a.store, Plan: a.plan, Intake: a.intake, Journal: a.journal, By: console, Log: a.log}
		do, done := m.Import, "imported"
		if check {
			do, done = m.Check, "could be imported:"
		}
		report, err := do(ctx, words[0])
		return errors.Join(err, printReport(std, asJSON, done, report, err))
	})
}
