package transfer

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/taxonomy"
)

const exportedMail = "From: Anna <anna@example.org>\r\nTo: service@house.example\r\nMessage-ID: <%d@example.org>\r\nDate: Sat, 14 Mar 2026 10:00:00 +0000\r\nSubject: Letter %d\r\n\r\nHello.\r\n\r\nFrom here on:\r\n>From there\r\n"

// receiveMail hands in messages as a server would, and one of Outlook's as an import would.
func (h *house) receiveMail(t *testing.T, count int) (ids []repository.DocumentID) {
	t.Helper()
	outlook, err := os.ReadFile("../../../capture/mail/testdata/outlook/letter.msg")
	if err != nil {
		t.Fatal(err)
	}
	for n := range count + 1 {
		content, protocol := []byte(fmt.Sprintf(exportedMail, n, n)), "smtp"
		if n == count {
			content, protocol = outlook, capture.ImportProtocol
		}
		p, err := h.intake.Receive(t.Context(), capture.Item{Source: "mail/x", Name: "x.eml", By: "anna", Content: bytes.NewReader(content),
			ReceivedAt: time.Date(2026, 3, 1+n, 12, 0, 0, 0, time.UTC), Mail: &capture.Delivery{Protocol: protocol, MailFrom: "anna@example.org"}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, p.Document)
	}
	return ids
}

func (h *house) exportMail(t *testing.T, e MailExporter, s MailSelection) (dir string, r MailReport, lines []MailLine) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	e.Pool, e.Store, e.Desk, e.Journal, e.By, e.Log = h.pool, h.store, h.desk, h.journal, "ada", slog.New(slog.DiscardHandler)
	r, err := e.Export(t.Context(), dir, s)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, mailManifest))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(manifest) {
		var l MailLine
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return dir, r, lines
}

// Every message is proved by the manifest: what lies at its place is what was received.
func TestExportedMailIsProved(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.receiveMail(t, 3)
	for _, single := range []bool{false, true} {
		dir, r, lines := h.exportMail(t, MailExporter{Reader: taxonomy.Root, Single: single}, MailSelection{})
		if r.Messages != 4 || len(lines) != 4 || len(r.Problems) != 0 {
			t.Fatalf("%+v, %d lines", r, len(lines))
		}
		for i, l := range lines {
			if got := digestAt(t, dir, l, single); got != l.SHA256 && !l.Rewritten {
				t.Errorf("%s is not what was received", l.File)
			}
			if l.Rewritten != (i == 3 && !single) {
				t.Errorf("message %d: %+v", i, l)
			}
			if i < 3 && (l.MessageID != fmt.Sprintf("<%d@example.org>", i) || l.Subject != fmt.Sprintf("Letter %d", i) || !strings.Contains(l.From, "anna@example.org")) {
				t.Errorf("message %d: %+v", i, l)
			}
			if i == 3 && l.Subject == "" {
				t.Errorf("Outlook's: %+v", l)
			}
		}
	}
	var events int
	if err := h.pool.QueryRow(t.Context(), "select count(*) from repository.event where verb = $1", MailExported).Scan(&events); err != nil || events != 2 {
		t.Errorf("the journal has %d exports, %v", events, err)
	}
}

// digestAt takes a message from its place, as anybody can.
func digestAt(t *testing.T, dir string, l MailLine, single bool) string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(dir, l.File))
	if err != nil {
		t.Fatal(err)
	}
	content := file[l.Offset : l.Offset+l.Length]
	if single {
		return fmt.Sprintf("%x", sha256.Sum256(content))
	}
	var plain bytes.Buffer
	lines := bufio.NewReader(bytes.NewReader(content))
	for {
		line, err := lines.ReadString('\n')
		if rest := strings.TrimLeft(line, ">"); len(rest) < len(line) && strings.HasPrefix(rest, "From ") {
			line = line[1:]
		}
		plain.WriteString(line)
		if err != nil {
			return fmt.Sprintf("%x", sha256.Sum256(plain.Bytes()))
		}
	}
}

// Messages are chosen by documents and by days, and nobody gets what they may not see.
func TestMailIsChosen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := h.receiveMail(t, 3)
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		name   string
		reader taxonomy.Reader
		s      MailSelection
		want   []string
	}{
		{"all", taxonomy.Root, MailSelection{From: day(1), To: day(4)}, []string{"Letter 0", "Letter 1", "Letter 2"}},
		{"some documents", taxonomy.Root, MailSelection{Documents: ids[1:2]}, []string{"Letter 1"}},
		{"no documents", taxonomy.Root, MailSelection{Documents: ids[:0]}, nil},
		{"a day", taxonomy.Root, MailSelection{From: day(2), To: day(3)}, []string{"Letter 1"}},
		{"whoever handed it in", taxonomy.Reader{Tokens: []string{"user:anna"}}, MailSelection{Documents: ids[:1]}, []string{"Letter 0"}},
		{"somebody else", taxonomy.Reader{Tokens: []string{taxonomy.Everyone, "user:ben"}}, MailSelection{}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, lines := h.exportMail(t, MailExporter{Reader: test.reader}, test.s)
			var got []string
			for _, l := range lines {
				got = append(got, l.Subject)
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// A message that the store has lost or damaged is a problem, and leaves no half of it in the mailbox.
func TestMailThatTheStoreHasLost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := h.receiveMail(t, 3)
	v, err := h.store.Version(t.Context(), h.pool, ids[1], 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.blobs.Delete(context.Background(), "documents/"+ids[1].String()+"/content", v.Object); err != nil {
		t.Fatal(err)
	}
	if v, err = h.store.Version(t.Context(), h.pool, ids[0], 0); err != nil {
		t.Fatal(err)
	}
	h.blobs.(*blob.Memory).Damage("documents/"+ids[0].String()+"/content", v.Object, []byte("Subject: damaged\n\nx\n"))
	dir, r, lines := h.exportMail(t, MailExporter{Reader: taxonomy.Root}, MailSelection{})
	if r.Messages != 2 || len(lines) != 2 || len(r.Problems) != 2 || !strings.Contains(r.Problems[1], ids[1].String()) {
		t.Errorf("%+v", r)
	}
	for _, l := range lines {
		if digestAt(t, dir, l, false) != l.SHA256 && !l.Rewritten {
			t.Errorf("%+v is not what was received", l)
		}
	}
	e := MailExporter{Pool: h.pool, Store: h.store, Desk: h.desk, Journal: h.journal, Reader: taxonomy.Root}
	if _, err := e.Export(t.Context(), dir, MailSelection{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("into a folder that is there: %v", err)
	}
}
