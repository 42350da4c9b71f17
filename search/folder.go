package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The folder holds the index in use under the name that the file CURRENT says, and perhaps one that is being built.
const (
	currentFile = "CURRENT"
	namePrefix  = "index-"
	firstName   = namePrefix + "1"
)

// currentName is the name of the index in use. In an empty folder it writes down the first.
func (x *Index) currentName() (string, error) {
	name, err := os.ReadFile(filepath.Join(x.folder, currentFile))
	switch {
	case errors.Is(err, os.ErrNotExist):
		if err := os.MkdirAll(x.folder, 0o700); err != nil {
			return "", fmt.Errorf("search index: %w", err)
		}
		return firstName, x.point(firstName)
	case err != nil:
		return "", fmt.Errorf("search index: %w", err)
	}
	return filepath.Base(strings.TrimSpace(string(name))), nil
}

// point makes name the index in use. The change is atomic: a rename of a file that is on disk.
func (x *Index) point(name string) error {
	temporary := filepath.Join(x.folder, currentFile+".new")
	f, err := os.OpenFile(temporary, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	_, err = f.WriteString(name + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(temporary, filepath.Join(x.folder, currentFile))
	}
	if err != nil {
		return fmt.Errorf("search index: %w", err)
	}
	return nil
}
