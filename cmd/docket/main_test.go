package main

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"testing"

	"docket/repository/postgres/postgrestest"
)

// children are the subcommands that the server starts as processes of its own binary, which in tests is the test binary.
var children = []string{"ocr", "gateway"}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && slices.Contains(children, os.Args[1]) {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, stdio{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
	}
	os.Exit(postgrestest.Run(m))
}
