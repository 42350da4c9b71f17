package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"docket/capture/sample"
	"docket/taxonomy"
)

// sampleCommand makes a mailbag of invented post.
func sampleCommand(_ context.Context, std stdio, args []string) error {
	f := flag.NewFlagSet("sample", flag.ContinueOnError)
	pieces := f.Int("pieces", 100, "how many pieces")
	seed := f.Uint64("seed", 1, "the same seed gives the same post")
	kinds := f.String("kinds", "", "only these kinds, with commas between")
	classes := f.String("classes", "", "only these classes")
	languages := f.String("languages", "", "only these languages")
	dpi := f.Int("dpi", 0, "resolution of scans")
	onePage := f.Bool("one-page", false, "nothing longer than a page")
	clean := f.Bool("clean", false, "scans without skew, noise or dirt")
	words, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(words) != 1 || *pieces < 1 {
		return usagef("one folder and at least one piece are needed")
	}
	o := sample.Options{Pieces: *pieces, Seed: *seed, OnePage: *onePage, Clean: *clean,
		Kinds: split[sample.Kind](*kinds), Classes: split[taxonomy.ClassID](*classes), Languages: split[string](*languages)}
	if *dpi > 0 {
		o.DPI = []int{*dpi}
	}
	truths, err := sample.Generate(words[0], o)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.Out, "%d pieces in %s; %s lists what is on them.\n", len(truths), words[0], sample.Manifest)
	return nil
}

// split splits a list at its commas; an empty list is nil.
func split[T ~string](s string) []T {
	var all []T
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		all = append(all, T(word))
	}
	return all
}
