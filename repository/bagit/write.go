package bagit

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// A Payload is one file that lies under data, as Write lists it.
type Payload struct {
	Entry
	Size int64
}

// Write makes a bag of a folder that holds its payload: it writes the manifest of files, which must be all that lie under data,
// then bag-info.txt with Payload-Oxum, the declaration, and the tag manifest, in which the further tag files named are listed as
// well. Everything is flushed to the disk before it returns.
func Write(dir string, files iter.Seq2[Payload, error], fields []Field, tags ...string) (Summary, error) {
	var s Summary
	err := create(filepath.Join(dir, manifest), func(w *bufio.Writer) error {
		for f, err := range files {
			if err != nil {
				return err
			}
			if err := checkPath(f.Path); err != nil || !strings.HasPrefix(f.Path, payload) {
				return fmt.Errorf("bag %q: %w", f.Path, err)
			}
			s.Files++
			s.Bytes += f.Size
			fmt.Fprintln(w, f.Entry)
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	if err := writeFields(filepath.Join(dir, info), append(fields, Field{"Payload-Oxum", s.Oxum()})); err != nil {
		return s, err
	}
	declared := []Field{{"BagIt-Version", "1.0"}, {"Tag-File-Character-Encoding", "UTF-8"}}
	if err := writeFields(filepath.Join(dir, declaration), declared); err != nil {
		return s, err
	}
	return s, create(filepath.Join(dir, tagManifest), func(w *bufio.Writer) error {
		for _, name := range append([]string{info, declaration, manifest}, tags...) {
			sum, err := digest(filepath.Join(dir, name))
			if err != nil {
				return err
			}
			fmt.Fprintln(w, Entry{name, sum})
		}
		return nil
	})
}

// writeFields writes labels and values, each on one line. A label without a value is left out.
func writeFields(name string, fields []Field) error {
	return create(name, func(w *bufio.Writer) error {
		for _, f := range fields {
			if value := strings.Join(strings.Fields(f.Value), " "); value != "" {
				fmt.Fprintf(w, "%s: %s\n", f.Label, value)
			}
		}
		return nil
	})
}

// create writes a file and flushes it to the disk.
func create(name string, write func(*bufio.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	if err := write(w); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(name), err)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

func digest(name string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	d := sha256.New()
	_, err = io.Copy(d, f)
	return [sha256.Size]byte(d.Sum(nil)), err
}
