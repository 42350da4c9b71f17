package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"

	"docket/repository/fault"
)

// inMemory is how many bytes of one put are kept in memory, which a page scanned at 300 dpi has; larger ones go to a temporary
// file.
const inMemory = 8 << 20

// A spool holds what is to be put, read whole and measured.
type spool struct {
	io.ReaderAt
	size   int64
	sha256 SHA256
	file   *os.File // nil when it is in memory
}

// fill reads r to its end. The temporary file lies in folder ("" is the system's) and is unlinked at once: it vanishes with
// the process.
func fill(ctx context.Context, r io.Reader, maxSize int64, folder string) (*spool, error) {
	m := &measure{ctx: ctx, r: r, hash: sha256.New(), max: maxSize}
	var head bytes.Buffer
	_, err := io.CopyN(&head, m, inMemory)
	if err == io.EOF {
		return &spool{ReaderAt: bytes.NewReader(head.Bytes()), size: m.size, sha256: m.sum()}, nil
	}
	if err != nil {
		return nil, err
	}
	file, err := temporary(folder)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(file, io.MultiReader(&head, m)); err != nil {
		file.Close()
		return nil, err
	}
	return &spool{ReaderAt: file, size: m.size, sha256: m.sum(), file: file}, nil
}

func temporary(folder string) (*os.File, error) {
	file, err := os.CreateTemp(folder, "docket-put-")
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		file.Close()
		return nil, fmt.Errorf("spool: %w", err)
	}
	return file, nil
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// A measure counts and digests what is read through it, and ends with an error at the limit or when ctx is cancelled.
type measure struct {
	ctx  context.Context
	r    io.Reader
	hash hash.Hash
	size int64
	max  int64 // 0 means no limit
}

func (m *measure) Read(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.r.Read(p)
	m.hash.Write(p[:n])
	m.size += int64(n)
	if m.max > 0 && m.size > m.max {
		return 0, fault.New(fault.TooLarge, "The file is larger than the limit of %s. Nothing of it was stored. "+
			"Send a smaller file, or ask an administrator to raise the limit.", megabytes(m.max))
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("read content: %w", err)
	}
	return n, err
}

func (m *measure) sum() SHA256 { return SHA256(m.hash.Sum(nil)) }

func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.4g MB", float64(n)/(1<<20))
}
