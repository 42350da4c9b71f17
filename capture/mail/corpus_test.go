package mail

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the corpus gives as what is wanted; look at every difference before keeping it")

// TestCorpus reads every message of testdata/corpus. Its folders are named after the rules of docs/email.md; want.txt beside
// the messages says what must come of each: subject | from | to | date | length of the text | machine | attachments | tokens |
// flags, and what the rule is about.
func TestCorpus(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/corpus/*")
	if err != nil || len(folders) < 20 {
		t.Fatalf("%d folders, %v", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			got := readFolder(t, folder)
			golden := filepath.Join(folder, "want.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func readFolder(t *testing.T, folder string) string {
	t.Helper()
	rule := filepath.Base(folder)[:2]
	var out strings.Builder
	for _, file := range messages(t, folder) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s: %s", strings.TrimSuffix(filepath.Base(file), ".eml"), summary(m))
		if about[rule] != nil {
			fmt.Fprintf(&out, " | %s", about[rule](m))
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func messages(t testing.TB, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil || len(files) < 1 {
		t.Fatalf("no messages in %s, %v", folder, err)
	}
	return files
}

func summary(m *Message) string {
	date := "-"
	if !m.Date.IsZero() {
		date = m.Date.Format(time.RFC3339)
	}
	machine := "person"
	if m.Machine.Kind != "" {
		machine = m.Machine.Kind
	}
	if m.Machine.Silent {
		machine += ", silent"
	}
	var parts []string
	for _, p := range m.Parts {
		s := fmt.Sprintf("%s (%s, %d)", p.Name, p.MediaType, len(p.Body))
		s += ifSo(p.Inline, " inline") + ifSo(p.Message, " message") + ifSo(p.Encrypted, " sealed")
		parts = append(parts, s)
	}
	return strings.Join([]string{m.Subject, list(m.From), list(m.To), date, fmt.Sprint(len(m.Text)), machine, strings.Join(parts, ", "),
		strings.Join(m.Tokens, " "), fmt.Sprint(m.Flags)}, " | ")
}

func ifSo(is bool, word string) string {
	if is {
		return word
	}
	return ""
}

func list(all []Address) string {
	var s []string
	for _, a := range all {
		s = append(s, a.String())
	}
	return strings.Join(s, ", ")
}

// about is what each rule is about, to be shown beside the rest.
var about = map[string]func(*Message) string{
	"02": func(m *Message) string { return fmt.Sprint(m.ID, " ", m.Synthetic) },
	"09": func(m *Message) string { return oneLine(m.Text) },
	"10": func(m *Message) string { return oneLine(m.Text) },
	"12": func(m *Message) string { return strings.Join(m.Loops, " ") },
	"13": func(m *Message) string { return m.Machine.Reason },
	"14": func(m *Message) string { return m.Machine.Reason },
	"15": func(m *Message) string { return m.Machine.Reason },
	"20": report, "21": report, "22": report,
	"25": func(m *Message) string {
		return fmt.Sprintf("%s > %.80s (%d)", strings.Join(m.InReplyTo, " "), strings.Join(m.References, " "), len(m.References))
	},
	"33": func(m *Message) string { return strings.Join(m.References, " ") },
	"35": func(m *Message) string { return list(m.Sender) + " | " + list(m.ReplyTo) },
	"36": func(m *Message) string {
		from, _ := m.Forwarded()
		return "by " + from.String()
	},
	"37": func(m *Message) string { return strings.Join(m.InReplyTo, " ") + " | " + oneLine(Answer(m.Text)) },
	"39": func(m *Message) string { return strings.Join(m.Delivered, " ") },
	"40": func(m *Message) string { return oneLine(m.Text) },
	"43": func(m *Message) string { return oneLine(Reply(m.Text)) },
}

func report(m *Message) string {
	if m.Report == nil {
		return "no report"
	}
	var s []string
	for _, r := range m.Report.Recipients {
		s = append(s, fmt.Sprintf("%s %s %s permanent=%v", r.Address, r.Action, r.Status, r.Permanent))
	}
	return fmt.Sprintf("%s; original %s “%s”", strings.Join(s, ", "), m.Report.Original, m.Report.Subject)
}

func oneLine(s string) string {
	return fmt.Sprintf("%.200s", strings.ReplaceAll(strings.TrimSpace(s), "\n", "⏎"))
}
