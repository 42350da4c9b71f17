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
var children = []string{"ocr", "gateway", "token"}

// plainDir is where the program lies as it is shipped; see plain.
var plainDir string

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && slices.Contains(children, os.Args[1]) {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, stdio{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:]))
	}
	var err error
	if plainDir, err = os.MkdirTemp("", "docket-plain-"); err != nil {
		panic(err)
	}
	status := postgrestest.Run(m)
	theChrome.Close()
	_ = os.RemoveAll(plainDir)
	os.Exit(status)
}
