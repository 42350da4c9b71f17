package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"docket/cmd/docket/bench"
)

// benchExtract measures the fields found in the documents of a folder.
func benchExtract(ctx context.Context, words []string) (bench.Report, error) {
	f := flag.NewFlagSet("bench extract", flag.ContinueOnError)
	var o bench.ExtractOptions
	f.BoolVar(&o.Text, "text", false, "take the text of the truth, read no file")
	f.StringVar(&o.Layouts, "layouts", "", "folder that keeps what was read, for the next run")
	house := f.String("house", "", "JSON file that says who the house is: Names, Addresses, Emails, Phones, IBANs")
	mistakes := f.Bool("mistakes", false, "list every wrong value too")
	rest, err := parse(f, words)
	if err != nil {
		return nil, err
	}
	if len(rest) != 1 {
		return nil, usagef("bench extract needs one folder")
	}
	if *house != "" {
		data, err := os.ReadFile(*house)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &o.House); err != nil {
			return nil, fmt.Errorf("house %s: %w", *house, err)
		}
	}
	r, err := bench.Extract(ctx, rest[0], o, time.Now)
	if err != nil || !*mistakes {
		return r, err
	}
	return withMistakes{r}, nil
}

// withMistakes lists the wrong values before the table.
type withMistakes struct{ *bench.ExtractReport }

// Table prints one line for each mistake, then the table.
func (r withMistakes) Table(w io.Writer) error {
	for _, m := range r.Mistakes {
		fmt.Fprintf(w, "%s %s: want %q, got %q (%.2f, %s)\n", m.File, m.Field, m.Want, m.Got, m.Confidence, m.How)
	}
	return r.ExtractReport.Table(w)
}
