package main

import (
	"context"
	"flag"
	"fmt"
	"io"
)

// A command is one subcommand.
type command struct {
	name  string
	usage string // name and arguments; empty hides the command from help
	about string // one line
	run   func(ctx context.Context, std stdio, args []string) error
}

// commands in the order in which help lists them.
func commands() []command {
	return []command{
		{"serve", "serve [--data DIR] [--listen ADDR] [--queues Q,..|all|none] [--demo]", "runs everything, embedded unless configured otherwise", runServe},
		{"work", "work [--queues Q,..] [--listen ADDR]", "works jobs and nothing else, over the same database and object store as the server", runWork},
		{"capture", "capture PATH... [--source NAME] [--batch NAME] [--wait] [--json]", "sends files to a server", runCapture},
		{"search", "search QUERY [--json] [--limit N]", "finds documents", runSearch},
		{"ticket", "ticket NUMBER [--json]", "shows a ticket", runTicket},
		{"user", "user add|role NAME --role ROLE[,ROLE] | email NAME --email ADDRESS | password|deactivate|activate NAME | list", "manages users (passwords on standard input)", runUser},
		{"channel", "channel add|retire ADDRESS [--name NAME] [--alias A,..] | fetch ADDRESS --host H --username U | pause|resume MAILBOX | test ADDRESS --to SOMEBODY | list", "manages the addresses that customers write to, and the mailboxes that are fetched for them (passwords on standard input)", runChannel},
		{"outbox", "outbox [--state STATE] [--kind KIND] [--limit N] [--json]", "lists what is to be sent, was sent, and came back", runOutbox},
		{"token", "token create --user NAME [--days N]", "makes a bearer token and prints it once", runToken},
		{"verify", "verify [--json] [--deep=false]", "compares database, object store, index and audit chain", runVerify},
		{"export", "export DIR [--query Q | --documents ID,..] [--renditions] [--json] | mail DIR [--query Q | --ticket N] [--received FROM..TO] [--format mbox|eml] [--user NAME] [--json]", "takes documents out, with all versions, as a BagIt bag that anybody can read and check; or messages, for mail programs", runExport},
		{"import", "import DIR [--check] [--json] | mail PATH... [--source NAME] [--channel ADDRESS] [--archive] [--json]", "verifies an export and brings its documents in; or brings in mail that lies in files (.eml, .mbox, Maildir, .msg)", runImport},
		{"reindex", "reindex", "makes the full-text index anew", runReindex},
		{"screen", "screen", "has the virus scanner look at everything that was stored before there was one", runScreen},
		{"migrate", "migrate", "brings the database up to date", runMigrate},
		{"config", "config", "prints the settings in force and the variables that set them, secrets masked", runConfig},
		{"bench", "bench NAME ... [--json]", "measures Docket on your own material; 'docket bench' lists the measurements", runBench},
		{"sample", "sample DIR [--pieces N] [--seed S] [--kinds K,..] [--classes C,..] [--languages L,..] [--dpi N] [--one-page] [--clean]", "makes realistic post with its truth beside it", sampleCommand},
		{"ocr", "", "", runOCR},         // hidden: the child's side of text recognition
		{"gateway", "", "", runGateway}, // hidden: the child's side of the embedded object store
	}
}

func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func printHelp(w io.Writer) {
	fmt.Fprintln(w, "Docket: from the envelope to the certificate of destruction.\n\nCommands:")
	for _, c := range commands() {
		if c.usage == "" {
			continue // hidden
		}
		fmt.Fprintf(w, "  %-9s %s\n            docket %s\n", c.name, c.about, c.usage)
	}
}

// parse reads flags that may stand before, between and after the other words, and gives those other words.
func parse(f *flag.FlagSet, args []string) ([]string, error) {
	f.SetOutput(io.Discard)
	var words []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, usagef("%v", err)
		}
		if f.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, f.Arg(0)), f.Args()[1:]
	}
}
