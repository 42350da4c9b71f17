package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"docket/repository/fault"
)

const head = "From: anna@example.org\r\nTo: post@example.com\r\nSubject: hostile\r\nMessage-ID: <h@example.org>\r\n"

// nested is a multipart in a multipart, so many levels deep.
func nested(levels int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range levels {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\ndeep\r\n")
	for i := levels - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "--b%d--\r\n", i)
	}
	return b.String()
}

func parts(n int, one string) string {
	return head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n"+one+"\r\n", n) + "--b--\r\n"
}

// TestHostile reads what is made to cost much: what is taken of it is bounded, and so is the memory that this takes.
func TestHostile(t *testing.T) {
	const mb = 1 << 20
	cases := []struct {
		name, message string
		incomplete    bool
	}{
		{"a subject of 10 MB", "Subject: " + strings.Repeat("x", 10*mb) + "\r\n" + head + "\r\ntext\r\n", true},
		{"a header of 10 MB in fields", strings.Repeat("X-Field: value of some length\r\n", 10*mb/32) + head + "\r\ntext\r\n", true},
		{"a field of 10 MB in folded lines", "X-Folded: a\r\n" + strings.Repeat(" b\r\n", 10*mb/4) + head + "\r\ntext\r\n", true},
		{"a million recipients", strings.Replace(head, "To: ", "To: "+strings.Repeat("a@example.org, ", 1_000_000), 1) + "\r\ntext\r\n", true},
		{"encoded words without end", "Subject: " + strings.Repeat("=?utf-8?q?", mb) + "\r\n" + head + "\r\n", true},
		{"10,000 parts", parts(10_000, "Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-"), true},
		{"10,000 empty parts", parts(10_000, ""), true},
		{"10,000 texts", parts(10_000, "\r\ntext"), true},
		{"1,000 levels", nested(1000), true},
		{"50 levels", nested(50), false},
		{"a million lines like boundaries", nested(49) + strings.Repeat("--b\r\n", mb), false},
		{"a million boundaries that are not told", head + "Content-Type: multipart/mixed\r\n\r\n" + strings.Repeat("--x\r\nContent-Type: multipart/mixed\r\n", 200_000), true},
		{"a parameter in 100,000 pieces", head + "Content-Type: text/plain" + manyParams(100_000) + "\r\n\r\ntext\r\n", true},
		{"HTML of a million open tags", head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div><blockquote>a", 200_000), false},
		{"a comment within comments", "Date: " + strings.Repeat("(", mb) + "\r\n" + head + "\r\n", true},
		{"quotes and angles", "Cc: " + strings.Repeat(`"<`, 30_000) + "\r\n" + head + "\r\n", false},
		{"S/MIME of open lengths", smime(strings.Repeat("\x30\x80", mb)), false},
		{"S/MIME of chunks", smime("\x30\x80\x06\x09" + string(signedData) + "\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x01\x00\xa0\x80\x24\x80" + strings.Repeat("\x04\x01a", mb)), false},
		{"TNEF of empty attachments", tnefOf(strings.Repeat("\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00", 100_000)), true},
		{"announcements that never end", head + "\r\n" + strings.Repeat("On Monday "+strings.Repeat("a ", 100)+"\n", 10_000), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			debug.FreeOSMemory()
			before := held()
			m, err := Parse(strings.NewReader(c.message))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = Reply(m.Text), ReplyHTML(m.HTML)
			if used := held() - before; used > 30*len(c.message)+64*mb {
				t.Errorf("%d MB for a message of %d MB", used/mb, len(c.message)/mb)
			}
			if m.Has(Incomplete) != c.incomplete || len(m.Parts) > maxParts || len(m.To) > maxAddresses || len([]rune(m.Subject)) > maxLine {
				t.Errorf("flags %v, %d parts, %d recipients", m.Flags, len(m.Parts), len(m.To))
			}
		})
	}
}

// held is how many bytes the heap has of the machine: the most that were in use since the last were given back.
func held() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapSys - m.HeapReleased)
}

func manyParams(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ";\r\n name*%d=a", i)
	}
	return b.String()
}

func smime(ber string) string {
	return head + "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(ber)) + "\r\n"
}

func tnefOf(attributes string) string {
	return head + "Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte("\x78\x9f\x3e\x22\x01\x00"+attributes)) + "\r\n"
}

func TestOverTheSize(t *testing.T) {
	_, err := Parse(io.LimitReader(zeros{}, MaxSize+1))
	if !fault.Is(err, fault.TooLarge) {
		t.Error(err)
	}
	if _, err := FromOutlook(bytes.NewReader(nil), MaxSize+1); !fault.Is(err, fault.TooLarge) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
