package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"docket/cmd/docket/transfer"
	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"
)

// mailOptions are the flags of 'docket export mail'.
type mailOptions struct {
	query, ticket, received string
	format, user            string
	asJSON                  bool
}

// runExportMail takes messages out. It works beside a running server.
func runExportMail(ctx context.Context, std stdio, args []string) error {
	var o mailOptions
	c, words, err := configure("export mail", args, func(f *flag.FlagSet) {
		f.StringVar(&o.query, "query", "", "the messages that a search finds; see docs/query-language.md")
		f.StringVar(&o.ticket, "ticket", "", "the messages of the ticket with this number")
		f.StringVar(&o.received, "received", "", "the messages that were received in these days: 2026-01-01..2026-03-31; either may be left out")
		f.StringVar(&o.format, "format", "mbox", "mbox: one mailbox; eml: a file for each message")
		f.StringVar(&o.user, "user", "", "only what this user may see")
		f.BoolVar(&o.asJSON, "json", false, "one JSON object")
	})
	switch {
	case err != nil:
		return err
	case len(words) != 1:
		return usagef("export mail into which folder, which is not there yet?")
	case o.query != "" && o.ticket != "":
		return usagef("choose by --query or by --ticket, not by both")
	case o.format != "mbox" && o.format != "eml":
		return usagef("--format %q: choose mbox or eml", o.format)
	}
	s := transfer.MailSelection{Query: o.query, Ticket: o.ticket}
	if s.From, s.To, err = parseDays(o.received); err != nil {
		return err
	}
	return withApp(ctx, std, c, role{}, func(a *app) error {
		e := &transfer.MailExporter{Pool: a.pool, Store: a.store, Desk: a.desk, Journal: a.journal, By: console, Reader: taxonomy.Root,
			Single: o.format == "eml", Log: a.log}
		if o.user != "" {
			u, err := a.people.UserByName(ctx, a.pool, o.user)
			if err != nil {
				return err
			}
			e.Reader = u.Reader()
		}
		if err := a.chooseMail(ctx, e.Reader, &s); err != nil {
			return err
		}
		r, err := e.Export(ctx, words[0], s)
		if err != nil {
			return err
		}
		return printMailReport(std.Out, o.asJSON, r)
	})
}

// chooseMail finds the documents of a selection by query or ticket.
func (a *app) chooseMail(ctx context.Context, reader taxonomy.Reader, s *transfer.MailSelection) (err error) {
	var chosen []repository.DocumentID
	switch {
	case s.Query != "":
		chosen, err = a.find(ctx, s.Query)
	case s.Ticket != "":
		var t workflow.Ticket
		if t, err = a.desk.ByNumber(ctx, a.pool, reader, s.Ticket); err == nil {
			chosen, err = a.desk.Documents(ctx, a.pool, t.ID)
		}
	default:
		return nil // all
	}
	s.Documents = append([]repository.DocumentID{}, chosen...) // none is not all
	return err
}

// parseDays reads "FROM..TO", both days included and either left out; the second time is the first that is not meant any more.
func parseDays(text string) (from, to time.Time, err error) {
	if text == "" {
		return from, to, nil
	}
	first, last, ok := strings.Cut(text, "..")
	if !ok {
		last = first
	}
	day := func(s string) (t time.Time, err error) {
		if s == "" {
			return t, nil
		}
		return time.ParseInLocation(time.DateOnly, s, time.Local)
	}
	from, err = day(first)
	to, wrong := day(last)
	if errors.Join(err, wrong) != nil || first == "" && last == "" {
		return from, to, usagef("--received %q: write it as 2026-01-01..2026-03-31", text)
	}
	if !to.IsZero() {
		to = to.AddDate(0, 0, 1)
	}
	return from, to, nil
}

// printMailReport says what was done, and makes what was not done an error.
func printMailReport(w io.Writer, asJSON bool, r transfer.MailReport) error {
	if asJSON {
		if err := json.NewEncoder(w).Encode(r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(w, "exported %d messages, %d bytes, to %s\n", r.Messages, r.Bytes, r.Folder)
		for _, p := range r.Problems {
			fmt.Fprintln(w, p)
		}
	}
	if len(r.Problems) > 0 {
		return fault.New(fault.Conflict, "Not everything could be done; see above. The rest was.")
	}
	return nil
}
