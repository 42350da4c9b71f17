package bench

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"docket/capture/detect"
	"docket/repository/fault"
)

// The names by which public collections call the columns of text and label.
var (
	textColumns  = []string{"text", "input", "narrative", "content", "body", "sentence", "document"}
	labelColumns = []string{"label", "category", "class", "output", "product", "intent", "topic"}
)

// readLabelled reads texts with their labels:
//
//   - .tsv, .txt: a label, a tab and a text a line, or any columns under a first line that names them;
//   - .csv: columns under a first line that names them;
//   - .json: a list of objects with a member for the text and one for the label;
//   - a folder with truth files of a sample mailbag, its attachments too;
//   - any other folder: all such files below it, and text files in subfolders named by their label.
func readLabelled(path string) ([]detect.Example, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	var all []detect.Example
	if info.IsDir() {
		all, err = readLabelledFolder(path)
	} else {
		all, err = readLabelledFile(path)
	}
	if err == nil && len(all) == 0 {
		err = fault.New(fault.Invalid, "%s holds no text with a label.", path)
	}
	return all, err
}

func readLabelledFolder(dir string) ([]detect.Example, error) {
	truths, err := readTruths(dir)
	if err != nil {
		return nil, err
	}
	var all []detect.Example
	for _, t := range withAttachments(truths) {
		if t.Class != "" && strings.TrimSpace(t.Text) != "" {
			all = append(all, detect.Example{Text: t.Text, Label: string(t.Class), Language: t.Language})
		}
	}
	if len(all) > 0 {
		return all, nil
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		var some []detect.Example
		switch parent := filepath.Dir(path); {
		case filepath.Ext(path) == ".txt" && parent != filepath.Clean(dir):
			var text []byte
			text, err = os.ReadFile(path)
			some = []detect.Example{{Text: string(text), Label: filepath.Base(parent)}}
		case slices.Contains([]string{".tsv", ".csv", ".json"}, filepath.Ext(path)):
			some, err = readLabelledFile(path)
		}
		all = append(all, some...)
		return err
	})
	return all, err
}

func readLabelledFile(path string) ([]detect.Example, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []detect.Example
	switch filepath.Ext(path) {
	case ".json":
		all, err = labelledJSON(data)
	case ".csv":
		all, err = labelledCSV(data)
	default:
		all, err = labelledLines(string(data))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return all, nil
}

func labelledJSON(data []byte) ([]detect.Example, error) {
	var objects []map[string]any
	if err := json.Unmarshal(data, &objects); err != nil {
		return nil, err
	}
	var all []detect.Example
	for i, o := range objects {
		text, label := member(o, textColumns), member(o, labelColumns)
		if text == "" || label == "" {
			return nil, fault.New(fault.Invalid, "Object %d has no text or no label.", i+1)
		}
		all = append(all, detect.Example{Text: text, Label: label})
	}
	return all, nil
}

func member(o map[string]any, names []string) string {
	for _, n := range names {
		if v, ok := o[n]; ok {
			return fmt.Sprint(v)
		}
	}
	return ""
}

func labelledCSV(data []byte) ([]detect.Example, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, err
	}
	text, label, ok := -1, -1, false
	if len(rows) > 0 {
		text, label, ok = columns(rows[0])
	}
	if !ok {
		return nil, fault.New(fault.Invalid, "The first line must name a column of texts (%s) and one of labels (%s).",
			strings.Join(textColumns, ", "), strings.Join(labelColumns, ", "))
	}
	var all []detect.Example
	for _, row := range rows[1:] {
		all = append(all, detect.Example{Text: row[text], Label: row[label]})
	}
	return all, nil
}

// columns finds the columns of text and label.
func columns(header []string) (text, label int, ok bool) {
	find := func(names []string) int {
		return slices.IndexFunc(header, func(h string) bool {
			return slices.Contains(names, strings.ToLower(strings.TrimSpace(h)))
		})
	}
	text, label = find(textColumns), find(labelColumns)
	return text, label, text >= 0 && label >= 0
}

func labelledLines(data string) ([]detect.Example, error) {
	text, label := 1, 0
	var all []detect.Example
	for i, line := range strings.Split(strings.TrimPrefix(data, "\ufeff"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.Split(line, "\t")
		if t, l, named := columns(cells); i == 0 && named {
			text, label = t, l
			continue
		}
		if len(cells) <= max(text, label) {
			return nil, fault.New(fault.Invalid, "Line %d needs a label, a tab and a text.", i+1)
		}
		all = append(all, detect.Example{Text: cells[text], Label: cells[label]})
	}
	return all, nil
}
