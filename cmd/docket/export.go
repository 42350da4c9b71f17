package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"docket/cmd/docket/transfer"
	"docket/repository"
	"docket/repository/fault"
	"docket/search"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// exportOptions are the flags of 'docket export'.
type exportOptions struct {
	query, documents   string
	renditions, asJSON bool
}

// runExport takes documents out, or messages for mail programs. It works beside a running server.
func runExport(ctx context.Context, std stdio, args []string) error {
	if len(args) > 0 && args[0] == "mail" { // an export of documents into a folder of that name is ./mail
		return runExportMail(ctx, std, args[1:])
	}
	var o exportOptions
	c, words, err := configure("export", args, func(f *flag.FlagSet) {
		f.StringVar(&o.query, "query", "", "the documents that a search finds; see docs/query-language.md")
		f.StringVar(&o.documents, "documents", "", "the documents with these IDs, separated by commas")
		f.BoolVar(&o.renditions, "renditions", false, "page images, layouts and searchable PDFs as well, which can be made anew")
		f.BoolVar(&o.asJSON, "json", false, "one JSON object")
	})
	switch {
	case err != nil:
		return err
	case len(words) != 1:
		return usagef("say into which folder, which is not there yet")
	case o.query != "" && o.documents != "":
		return usagef("choose by --query or by --documents, not by both")
	}
	return withApp(ctx, std, c, role{}, func(a *app) error {
		chosen, err := a.choose(ctx, o)
		if err != nil {
			return err
		}
		e := &transfer.Exporter{Pool: a.pool, Store: a.store, Plan: a.plan, Desk: a.desk, Journal: a.journal, By: console,
			Renditions: o.renditions, Log: a.log}
		if a.config.House != "" {
			own, err := house(a.config.House)
			if err != nil {
				return err
			}
			e.House = strings.Join(own.Names[:min(1, len(own.Names))], "")
		}
		report, err := e.Export(ctx, words[0], chosen)
		return errors.Join(err, printReport(std, o.asJSON, "exported", report, err))
	})
}

// printReport says what was done, and makes what was not done an error.
func printReport(std stdio, asJSON bool, done string, r transfer.Report, failed error) error {
	if failed != nil {
		return nil // said by the error
	}
	if asJSON {
		if err := json.NewEncoder(std.Out).Encode(r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(std.Out, "%s %d documents: %s holds %d files, %d bytes\n", done, r.Documents, r.Folder, r.Files, r.Bytes)
		if r.Already > 0 {
			fmt.Fprintf(std.Out, "%d documents were here already, just the same\n", r.Already)
		}
		for _, p := range r.Problems {
			fmt.Fprintln(std.Out, p)
		}
	}
	if len(r.Problems) > 0 {
		return fault.New(fault.Conflict, "Not everything could be done; see above. The rest was.")
	}
	return nil
}

// choose finds the documents to export.
func (a *app) choose(ctx context.Context, o exportOptions) (transfer.Selection, error) {
	switch {
	case o.query != "":
		ids, err := a.find(ctx, o.query)
		return transfer.Selection{Query: o.query, Documents: ids}, err
	case o.documents != "":
		ids, err := a.parseDocuments(ctx, commas(o.documents))
		return transfer.Selection{Documents: ids}, err
	}
	return transfer.Selection{}, nil
}

// find asks the server that owns the index, or the index itself when no server runs.
func (a *app) find(ctx context.Context, query string) (ids []repository.DocumentID, err error) {
	err = ask(ctx, a.config.Data, http.MethodGet, "/find?"+url.Values{"q": {query}}.Encode(), &ids)
	if !errors.Is(err, errNoServer) {
		return ids, err
	}
	index, err := openIndex(ctx, a.stack)
	if err != nil {
		return nil, err
	}
	defer index.Close()
	n, err := index.Count()
	if err != nil {
		return nil, err
	}
	var some bool
	if err := a.pool.QueryRow(ctx, "select exists (select from repository.document)").Scan(&some); err != nil {
		return nil, err
	}
	if n == 0 && some {
		return nil, fault.New(fault.Unavailable, "The search index is not in %s. Run this in the data folder of the server, or choose with --documents.", a.config.Data)
	}
	return found(ctx, index, query)
}

// found gives all documents that a query finds, in rising order.
func found(ctx context.Context, index *search.Index, query string) ([]repository.DocumentID, error) {
	ids := []repository.DocumentID{}
	request := search.Request{Query: query, Reader: taxonomy.Root, Today: time.Now(), Sort: search.ByReceived, Limit: 200}
	for {
		page, err := index.Search(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, h := range page.Hits {
			ids = append(ids, h.Document)
		}
		if request.Cursor = page.Next; page.Next == "" {
			return sorted(ids), nil
		}
	}
}

func sorted(ids []repository.DocumentID) []repository.DocumentID {
	slices.SortFunc(ids, func(a, b repository.DocumentID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

// parseDocuments reads IDs, all of which must be of documents.
func (a *app) parseDocuments(ctx context.Context, texts []string) ([]repository.DocumentID, error) {
	ids := []repository.DocumentID{}
	for _, t := range texts {
		id, err := uuid.Parse(t)
		if err != nil {
			return nil, usagef("--documents: %q is no document's ID", t)
		}
		ids = append(ids, id)
	}
	ids = sorted(ids)
	rows, err := a.pool.Query(ctx, "select i from unnest($1::uuid[]) i where not exists (select from repository.document where id = i)", ids)
	if err != nil {
		return nil, err
	}
	missing, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err == nil && len(missing) > 0 {
		err = fault.New(fault.NotFound, "There is no document %s.", missing[0])
	}
	return ids, err
}
