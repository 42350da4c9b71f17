package capture_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/mail"

	"github.com/google/go-cmp/cmp"
)

// oldMail is a folder with messages of all kinds: a mailbox with two, the second of which was also saved as a file; a Maildir with
// one; Outlook's.
func oldMail(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	received := "Received: from a by b; Sat, 14 Mar 2015 10:00:00 +0000\n"
	for name, content := range map[string]string{
		"a.mbox":                     "From a@b Sat Mar 14 10:00:00 2015\n" + received + numberedLF(1) + "\nFrom a@b Sat Mar 14 10:00:00 2015\n" + numberedLF(2),
		"b.eml":                      received + numberedLF(2),
		"c/cur/17.M1.host:2,S":       numberedLF(3),
		"c/new/.keep":                "",
		"letter.msg":                 string(must(os.ReadFile("mail/testdata/outlook/letter.msg"))),
		"with-header.msg":            string(must(os.ReadFile("mail/testdata/outlook/with-header.msg"))),
		"damaged.mbox":               "no mailbox",
		"of another kind/letter.txt": "no message",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func numberedLF(n int) string { return strings.ReplaceAll(numbered(n), "\r\n", "\n") }

// importer is one that is about to import a folder.
func (m *machine) importer(folder string) *capture.Importer {
	m.Helper()
	files, _, err := mail.Files(folder)
	if err != nil {
		m.Fatal(err)
	}
	return &capture.Importer{Intake: m.in, Source: "archive", By: "anna", Files: files}
}

func (m *machine) bringIn(folder string) capture.Imported {
	m.Helper()
	i := m.importer(folder)
	if err := i.Run(m.Context()); err != nil {
		m.Fatal(err)
	}
	return i.Progress()
}

// Messages are brought in once, with what they have of their receipt, and are passed over when the import is run again.
func TestAnArchiveIsImportedOnce(t *testing.T) {
	m := openMachine(t)
	dir := oldMail(t)
	first := m.bringIn(dir)
	if first.Messages != 6 || first.New != 5 || first.Duplicates != 1 || first.Bytes != first.Total || len(first.Problems) != 1 || !strings.Contains(first.Problems[0], "damaged.mbox") {
		t.Errorf("%+v", first)
	}
	if p := m.named("Letter 1.eml"); p.ReceivedAt.Year() != 2015 || p.Source != "archive" || p.ReceivedBy != "anna" {
		t.Errorf("%+v", p)
	}
	if p := m.named("Letter 3.eml"); time.Since(p.ReceivedAt) > time.Hour {
		t.Errorf("one without a date was received at %s", p.ReceivedAt)
	}
	if d := must(capture.Deliveries(t.Context(), m.Pool, m.named("letter.msg").Document)); len(d) != 1 || d[0].Protocol != capture.ImportProtocol {
		t.Errorf("%+v", d)
	}
	if err := os.Rename(filepath.Join(dir, "c/cur/17.M1.host:2,S"), filepath.Join(dir, "c/cur/17.M1.host:2,RS")); err != nil {
		t.Fatal(err)
	}
	if second := m.bringIn(dir); second.Messages != 6 || second.Already != 6 {
		t.Errorf("again: %+v", second)
	}
	m.work()
	if d := must(capture.Deliveries(t.Context(), m.Pool, m.named("Letter 1.eml").Document)); d[0].Verdict != nil {
		t.Errorf("who sent it years ago: %+v", d[0].Verdict)
	}
}

// A mailbox that was written anew has other messages at the same places.
func TestAMailboxThatWasWrittenAnew(t *testing.T) {
	m := openMachine(t)
	box := filepath.Join(t.TempDir(), "a.mbox")
	for i, want := range []capture.Imported{{Messages: 2, New: 2}, {Messages: 2, New: 1, Duplicates: 1}} {
		var all string
		for n := range 2 {
			all += "From a@b Sat Mar 14 10:00:00 2015\n" + numberedLF(1+i+n) + "\n"
		}
		if err := os.WriteFile(box, []byte(all), 0o600); err != nil {
			t.Fatal(err)
		}
		got := m.bringIn(box)
		want.Files, want.Bytes, want.Total = 1, int64(len(all)), int64(len(all))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// An import that is cut off goes on where it was, and large messages are not held.
func TestAnImportThatIsCutOffGoesOn(t *testing.T) {
	m := openMachine(t)
	box := filepath.Join(t.TempDir(), "a.mbox")
	var all strings.Builder
	const count = 60
	for n := range count {
		fmt.Fprintf(&all, "From a@b Sat Mar 14 10:00:00 2015\n%s\n", numberedLF(n))
		if n%20 == 0 {
			all.WriteString(strings.Repeat("A long line of a long message.\n", 100_000) + "\n")
		}
	}
	if err := os.WriteFile(box, []byte(all.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for after := 7; ; after += 16 {
		ctx, cancel := context.WithCancel(t.Context())
		i := m.importer(box)
		go func() {
			for i.Progress().Messages < after && ctx.Err() == nil {
				runtime.Gosched()
			}
			cancel()
		}()
		err := i.Run(ctx)
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if last := m.bringIn(box); last.Already != count {
		t.Errorf("%+v", last)
	}
	seen := map[string]int{}
	for _, line := range must(capture.Pieces(t.Context(), m.Pool, capture.Filter{Limit: 1000})) {
		seen[line.Name]++
		if line.State == capture.Duplicate || seen[line.Name] > 1 {
			t.Errorf("%s came twice", line.Name)
		}
	}
	if len(seen) != count {
		t.Errorf("%d messages of %d", len(seen), count)
	}
}
