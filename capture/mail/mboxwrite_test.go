package mail

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
	"time"
)

// What is written as a mailbox is read back byte for byte, by the place that was told and by ReadMbox.
func TestWriteMbox(t *testing.T) {
	t.Parallel()
	messages := []string{
		"Subject: 1\n\nFrom here on\n>From there\n>>From\n From\n",
		"Subject: 2\r\n\r\nFrom a@b Sat Mar 14 10:00:00 2026\r\nSubject: smuggled\r\n\r\nx\r\n",
		"From: a@b\n\nwithout an end of line",
		"Subject: long\n\n" + strings.Repeat("x", maxMboxLine) + "From here, in the middle of a line\n",
		"Subject: empty\n",
	}
	var box bytes.Buffer
	w := bufio.NewWriter(&box)
	at := make([][2]int64, len(messages))
	for i, m := range messages {
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		start := int64(box.Len())
		begins, length, err := WriteMbox(w, "", time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC), strings.NewReader(m))
		if err != nil {
			t.Fatal(err)
		}
		at[i] = [2]int64{start + begins, start + begins + length}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	for i, m := range messages {
		if got := unquote(box.String()[at[i][0]:at[i][1]]); got != m {
			t.Errorf("message %d at its place: %.80q, want %.80q", i, got, m)
		}
	}
	all := readAll(t, box.String())
	if len(all) != len(messages) {
		t.Fatalf("%d messages", len(all))
	}
	for i, m := range messages {
		if all[i] != m && all[i] != m+"\n" {
			t.Errorf("message %d: %.80q, want %.80q", i, all[i], m)
		}
	}
	if !strings.HasPrefix(box.String(), "From MAILER-DAEMON Sat Mar 14 10:00:00 2026\n") {
		t.Errorf("%.60q", box.String())
	}
}

func unquote(text string) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		if quotedFrom([]byte(l)) {
			l = l[1:]
		}
		b.WriteString(l)
	}
	return b.String()
}
