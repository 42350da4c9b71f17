package search

import (
	"context"
	"fmt"

	"docket/repository"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A Verification is what comparing the index with the database found.
type Verification struct {
	Documents int       `json:"documents"` // in the database
	Entries   int       `json:"entries"`   // in the index
	Pending   int       `json:"pending"`   // changes the index has yet to follow: their documents may be among the findings for a good reason
	Findings  []Finding `json:"findings"`  // the first hundred
	Different int       `json:"different"` // how many findings there are in all
}

// A Finding is one difference between index and database.
type Finding struct {
	Document repository.DocumentID `json:"document"`
	What     string                `json:"what"`
}

// maxFindings is how many findings are listed; beyond that the index is to be made anew, not read about.
const maxFindings = 100

// Verify compares the digest of every document's newest version with the one its entry was made from.
//
// A document without an entry is a finding only when it has text: what could not be read is not indexed.
func Verify(ctx context.Context, q postgres.Querier, e Engine) (Verification, error) {
	var out Verification
	var err error
	if out.Pending, err = Pending(ctx, q); err != nil {
		return out, err
	}
	known, err := versions(ctx, q)
	if err != nil {
		return out, fmt.Errorf("verify search index: %w", err)
	}
	out.Documents = len(known)
	err = e.Stamps(ctx, func(s Stamp) bool {
		out.Entries++
		v, ok := known[s.Document]
		delete(known, s.Document)
		switch {
		case !ok:
			out.find(s.Document, "The index holds a document that the database does not.")
		case v.Version != s.Version || v.Digest != s.Digest:
			out.find(s.Document, "The index holds version %d, the newest is %d, or their digests differ.", s.Version, v.Version)
		}
		return true
	})
	for id, v := range known {
		if v.text {
			out.find(id, "The document is not in the index.")
		}
	}
	return out, err
}

func (v *Verification) find(id repository.DocumentID, format string, args ...any) {
	v.Different++
	if len(v.Findings) < maxFindings {
		v.Findings = append(v.Findings, Finding{id, fmt.Sprintf(format, args...)})
	}
}

type knownVersion struct {
	Stamp
	text bool
}

// versions are the newest versions of all documents: about 100 bytes of memory each.
func versions(ctx context.Context, q postgres.Querier) (map[repository.DocumentID]knownVersion, error) {
	rows, err := q.Query(ctx, `select d.id, d.latest, v.sha256,
			exists (select from repository.page_text t where t.document = d.id and t.version = d.latest)
		from repository.document d join repository.version v on v.document = d.id and v.number = d.latest`)
	if err != nil {
		return nil, err
	}
	known := map[repository.DocumentID]knownVersion{}
	var k knownVersion
	var digest []byte
	_, err = pgx.ForEachRow(rows, []any{&k.Document, &k.Version, &digest, &k.text}, func() error {
		copy(k.Digest[:], digest)
		known[k.Document] = k
		return nil
	})
	return known, err
}
