package main

import (
	"context"
	"errors"
	"flag"

	"docket/cmd/docket/transfer"
	"docket/search"
)

// runImport brings an export in, or mail that lies in files. It works beside a running server, which then makes page images and index
// entries.
func runImport(ctx context.Context, std stdio, args []string) error {
	if len(args) > 0 && args[0] == "mail" { // an export in a folder of that name is ./mail
		return runImportMail(ctx, std, args[1:])
	}
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
	return withApp(ctx, std, c, role{}, func(a *app) error {
		m := &transfer.Importer{Pool: a.pool, Store: a.store, Plan: a.plan, Intake: a.intake, Journal: a.journal, By: console, Log: a.log}
		do, done := m.Import, "imported"
		if check {
			do, done = m.Check, "could be imported:"
		}
		report, err := do(ctx, words[0])
		if err == nil && !check {
			err = a.sayPending(ctx)
		}
		return errors.Join(err, printReport(std, asJSON, done, report, err))
	})
}

// sayPending tells whoever imports that a server has yet to make the documents findable.
func (a *app) sayPending(ctx context.Context) error {
	n, err := search.Pending(ctx, a.pool)
	if n > 0 {
		a.log.Info("a running server makes them findable, and makes page images that are not in the export", "changes", n)
	}
	return err
}
