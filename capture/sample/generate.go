package sample

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Manifest is the file in the folder of a bag that lists the truth of all pieces, in the order of their arrival.
const Manifest = "mailbag.json"

// Generate makes a bag in the folder dir, which is created when missing: each piece with its truth beside it, and the
// manifest. It gives the truths in order.
func Generate(dir string, o Options) ([]Truth, error) {
	bag, err := NewBag(o)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make folder for the mailbag: %w", err)
	}
	truths := make([]Truth, bag.Len())
	err = bag.each(func(i int, p Piece) error {
		truths[i] = p.Truth
		if err := os.WriteFile(filepath.Join(dir, p.Name), p.Bytes, 0o644); err != nil {
			return fmt.Errorf("write piece: %w", err)
		}
		return writeJSON(filepath.Join(dir, truthName(p.Name)), p.Truth)
	})
	if err != nil {
		return nil, err
	}
	return truths, writeJSON(filepath.Join(dir, Manifest), truths)
}

// truthName is the name of the truth of a file.
func truthName(file string) string {
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".json"
}

func writeJSON(path string, v any) error {
	var data bytes.Buffer
	e := json.NewEncoder(&data)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode %s: %w", filepath.Base(path), err)
	}
	if err := os.WriteFile(path, data.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write truth: %w", err)
	}
	return nil
}
