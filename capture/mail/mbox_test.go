package mail

import (
	"errors"
	"io"
	"strings"
	"testing"

	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
)

func readAll(t *testing.T, box string) []string {
	t.Helper()
	var all []string
	err := ReadMbox(strings.NewReader(box), func(_ int64, raw io.Reader) error {
		b, err := io.ReadAll(raw)
		all = append(all, string(b))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

// TestReadMbox parts mailboxes of the kinds that there are.
func TestReadMbox(t *testing.T) {
	t.Parallel()
	const from = "From anna@example.org Sat Mar 14 10:00:00 2026\n"
	long := strings.Repeat("x", 3*maxMboxLine)
	cases := []struct {
		name, box string
		want      []string
	}{
		{"two messages", from + "Subject: 1\n\na\n\n" + from + "Subject: 2\n\nb\n", []string{"Subject: 1\n\na\n", "Subject: 2\n\nb\n"}},
		{"quoted lines", from + "Subject: 1\n\n>From here\n>>From there\n> From nowhere\n", []string{"Subject: 1\n\nFrom here\n>From there\n> From nowhere\n"}},
		{"text that was not quoted", from + "Subject: 1\n\nI love\n\nFrom Russia with love\n\nFrom then on: all well\n", []string{"Subject: 1\n\nI love\n\nFrom Russia with love\n\nFrom then on: all well\n"}},
		{"without empty lines between", from + "Subject: 1\n\na\n" + from + "Subject: 2\n\nb\n", []string{"Subject: 1\n\na\n", "Subject: 2\n\nb\n"}},
		{"only a hyphen", "From - \nSubject: 1\n\na\nFrom - \nSubject: 2\n\nb\n", []string{"Subject: 1\n\na\n", "Subject: 2\n\nb\n"}},
		{"carriage returns", "From a@b Sat Mar 14 10:00:00 2026\r\nSubject: 1\r\n\r\na\r\n\r\nFrom a@b Sat Mar 14 10:00:00 2026\r\nSubject: 2\r\n\r\nb\r\n", []string{"Subject: 1\r\n\r\na\r\n", "Subject: 2\r\n\r\nb\r\n"}},
		{"empty lines before", "\n\n" + from + "Subject: 1\n\na\n", []string{"Subject: 1\n\na\n"}},
		{"a long line", from + "Subject: 1\n\n" + long + "\n\n" + from + "Subject: 2\n\nb", []string{"Subject: 1\n\n" + long + "\n", "Subject: 2\n\nb"}},
		{"nothing", "", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, readAll(t, c.box)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadMboxEnds(t *testing.T) {
	t.Parallel()
	err := ReadMbox(strings.NewReader("Subject: no mailbox\n\ntext\n"), func(int64, io.Reader) error { return nil })
	if !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	enough, n := errors.New("enough"), 0
	box := "From - \nSubject: 1\n\na\nFrom - \nSubject: 2\n\nb\n"
	if err := ReadMbox(strings.NewReader(box), func(int64, io.Reader) error { n++; return enough }); !errors.Is(err, enough) || n != 1 {
		t.Errorf("%v after %d", err, n)
	}
	n = 0
	if err := ReadMbox(strings.NewReader(box), func(int64, io.Reader) error { n++; return nil }); err != nil || n != 2 {
		t.Errorf("%v: %d messages of which nothing was read", err, n)
	}
}

// TestReplyHTML shows what is before the quote that a mailer marks, and all where none is marked.
func TestReplyHTML(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		`<p>Yes.</p><div class="gmail_quote"><div class="gmail_attr">On Monday Anna wrote:</div><blockquote>old</blockquote></div>`:      "Yes.",
		`<p>Ja.</p><div class="moz-cite-prefix">Am 14.03.26 um 10:00 schrieb Anna:</div><blockquote type="cite">alt</blockquote>`:        "Ja.",
		`<p>Igen.</p><p>2026. 03. 14. 10:00 keltezéssel, Anna írta:</p><blockquote>régi</blockquote>`:                                    "Igen.",
		`<p>Yes.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p>From: Anna</p></div><p>old</p>`: "Yes.",
		`<p>No quote at all.</p>`:              "No quote at all.",
		`<blockquote>only quoted</blockquote>`: "> only quoted",
	}
	for page, want := range cases {
		if got := htmlText(ReplyHTML(page)); got != want {
			t.Errorf("%q, want %q, of %s", got, want, page)
		}
	}
}
