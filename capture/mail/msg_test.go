package mail

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
)

// TestFromOutlook reads the messages of testdata/outlook; want.txt beside them says what must come of each.
func TestFromOutlook(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/outlook/*.msg")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d messages, %v", len(files), err)
	}
	var got strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := FromOutlook(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		m := read(raw)
		got.WriteString(strings.TrimSuffix(filepath.Base(file), ".msg") + ": " + summary(m) + " | " + m.ID + " | " + list(m.Cc) + " | " + oneLine(m.Text) + "\n")
	}
	golden := "testdata/outlook/want.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestNotFromOutlook(t *testing.T) {
	t.Parallel()
	letter, err := os.ReadFile("testdata/outlook/letter.msg")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("hello"), "cut off": letter[:700], "only the mark": letter[:8]} {
		if _, err := FromOutlook(bytes.NewReader(data), int64(len(data))); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
