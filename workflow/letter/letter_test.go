package letter

import (
	"bytes"
	"flag"
	"io"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

const token = "dagikbirgaaahaaeaaaaaaaaaahqvy2z7vvbm6wkn3a"

// reply is a letter that a person wrote.
func reply() Letter {
	return Letter{Name: "Harbour Electrics, Kundendienst für alle", From: "service@house.example", To: []string{"eva@example.org"}, Cc: []string{"law@example.net"},
		Subject: "Re: Die Waschmaschine läuft nicht", Number: "CLM-2026-000123-7", Token: token, Parents: []string{"<b@mail.example>", "a@mail.example"},
		Date: time.Date(2026, 3, 16, 9, 41, 0, 0, time.FixedZone("CET", 3600)), Text: "Guten Tag,\r\n\r\nsie kommt am Freitag. Ein langer Absatz, der in keine Zeile passt, wird beim Versand umbrochen, ohne dass man es sieht.\n\n.\n\nGrüße\n",
		Signature: "Harbour Electrics\nHafenstraße 1"}
}

func acknowledgement(t *testing.T) Letter {
	text, _, err := Acknowledgement("fr", "de")
	if err != nil {
		t.Fatal(err)
	}
	l := reply()
	l.Automatic, l.Loop, l.Signature, l.Cc = Replied, "4f2a9c0d1e3b5a68", "", nil
	if l.Subject, l.Text, err = text.Render(example, time.FixedZone("CET", 3600)); err != nil {
		t.Fatal(err)
	}
	return l
}

func written(t testing.TB, l Letter) string {
	t.Helper()
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func file(name, kind, content string) Attachment {
	return Attachment{Name: name, MediaType: kind, Write: func(w io.Writer) (int64, error) { return io.Copy(w, strings.NewReader(content)) }}
}

// The bytes of letters are those of the golden files, which a person has read.
func TestLettersAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	attached := reply()
	attached.Attachments = []Attachment{file("Prüfbericht März.pdf", "application/pdf", "%PDF-1.7 ..."), file("note.txt", "text/plain; charset=utf-8", strings.Repeat("long lines ", 20)),
		file("the letter.eml", "message/rfc822", "From: x\r\n\r\ny")}
	notice := reply()
	notice.Automatic, notice.Loop, notice.Parents, notice.From = Generated, "4f2a9c0d1e3b5a68", nil, "the-mailbox-of-all-claims@house.example"
	for name, l := range map[string]Letter{"reply": reply(), "attachments": attached, "acknowledgement": acknowledgement(t), "notification": notice} {
		got := written(t, l)
		path := filepath.Join("testdata", name+".eml")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if again := written(t, l); again != got {
			t.Errorf("%s: written again it is other bytes", name)
		}
	}
}

func TestSubjectHasTheNumberOnce(t *testing.T) {
	t.Parallel()
	const number = "CLM-2026-000123-7"
	for s, want := range map[string]string{
		"Re: Water":                     "Re: Water [CLM-2026-000123-7]",
		"":                              "[CLM-2026-000123-7]",
		"Re: [clm-2026-000123-7] Water": "Re: [CLM-2026-000123-7] Water",
		"Re: Water [CLM-2026-000123-7] CLM-2026-000123-7": "Re: Water [CLM-2026-000123-7]",
		"Photos for CLM-2026-000123-7":                    "Photos for [CLM-2026-000123-7]",
		"Water [CLM-2026-000999-1]":                       "Water [CLM-2026-000999-1] [CLM-2026-000123-7]",
		"a\r\nBcc: all@example.org":                       "a Bcc: all@example.org [CLM-2026-000123-7]",
		"pay\u202egpj.exe\u0000 \u2028now":                "paygpj.exe now [CLM-2026-000123-7]",
		"bad \xff bytes":                                  "bad bytes [CLM-2026-000123-7]",
	} {
		if got := Subject(s, number); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
		if again := Subject(Subject(s, number), number); again != want {
			t.Errorf("%q twice: %q", s, again)
		}
	}
	if got := Subject(strings.Repeat("Wasserschäden ", 100), ""); len(got) > maxSubject || !strings.HasSuffix(got, "Wasserschäden…") {
		t.Errorf("a long one: %q", got)
	}
}

// At most ten references go out; the first and the nearest stay (rule 33).
func TestReferences(t *testing.T) {
	t.Parallel()
	var parents []string
	for c := 'z'; c >= 'a'; c-- {
		parents = append(parents, string(c)+"@x.example")
	}
	if got := strings.Join(references(parents), ""); got != "<a@x.example><r@x.example><s@x.example><t@x.example><u@x.example><v@x.example><w@x.example><x@x.example><y@x.example><z@x.example>" {
		t.Errorf("%s", got)
	}
	if got := references([]string{"<b@x>", " b@x ", "", "<>", "a b@x", "a\r\nBcc: x@y", "ä@x", strings.Repeat("x", maxID), "a@x"}); !slices.Equal(got, []string{"<a@x>", "<b@x>"}) {
		t.Errorf("what is no Message-ID goes out: %q", got)
	}
	if got := references(nil); got != nil {
		t.Errorf("of nothing: %q", got)
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"invoice.pdf": "invoice.pdf", "": "file", "../../etc/passwd": ".._.._etc_passwd", "a\"\r\nX: y.pdf": "a_ X_ y.pdf", "\u202efdp.exe": "fdp.exe",
		strings.Repeat("ä", 200) + ".pdf": strings.Repeat("ä", 96) + "….pdf",
	} {
		if got := fileName(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestAnAddressThatIsNotPlainIsRefused(t *testing.T) {
	t.Parallel()
	for _, a := range []string{"", "eva", "@example.org", "eva@", "Eva <eva@example.org>", "eva@example.org\r\nBcc: x@y.example", "eva@example.org,x@y.example", "ä@example.org", `"a b"@example.org`} {
		for _, change := range []func(*Letter){func(l *Letter) { l.To = []string{a} }, func(l *Letter) { l.Cc = []string{a} }, func(l *Letter) { l.From = a }} {
			l := reply()
			change(&l)
			if err := l.Write(io.Discard); err == nil {
				t.Errorf("%q is taken", a)
			}
		}
	}
}

// FuzzHeader puts texts of strangers wherever one can come into a header. None of them makes a field, a line that is too long, or a body.
func FuzzHeader(f *testing.F) {
	f.Add("Eva", "Re: Water", "a@x", "a.pdf", "Hello")
	f.Add("Eva\r\nBcc: x@y.example", "a\r\n\r\nb", "a>\r\nBcc: x", "\r\n--docket-x\r\n", ".\r\nQUIT")
	f.Add(strings.Repeat("ä", 500), strings.Repeat("x", 3000), strings.Repeat("<", 300), strings.Repeat("\u202e😀", 300), "\x00\xff")
	f.Add("=?utf-8?q?=0D=0ABcc:x?=", "=?utf-8?b?DQo=?=", "=?@?=", "=?utf-8?q?a?=", "\u2028\u0085")
	fields := []string{"Auto-Submitted", "Cc", "Content-Type", "Date", "From", "In-Reply-To", "Message-Id", "Mime-Version", "Precedence", "References", "Reply-To",
		"Subject", "To", "X-Auto-Response-Suppress", "X-Docket-Loop"}
	f.Fuzz(func(t *testing.T, name, subject, parent, file_, text string) {
		l := reply()
		l.Name, l.Subject, l.Parents, l.Text, l.Signature, l.Automatic, l.Loop = name, subject, []string{parent, "root@x"}, text, text, Replied, name
		l.Attachments = []Attachment{file(file_, file_, text)}
		raw := written(t, l)
		for _, line := range strings.Split(raw, "\r\n") {
			if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
				t.Fatalf("a line of %d octets, or half an end of one: %q", len(line), line)
			}
		}
		m, err := netmail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		for field, values := range m.Header {
			if !slices.Contains(fields, field) || len(values) != 1 {
				t.Errorf("field %s: %q", field, values)
			}
		}
		if to, err := m.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "eva@example.org" {
			t.Errorf("to %v %v", to, err)
		}
		if from, err := m.Header.AddressList("From"); err != nil || len(from) != 1 || from[0].Address != "service@house.example" {
			t.Errorf("from %v %v", from, err)
		}
		body, err := io.ReadAll(m.Body)
		if n := strings.Count("\r\n"+string(body), "\r\n--docket-"+token); n != 3 || err != nil {
			t.Errorf("%d boundaries, %v", n, err)
		}
	})
}

// A Message-ID stands on the line of its name, however long it is.
func TestAMessageIDIsNotFolded(t *testing.T) {
	t.Parallel()
	l := Letter{From: "complaints-and-claims@kundendienst.harbour-electrics.example", To: []string{"eva@example.org"}, Token: "dagikbirgaaahaaeaaaaaaaaaahqvy2z7vvbm6wkn3a", Text: "x"}
	var b strings.Builder
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	if want := "\r\nMessage-ID: " + l.MessageID() + "\r\n"; !strings.Contains(b.String(), want) {
		t.Errorf("%q is missing from\n%s", want, b.String())
	}
}
