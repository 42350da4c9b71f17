package main

import (
	"context"
	"flag"

	"docket/capture/tesseract"
)

// runOCR is the child's side of text recognition: the server starts it, nobody types it.
func runOCR(_ context.Context, std stdio, args []string) error {
	f := flag.NewFlagSet("ocr", flag.ContinueOnError)
	var limits tesseract.Limits
	f.Uint64Var(&limits.Memory, "memory", 0, "bytes of address space")
	f.Uint64Var(&limits.Seconds, "seconds", 0, "processor seconds for one page")
	if _, err := parse(f, args); err != nil {
		return err
	}
	return tesseract.Serve(std.In, std.Out, limits)
}
