package mail

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The files with messages are found in folders, and nothing else is taken for one.
func TestFiles(t *testing.T) {
	t.Parallel()
	const message = "From: a@example.org\nDate: Sat, 14 Mar 2026 10:00:00 +0000\nSubject: Hello\n\nHello.\n"
	const box = "From a@example.org Sat Mar 14 10:00:00 2026\n" + message
	for _, test := range []struct {
		name, file, content string
		kind                FileKind
		want                bool
		called              string // where that is not the path
	}{
		{"a message", "a/b.eml", message, Single, true, ""},
		{"a message as an old program saved it", "b.EML", box, Single, true, ""},
		{"a mailbox", "b.mbox", box, Mailbox, true, ""},
		{"a mailbox without an ending", "Inbox", box, Mailbox, true, ""},
		{"a message without an ending", "1", message, Single, true, ""},
		{"Outlook's", "a.msg", "\xd0\xcf\x11\xe0", Outlook, true, ""},
		{"called as Outlook's", "a.msg", message, Single, true, ""},
		{"a Maildir's", "box/cur/17.M1.host:2,RS", message, Single, true, "box/17.M1.host"},
		{"a Maildir's that nobody has seen", "box/new/17.M1.host", message, Single, true, "box/17.M1.host"},
		{"in a folder of a Maildir", "box/.Sent.2025/cur/17.M1.host:2,", message, Single, true, "box/.Sent.2025/17.M1.host"},
		{"what a Maildir is being given", "box/tmp/17.M1.host", message, Single, false, ""},
		{"what a server keeps about a Maildir", "box/dovecot-uidlist", "3 V1 N2\n", Single, false, ""},
		{"a hidden folder", ".git/a.eml", message, Single, false, ""},
		{"a hidden file", "._a.eml", message, Single, false, ""},
		{"a text", "README", "Note: this is a text\n", Single, false, ""},
		{"an index", "Inbox.msf", "// <!-- <mdb:mork", Single, false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, folder := range []string{"box/cur", "box/new", "box/.Sent.2025/cur", "box/.Sent.2025/new", filepath.Dir(test.file)} {
				if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			path := filepath.Join(dir, test.file)
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			var want []File
			if test.want {
				called := path
				if test.called != "" {
					called = filepath.Join(dir, test.called)
				}
				want = []File{{path, called, test.kind, int64(len(test.content))}}
			}
			files, _, err := Files(dir)
			if diff := cmp.Diff(want, files); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
	if _, _, err := Files(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a path that is not there: %v", err)
	}
}

// What is old was received when the last server had it, and never tomorrow.
func TestReceivedAt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	at := func(day int) time.Time { return time.Date(2026, 3, day, 10, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		name, head string
		want       time.Time
	}{
		{"the last server's", "Received: from a by b; Sun, 15 Mar 2026 10:00:00 +0000\nReceived: from c by a; Sat, 14 Mar 2026 10:00:00 +0000\nDate: Fri, 13 Mar 2026 10:00:00 +0000\n\n", at(15)},
		{"behind a line of a mailbox", "From a@b Sun Mar 15 10:00:00 2026\nReceived: from a by b;\n\tSun, 15 Mar 2026 11:00:00 +0100\n\n", at(15)},
		{"the one below, where the last cannot be read", "Received: by b\nReceived: from c by a; Sat, 14 Mar 2026 10:00:00 +0000\n\n", at(14)},
		{"the sender's", "Date: Fri, 13 Mar 2026 10:00:00 +0000\nSubject: x\n\n", at(13)},
		{"a server whose clock is ahead", "Received: from a by b; Sun, 15 Mar 2027 10:00:00 +0000\nDate: Fri, 13 Mar 2026 10:00:00 +0000\n\n", at(13)},
		{"a sender whose clock is ahead", "Date: Sat, 13 Mar 2027 10:00:00 +0000\n\n", now},
		{"none", "Subject: x\n\n", now},
		{"nothing", "", now},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := ReceivedAt([]byte(test.head), now); !got.Equal(test.want) {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
