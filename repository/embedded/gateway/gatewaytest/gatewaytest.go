// Package gatewaytest gives tests an S3 gateway of their own.
//
//	func TestMain(m *testing.M) { os.Exit(gatewaytest.Run(m)) }
//
//	func TestPut(t *testing.T) {
//		store := gatewaytest.New(t, gateway.Config{})
package gatewaytest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"docket/repository/embedded/gateway"
)

// word makes the test binary the gateway's child process.
const word = "run-the-gateway"

// Run runs a package's tests, or the gateway when this is its child process, and returns the exit status for os.Exit.
func Run(m *testing.M) int {
	if len(os.Args) < 2 || os.Args[1] != word {
		return m.Run()
	}
	if err := gateway.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Command starts this test binary as the gateway's child process.
func Command(t testing.TB) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{self, word}
}

// New starts a gateway that is stopped at the end of the test. An empty folder in c becomes a temporary one.
func New(t testing.TB, c gateway.Config) *gateway.Gateway {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the S3 gateway")
	}
	if c.Folder == "" {
		c.Folder = t.TempDir()
	}
	c.Command, c.Logger = Command(t), slog.New(slog.DiscardHandler)
	g, err := gateway.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, g) })
	return g
}

func stop(t testing.TB, g *gateway.Gateway) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := g.Stop(ctx); err != nil {
		t.Errorf("stop the gateway: %v", err)
	}
}
