package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"text/tabwriter"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/search"
)

// A verification is what 'docket verify' finds: database = object store = index = audit chain.
type verification struct {
	Sound  bool                    `json:"sound"`
	Store  repository.Verification `json:"store"`
	Index  search.Verification     `json:"index"`
	Chain  chainVerification       `json:"chain"`
	Ledger ledgerVerification      `json:"ledger"`
}

type chainVerification struct {
	Sealed   int64  `json:"sealed"`
	Unsealed int64  `json:"unsealed"`
	Head     string `json:"head"`
	Problem  string `json:"problem,omitempty"`
}

type ledgerVerification struct {
	Pieces  int64 `json:"pieces"`
	Missing int64 `json:"missing"` // sequence numbers that no piece has
}

// runVerify compares everything that is kept twice. It works beside a running server.
func runVerify(ctx context.Context, std stdio, args []string) error {
	var asJSON, deep bool
	c, words, err := configure("verify", args, func(f *flag.FlagSet) {
		f.BoolVar(&asJSON, "json", false, "one JSON object")
		f.BoolVar(&deep, "deep", true, "read every stored byte and compare its SHA-256, not only what the store says of it")
	})
	if err != nil || len(words) > 0 {
		return errors.Join(err, unexpected(words))
	}
	log, err := c.logger(std)
	if err != nil {
		return err
	}
	s, err := openStack(ctx, c, log)
	if err != nil {
		return err
	}
	defer s.close()
	v, err := verify(ctx, s, deep)
	if err != nil {
		return err
	}
	if asJSON {
		err = json.NewEncoder(std.Out).Encode(v)
	} else {
		err = v.print(std)
	}
	if err == nil && !v.Sound {
		err = fault.New(fault.Conflict, "Not everything is sound; see above.")
	}
	return err
}

func verify(ctx context.Context, s *stack, deep bool) (v verification, err error) {
	store := repository.NewStore(s.blobs, journal.New())
	if v.Store, err = store.Verify(ctx, s.pool, deep); err != nil {
		return v, err
	}
	if err = seal(ctx, s.pool); err != nil {
		return v, err
	}
	if v.Chain, err = verifyChain(ctx, s); err != nil {
		return v, err
	}
	err = s.pool.QueryRow(ctx, `select count(*), c.seq - count(p.seq) from capture.counter c left join capture.piece p on true
		group by c.seq`).Scan(&v.Ledger.Pieces, &v.Ledger.Missing)
	if err != nil {
		return v, err
	}
	if v.Index, err = verifyIndex(ctx, s); err != nil {
		return v, err
	}
	v.Sound = len(v.Store.Findings) == 0 && v.Chain.Problem == "" && v.Ledger.Missing == 0 && v.Index.Different == 0
	return v, nil
}

func verifyChain(ctx context.Context, s *stack) (chainVerification, error) {
	chain, err := journal.Verify(ctx, s.pool)
	out := chainVerification{Sealed: chain.Sealed, Unsealed: chain.Unsealed, Head: hex.EncodeToString(chain.Head)}
	if fault.Is(err, fault.Conflict) {
		out.Problem, err = fault.Sentence(err), nil
	}
	return out, err
}

// verifyIndex asks the server that owns the index, or opens the index itself when no server runs.
func verifyIndex(ctx context.Context, s *stack) (v search.Verification, err error) {
	err = ask(ctx, s.config.Data, http.MethodGet, "/index", &v)
	if !errors.Is(err, errNoServer) {
		return v, err
	}
	index, err := openIndex(ctx, s)
	if err != nil {
		return v, err
	}
	defer index.Close()
	return search.Verify(ctx, s.pool, index)
}

func (v verification) print(std stdio) error {
	w := tabwriter.NewWriter(std.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "object store\t%d versions, %d bytes, %d renditions compared with the database\n", v.Store.Versions, v.Store.Bytes, v.Store.Renditions)
	fmt.Fprintf(w, "audit chain\t%d events sealed, %d not yet; head %s\n", v.Chain.Sealed, v.Chain.Unsealed, v.Chain.Head)
	fmt.Fprintf(w, "ledger\t%d pieces, %d numbers missing\n", v.Ledger.Pieces, v.Ledger.Missing)
	fmt.Fprintf(w, "index\t%d entries, %d changes not yet searchable\n", v.Index.Entries, v.Index.Pending)
	for _, f := range v.Store.Findings {
		fmt.Fprintf(w, "FOUND\t%s version %d: %s\n", f.Key, f.Version, f.What)
	}
	for _, f := range v.Index.Findings {
		fmt.Fprintf(w, "FOUND\tindex, document %s: %s\n", f.Document, f.What)
	}
	if v.Chain.Problem != "" {
		fmt.Fprintf(w, "FOUND\t%s\n", v.Chain.Problem)
	}
	if v.Sound {
		fmt.Fprintln(w, "sound\tnothing is missing, nothing was changed")
	}
	return w.Flush()
}
