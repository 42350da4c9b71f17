package repository

import "testing"

// A message is told by its header, whichever field another server or its signature has put first.
func TestMediaType(t *testing.T) {
	t.Parallel()
	const rest = "From: a@kunde.example\r\nTo: service@house.example\r\nSubject: x\r\n\r\nHello\r\n"
	for _, c := range []struct{ what, name, head, want string }{
		{"from a server", "x.eml", "Received: from a by b; Fri, 27 Nov 2026 15:03:54 +0000\r\n" + rest, messageType},
		{"signed", "x.eml", "DKIM-Signature: v=1; a=rsa-sha256; d=kunde.example;\r\n b=abc\r\n" + rest, messageType},
		{"signed, by another name", "message", "DKIM-Signature: v=1; a=rsa-sha256\r\n" + rest, messageType},
		{"passed on", "x.eml", "ARC-Seal: i=1; a=rsa-sha256; cv=none\r\nARC-Message-Signature: i=1\r\n" + rest, messageType},
		{"judged by a server", "x.EML", "Authentication-Results: mx.house.example; spf=pass\r\n" + rest, messageType},
		{"with NULs", "x.eml", "Subject: x\r\nFrom: a@b\r\n\r\n\x00\x00\x01%PDF-1.4", messageType},
		{"of a mailbox file", "x", "From a@b Fri Nov 27 15:03:54 2026\n" + rest, messageType},
		{"a letter that begins with a colon", "letter.txt", "To: all\nSubject: cake\n\nThere is cake.\n", "text/plain"},
		{"a PDF that is called a message", "x.eml", "%PDF-1.4\n", "application/pdf"},
		{"a text", "x.txt", "Hello\n", "text/plain; charset=utf-8"},
	} {
		if got := mediaType(c.name, []byte(c.head)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}
