package main

import (
	"context"

	"docket/repository/embedded/gateway"
)

// runGateway is the embedded object store's process. The server starts it and speaks to it on its standard input; people have no
// use for it, so the help does not list it.
func runGateway(ctx context.Context, std stdio, _ []string) error {
	return gateway.Serve(ctx, std.In, std.Out)
}
