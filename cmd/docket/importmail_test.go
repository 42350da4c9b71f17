package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/capture"
)

// Mail that lies in files is brought in by a command, and the same command brings nothing in twice.
func TestMailIsImportedByACommand(t *testing.T) {
	if testing.Short() {
		t.Skip("starts everything embedded")
	}
	t.Parallel()
	dir, data := t.TempDir(), t.TempDir()
	var box strings.Builder
	for n := range 30 {
		fmt.Fprintf(&box, "From a@b Sat Mar 14 10:00:00 2015\n%s\n", strings.Replace(letterByMail, "mail-1@", fmt.Sprintf("mail-%d@", n), 1))
	}
	if err := os.WriteFile(filepath.Join(dir, "old.mbox"), []byte(box.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []mailImport{{Imported: capture.Imported{Messages: 30, New: 30}}, {Imported: capture.Imported{Messages: 30, Already: 30}}} {
		out, problem, status := typed(t, "import", "mail", dir, "--json", "--data", data, "--log", "error")
		var got mailImport
		if err := json.Unmarshal([]byte(out), &got); err != nil || status != 0 {
			t.Fatalf("status %d, printed %q and %q", status, out, problem)
		}
		if got.Messages != want.Messages || got.New != want.New || got.Already != want.Already {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	out, problem, status := typed(t, "export", "mail", filepath.Join(dir, "out"), "--received", "2026-03-14..2026-03-15", "--data", data, "--log", "error")
	if status != 0 || !strings.Contains(out, "exported 30 messages") {
		t.Errorf("status %d, printed %q and %q", status, out, problem)
	}
	out, problem, status = typed(t, "import", "mail", filepath.Join(dir, "out"), "--data", data, "--log", "error")
	if status != 0 || !strings.Contains(out, "30 copies") {
		t.Errorf("status %d, printed %q and %q", status, out, problem)
	}
	if _, problem, status := typed(t, "import", "mail", dir, "--channel", "nobody@house.example", "--data", data, "--log", "error"); status != 1 || !strings.Contains(problem, "There is no channel") {
		t.Errorf("status %d: %s", status, problem)
	}
	if _, problem, status := typed(t, "import", "mail", filepath.Join(dir, "none")); status != 2 || !strings.Contains(problem, "there is no file") {
		t.Errorf("status %d: %s", status, problem)
	}
}

// What is imported as an archive is filed and found, with what it brings, and asks nothing of anybody.
func TestAnArchiveIsKeptAndFoundAndNothingFollows(t *testing.T) {
	whole(t)
	a := startApp(t, t.TempDir())
	dir := t.TempDir()
	unsure := `From: margaret@example.org
To: service@house.example
Message-ID: <mail-2@example.org>
Subject: Hello
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Hello from the lighthouse.

--b
Content-Type: text/plain; name="note.txt"
Content-Disposition: attachment; filename="note.txt"

The heron stands on the pier.
--b--
`
	for name, text := range map[string]string{"sure.eml": letterByMail, "unsure.eml": unsure} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, problem, status := typed(t, "import", "mail", dir, "--archive", "--data", a.config.Data, "--log", "error"); status != 0 || !strings.Contains(out, "2 new") {
		t.Fatalf("status %d, printed %q and %q", status, out, problem)
	}
	a.settle(t)
	for _, phrase := range []string{`"never worked"`, "lighthouse", "heron"} {
		a.finds(t, phrase, 1)
	}
	var tickets, tasks, waiting int
	err := a.pool.QueryRow(t.Context(), `select (select count(*) from workflow.ticket), (select count(*) from workflow.task),
		(select count(*) from capture.piece where state <> 'filed')`).Scan(&tickets, &tasks, &waiting)
	if err != nil || tickets+tasks+waiting > 0 {
		t.Errorf("%d tickets, %d tasks, %d pieces not filed: %v", tickets, tasks, waiting, err)
	}
}

// Whoever waits is told how far it is.
func TestProgressOfAnImport(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		so   capture.Imported
		want string
	}{
		{capture.Imported{}, "0 messages, 0 a second"},
		{capture.Imported{Messages: 500, Bytes: 10, Total: 40}, "500 messages, 50 a second, about 1500 left (30s)"},
		{capture.Imported{Messages: 500, Bytes: 40, Total: 40}, "500 messages, 50 a second, about 0 left (0s)"},
	} {
		if got := progressLine(test.so, 10*time.Second); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
