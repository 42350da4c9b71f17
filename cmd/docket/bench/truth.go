package bench

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"docket/taxonomy"
)

// readTruths finds the truths below dir, in order of their names.
func readTruths(dir string) (all []pieceTruth, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		t, ok := parseTruth(data)
		if !ok {
			return nil
		}
		if t.path = besideTruth(path, t.File); t.path != "" || t.Text != "" {
			if t.File == "" {
				t.File = filepath.Base(t.path)
			}
			all = append(all, t)
		}
		return nil
	})
	return all, err
}

// besideTruth is the document that a truth is of.
func besideTruth(truth, file string) string {
	if file != "" {
		if path := filepath.Join(filepath.Dir(truth), file); isFile(path) {
			return path
		}
	}
	stem := strings.TrimSuffix(truth, ".json")
	for _, ext := range [...]string{".pdf", ".png", ".jpg", ".tif", ".tiff", ".txt", ".docx", ".eml"} {
		if isFile(stem + ext) {
			return stem + ext
		}
	}
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// A pieceTruth is what is on a document: as the sample mailbag writes it, or as the test files of invoice2data do.
type pieceTruth struct {
	File        string                      `json:"file"`
	Class       taxonomy.ClassID            `json:"class"`
	Language    string                      `json:"language"`
	Fields      map[taxonomy.FieldID]string `json:"fields"`
	Text        string                      `json:"text"`
	Attachments []pieceTruth                `json:"attachments"`

	path string
	only bool // fields that are not in the truth may be on the document all the same
}

// knows says whether the truth tells about a field.
func (t pieceTruth) knows(id taxonomy.FieldID) bool { return !t.only || t.Fields[id] != "" }

func parseTruth(data []byte) (t pieceTruth, ok bool) {
	if json.Unmarshal(data, &t) == nil && t.Fields != nil {
		return t, true
	}
	var invoices []struct {
		Issuer   string  `json:"issuer"`
		Date     string  `json:"date"`
		Number   any     `json:"invoice_number"`
		Amount   float64 `json:"amount"`
		Currency string  `json:"currency"`
	}
	if json.Unmarshal(data, &invoices) != nil || len(invoices) != 1 {
		return t, false
	}
	v := invoices[0]
	t = pieceTruth{only: true, Fields: map[taxonomy.FieldID]string{taxonomy.SenderName: v.Issuer, taxonomy.LetterDate: v.Date}}
	if v.Number != nil {
		t.Fields[taxonomy.InvoiceNumber] = fmt.Sprint(v.Number)
	}
	if v.Amount != 0 {
		t.Fields[taxonomy.Amount] = fmt.Sprintf("%.2f %s", v.Amount, v.Currency)
	}
	return t, true
}
