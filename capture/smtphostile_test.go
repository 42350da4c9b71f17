package capture_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"

	"docket/capture"
)

// A raw connection to a mail server, on which anything can be said.
type raw struct {
	*testing.T
	net.Conn
	answers *textproto.Reader
}

func (o *postOffice) raw(address string) raw {
	o.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() { _ = c.Close() })
	r := raw{o.T, c, textproto.NewReader(bufio.NewReader(c))}
	if _, _, err := r.answers.ReadResponse(220); err != nil {
		o.Fatal(err)
	}
	return r
}

// say sends bytes and gives the code of the answer, 0 when the connection was closed instead.
func (r raw) say(line string) int {
	r.Helper()
	go func() { _, _ = io.WriteString(r, line+"\r\n") }() // a server that refuses does not read to the end
	code, _, _ := r.answers.ReadResponse(0)
	return code
}

// begin says all that comes before a message.
func (r raw) begin() {
	r.Helper()
	for _, line := range []string{"EHLO there.example", "MAIL FROM:<a@b.example>", "RCPT TO:<service@house.example>", "DATA"} {
		if code := r.say(line); code != 250 && code != 354 {
			r.Fatalf("%s: %d", line, code)
		}
	}
}

// A message that is made to harm is stored as it came and costs no more than others, or is refused for good.
func TestHostileMessagesAtTheDoor(t *testing.T) {
	const mb = 1 << 20
	head := "From: a@b.example\r\nMessage-ID: <h@b.example>\r\nSubject: hostile\r\n"
	parts := func(n int) string {
		return head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\ntext\r\n", n) + "--b--\r\n"
	}
	nested := head
	for i := range 1000 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	o := openPostOffice(t)
	server := o.serve(false, 50*mb)
	for i, test := range []struct {
		name, message string
		code          int
	}{
		{"lines that end with LF alone", head + "\r\none\ntwo\n\nthree\r\n", 250},
		{"lines that end with CR alone", head + "\r\none\rtwo\r\r\nthree\r\n", 250},
		{"NULs", head + "X-Nul: a\x00b\r\n\r\n\x00\x00text\x00\r\n", 250},
		{"the beginning of a PDF", head + "\r\n%PDF-1.4 is what the file begins with.\r\n", 250},
		{"a header of 10 MB in fields", strings.Repeat("X-Field: value of some length\r\n", 10*mb/32) + head + "\r\ntext\r\n", 250},
		{"a field of 10 MB in folded lines", "X-Folded: a\r\n" + strings.Repeat(" folded\r\n", 10*mb/9) + head + "\r\ntext\r\n", 250},
		{"a field of 10 MB in one line", "X-Long: " + strings.Repeat("x", 10*mb) + "\r\n" + head + "\r\ntext\r\n", 554},
		{"10,000 parts", parts(10_000), 250},
		{"1,000 levels", nested + "\r\ndeep\r\n", 250},
		{"nothing", "", 250},
	} {
		r := o.raw(server)
		r.begin()
		message := strings.Replace(test.message, "<h@", fmt.Sprintf("<%d@", i), 1)
		if code := r.say(message + "."); code != test.code {
			t.Errorf("%s: %d, want %d", test.name, code, test.code)
		}
		if test.code != 250 {
			continue
		}
		newest := must(capture.Pieces(t.Context(), o.Pool, capture.Filter{Limit: 1}))[0]
		content := must(o.in.Store.Open(t.Context(), must(o.in.Store.Version(t.Context(), o.Pool, newest.Document, 0))))
		if stored := must(io.ReadAll(content)); string(stored) != message {
			t.Errorf("%s: %d bytes were stored, not the %d that came", test.name, len(stored), len(message))
		}
		_ = content.Close()
		before := len(o.ledger())
		o.work()
		if p := o.piece(newest); p.State == capture.Exception && test.message != "" || p.State == capture.Stored {
			t.Errorf("%s: %s, %s", test.name, p.State, p.Reason)
		}
		if parts := len(o.ledger()) - before; parts > 1000 {
			t.Errorf("%s: it brought %d pieces", test.name, parts)
		}
	}
}

// What is said around a message is bounded, and nothing of it breaks the ledger.
func TestHostileEnvelopes(t *testing.T) {
	o := openPostOffice(t)
	for _, test := range []struct {
		name  string
		lines []string
		code  int // of the last
	}{
		{"a NUL in the sender", []string{"EHLO a", "MAIL FROM:<a\x00@b.example>"}, 501},
		{"a NUL in the recipient", []string{"EHLO a", "MAIL FROM:<a@b.example>", "RCPT TO:<service\x00@house.example>"}, 501},
		{"a sender of 10 kB", []string{"EHLO a", "MAIL FROM:<" + strings.Repeat("a", 10_000) + "@b.example>"}, 501},
		{"a command of 2 MB", []string{"EHLO a", strings.Repeat("A", 2<<20)}, 500},
		{"somebody who has no name", []string{"EHLO \x00", "MAIL FROM:<>", "RCPT TO:<service@house.example>", "DATA", "Subject: x\r\n\r\nx\r\n."}, 250},
		{"bytes that are no text", []string{"EHLO \xff\xfe", "MAIL FROM:<\xff@b.example>", "RCPT TO:<service@house.example>", "DATA", "Subject: \xff\r\n\r\nx\r\n."}, 250},
		{"too many recipients", append([]string{"EHLO a", "MAIL FROM:<>"}, strings.Split(strings.Repeat("RCPT TO:<service@house.example>\n", 100)+"RCPT TO:<service@house.example>", "\n")...), 452},
	} {
		r := o.raw(o.smtp)
		code := 0
		for _, line := range test.lines {
			code = r.say(line)
		}
		if code != test.code {
			t.Errorf("%s: %d, want %d", test.name, code, test.code)
		}
	}
	if lines := o.ledger(); len(lines) > 2 {
		t.Errorf("in the ledger: %v", lines)
	}
}
