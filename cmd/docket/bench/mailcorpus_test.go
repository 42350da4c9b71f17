package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMailCorpus reads a folder of messages in all the ways in which they lie in folders: one line each, whatever they are.
func TestMailCorpus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one := "From: Anna <anna@example.org>\nTo: post+tok@example.com\nSubject: One\nDate: Sat, 14 Mar 2026 10:00:00 +0100\nMessage-ID: <1@example.org>\n\nText.\n"
	for name, data := range map[string]string{
		"a.eml": one, "sub/without": one, "b.mbox": "From a@b Sat Mar 14 10:00:00 2026\n" + one + "\nFrom a@b Sat Mar 14 10:00:00 2026\n" + one,
		"c.msg": "\xd0\xcf\x11\xe0 not Outlook's", "notes.txt": "no message",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := MailCorpus(t.Context(), dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.Lines(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := `{"file":"a.eml","subject":"One","from":"anna@example.org","to":"post+tok@example.com","date":"2026-03-14T10:00:00+01:00","text_length":6,"attachments":[],"machine":false,"token":"tok"}`
	if len(lines) != 5 || lines[0] != want || !strings.Contains(lines[2], `"file":"b.mbox#2"`) || !strings.Contains(lines[3], `"error":"The file is not a message`) {
		t.Errorf("%d lines:\n%s", len(lines), out.String())
	}
}
