package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"

	"docket/web/api"
)

// runSearch asks the server for documents.
func runSearch(ctx context.Context, std stdio, args []string) error {
	var asJSON bool
	var limit int
	c, words, err := configure("search", args, func(f *flag.FlagSet) {
		f.BoolVar(&asJSON, "json", false, "one JSON object")
		f.IntVar(&limit, "limit", 10, "how many hits")
	})
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return usagef("search for what?")
	}
	server, err := newClient(c)
	if err != nil {
		return err
	}
	var found api.SearchAnswer
	query := url.Values{"q": {strings.Join(words, " ")}, "limit": {strconv.Itoa(limit)}}
	if err := server.get(ctx, "/search", query, &found); err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(std.Out).Encode(found)
	}
	fmt.Fprintf(std.Out, "%d documents in %d ms\n", found.Total, found.TookMS)
	for _, h := range found.Hits {
		place := ""
		if h.Page > 0 {
			place = fmt.Sprintf("  (page %d)", h.Page)
		}
		fmt.Fprintf(std.Out, "\n%s%s\n  %s\n  %s\n", h.Title, place, h.Snippet, h.Document)
	}
	return nil
}

// runTicket prints one ticket.
func runTicket(ctx context.Context, std stdio, args []string) error {
	var asJSON bool
	c, words, err := configure("ticket", args, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "one JSON object") })
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return usagef("which ticket?")
	}
	server, err := newClient(c)
	if err != nil {
		return err
	}
	var t api.Ticket
	if err := server.get(ctx, "/tickets/"+url.PathEscape(words[0]), nil, &t); err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(std.Out).Encode(t)
	}
	w := tabwriter.NewWriter(std.Out, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{{"ticket", t.Number}, {"title", t.Title}, {"state", t.State}, {"waiting on", t.WaitingOn},
		{"party", t.Party}, {"team", t.Team}, {"owner", t.Owner}, {"due", t.Due}} {
		fmt.Fprintf(w, "%s\t%s\n", row[0], row[1])
	}
	for _, d := range t.Documents {
		fmt.Fprintf(w, "document\t%s\t%s\n", d.Title, d.Document)
	}
	return w.Flush()
}
