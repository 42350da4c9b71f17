// Command docket is the whole of Docket: the server, its workers and its command line, in one binary.
//
// main only finds the subcommand. config.go says what can be configured, wire.go composes the packages, and each
// subcommand has a file of its own. Exit status: 0 done, 1 failed, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	std := stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	os.Exit(run(ctx, std, os.Args[1:]))
}

// stdio is where a subcommand reads and writes.
type stdio struct {
	In       io.Reader
	Out, Err io.Writer
}

// errUsage ends a subcommand with status 2; the message says what is wrong with the words of the command line.
var errUsage = errors.New("usage")

func usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// run finds the subcommand, runs it and gives the exit status.
func run(ctx context.Context, std stdio, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		printHelp(std.Out)
		return 0
	}
	c, ok := find(args[0])
	if !ok {
		fmt.Fprintf(std.Err, "docket: there is no command %q. 'docket help' lists them.\n", args[0])
		return 2
	}
	err := c.run(ctx, std, args[1:])
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintf(std.Err, "docket %s: %s\nusage: docket %s\n", c.name, strings.TrimPrefix(err.Error(), errUsage.Error()+": "), c.usage)
		return 2
	}
	fmt.Fprintf(std.Err, "docket %s: %s\n", c.name, sentence(err))
	return 1
}
