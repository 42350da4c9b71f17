package transfer

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"docket/repository"
	"docket/repository/bagit"
	"docket/taxonomy"
)

// Names of the files of an export.
const (
	linesFile       = "data/documents.jsonl"
	definitionsFile = "data/definitions.json"
	readmeFile      = "README.txt"
	stateFile       = "export.json" // of an unfinished one
)

// What bag-info.txt says of the format.
const (
	formatLabel    = "Docket-Export-Format"
	formatVersion  = "1"
	documentsLabel = "Docket-Documents"
)

// maxLine bounds one line of documents.jsonl, in bytes.
const maxLine = 64 << 20

// readme explains an export to whoever finds it.
//
//go:embed readme.txt
var readme string

// definitions are what the house had defined: what the IDs in the lines mean.
type definitions struct {
	Language     string                               `json:"language"`
	Classes      []taxonomy.Class                     `json:"classes"`
	Fields       []taxonomy.Field                     `json:"fields"`
	Vocabularies map[taxonomy.FieldID][]taxonomy.Term `json:"vocabularies"`
	Categories   []taxonomy.Category                  `json:"categories"`
}

func newDefinitions(c *taxonomy.Catalogue) definitions {
	return definitions{c.Language, c.Classes, c.Fields, c.Vocabularies, c.Categories}
}

func compare(a, b repository.DocumentID) int { return bytes.Compare(a[:], b[:]) }

// chosen is a digest of the documents chosen, empty when all are.
func chosen(s Selection) string {
	if s.Documents == nil {
		return ""
	}
	d := sha256.New()
	for _, id := range s.Documents {
		d.Write(id[:])
	}
	return hex.EncodeToString(d.Sum(nil))
}

// digestOf reads a file of an export to list it.
func digestOf(dir, name string) (p bagit.Payload, err error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return p, err
	}
	defer f.Close()
	d := sha256.New()
	p.Size, err = io.Copy(d, f)
	p.Entry = bagit.Entry{Path: name, SHA256: [sha256.Size]byte(d.Sum(nil))}
	return p, err
}
