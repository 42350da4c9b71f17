package page

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A format is what a file turned out to be.
type format struct {
	kind      Kind
	mediaType string
	misnamed  bool
	read      func(*reading, context.Context) error
}

// sniff tells what a file is by its bytes. Its name decides only between kinds of plain text, which look alike.
func (r *Reader) sniff(file, name string) (format, error) {
	if _, err := r.size(file); err != nil {
		return format{}, err
	}
	head, err := readHead(file)
	if err != nil {
		return format{}, err
	}
	ext := strings.ToLower(filepath.Ext(name))
	f := identify(file, head, ext)
	if f.read == nil {
		return f, unsupported(file, f)
	}
	f.misnamed = misnamed(ext, f.kind)
	return f, nil
}

func readHead(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 16<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return head[:n], nil
}
