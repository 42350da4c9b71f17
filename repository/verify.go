package repository

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/postgres"
)

// A Verification is what Verify found.
type Verification struct {
	Versions   int       `json:"versions"`   // versions compared
	Renditions int       `json:"renditions"` // renditions compared
	Bytes      int64     `json:"bytes"`      // bytes of versions; read and digested when deep
	Findings   []Finding `json:"findings"`
}

// Verify compares every version and rendition that the database knows with the object store: that it is there with its
// size and, when deep, that its bytes have the recorded SHA-256. Work in flight may change things meanwhile; a version is
// judged by the row that was read.
func (s *Store) Verify(ctx context.Context, q postgres.Querier, deep bool) (Verification, error) {
	var out Verification
	err := s.EachVersion(ctx, q, func(v Version) error {
		out.Versions++
		out.Bytes += v.Size
		what, err := s.compare(ctx, v, deep)
		if what != "" {
			out.Findings = append(out.Findings, Finding{v.Document, v.Number, contentKey(v.Document), what})
		}
		return err
	})
	if err != nil {
		return out, err
	}
	return out, s.verifyRenditions(ctx, q, &out)
}

func (s *Store) compare(ctx context.Context, v Version, deep bool) (string, error) {
	if deep {
		return s.Check(ctx, v)
	}
	return s.present(ctx, contentKey(v.Document), v.Object, v.Size, v.SHA256[:])
}

func (s *Store) present(ctx context.Context, key, object string, size int64, sum []byte) (string, error) {
	o, err := s.blobs.Stat(ctx, key, object)
	switch {
	case errors.Is(err, blob.ErrNotFound), fault.Is(err, fault.NotFound):
		return "The stored bytes are missing.", nil
	case err != nil:
		return "", fmt.Errorf("verify %s: %w", key, err)
	case !sameBytes(o, size, sum):
		return fmt.Sprintf("The object store holds %d bytes where %d were recorded, or another SHA-256.", o.Size, size), nil
	}
	return "", nil
}

// verifyRenditions walks the bucket's listing and the rows side by side, both in the order of keys, so that memory stays
// bounded whatever their number.
func (s *Store) verifyRenditions(ctx context.Context, q postgres.Querier, out *Verification) error {
	rows, err := q.Query(ctx, "select "+renditionColumns+` from repository.rendition order by key collate "C"`)
	if err != nil {
		return err
	}
	defer rows.Close()
	next, stop := iter.Pull2(s.blobs.Versions(ctx, objectPrefix))
	defer stop()
	bucket := listing{next: next}
	for rows.Next() {
		r, err := scanRendition(rows)
		if err != nil {
			return err
		}
		out.Renditions++
		sound, err := bucket.has(r)
		if err != nil {
			return fmt.Errorf("list the bucket: %w", err)
		}
		if !sound {
			out.Findings = append(out.Findings, Finding{r.Document, r.Version, r.Key,
				"A rendition is missing or has another size. It is made again when the document is read again."})
		}
	}
	return rows.Err()
}

// A listing steps through the bucket in the order of keys.
type listing struct {
	next    func() (blob.Object, error, bool)
	current blob.Object
	end     bool
}

// has says whether the bucket holds what r recorded. Calls must come in the order of keys.
func (l *listing) has(r Rendition) (bool, error) {
	for !l.end && l.current.Key <= r.Key {
		if l.current.Key == r.Key && l.current.Version == r.Object && !l.current.Deleted {
			return l.current.Size == r.Size, nil
		}
		o, err, ok := l.next()
		if err != nil {
			return false, err
		}
		l.current, l.end = o, !ok
	}
	return false, nil
}
