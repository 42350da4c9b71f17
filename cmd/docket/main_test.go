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

// children are the subcommands that run as processes of their own, which in tests are this test binary again.
var children = []string{"ocr", "gateway", "serve", "work", "token", "import"}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && slices.Contains(children, os.Args[1]) {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, stdio{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
	}
	os.Exit(postgrestest.Run(m))
}
