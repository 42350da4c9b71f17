package mail

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) [][]byte {
	f.Helper()
	files, err := filepath.Glob("testdata/corpus/*/*.eml")
	if err != nil || len(files) < 150 {
		f.Fatalf("%d messages, %v", len(files), err)
	}
	var all [][]byte
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// FuzzParse reads any bytes: a message comes back, everything in it is sound text within its bounds, and a message that is read
// twice is the same.
func FuzzParse(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &Message{}
		m.read(data) // without the last resort
		texts := []string{m.ID, m.Subject, m.Text, m.HTML, m.Machine.Reason, list(m.From), list(m.To), list(m.Cc), list(m.ReplyTo)}
		texts = append(texts, m.References...)
		texts = append(texts, m.Tokens...)
		for _, p := range m.Parts {
			texts = append(texts, p.Name, p.MediaType, p.ContentID)
			if strings.ContainsAny(p.Name, "/\\\n") {
				t.Errorf("name %q", p.Name)
			}
		}
		for _, s := range texts {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r\x1b") {
				t.Errorf("%q", s)
			}
		}
		if m.ID == "" || strings.Contains(m.Subject, "\n") || len(m.References) > maxIDs || len(m.Tokens) > maxTokens {
			t.Errorf("id %q, subject %q, %d references", m.ID, m.Subject, len(m.References))
		}
		_ = ReplyHTML(m.HTML)
		for _, name := range m.Header.Names() {
			if !m.Header.Has(name) {
				t.Errorf("no %q", name)
			}
		}
	})
}

// FuzzReply strips any text: something is left where something was, and it is made of lines that were there.
func FuzzReply(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(read(s).Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Reply(text)
		if a := Answer(text); marker.MatchString(a) {
			t.Errorf("%q is passed on with a token: %q", text, a)
		}
		if strings.TrimSpace(text) != "" && got == "" && utf8.ValidString(text) && strings.TrimSpace(strings.Join(tidy(text), "")) != "" {
			t.Errorf("nothing left of %q", text)
		}
		if len(got) > len(text) {
			t.Errorf("%d bytes of %d", len(got), len(text))
		}
	})
}

// FuzzMbox parts any bytes: no more comes out than went in, and a mailbox that is written comes out as it was.
func FuzzMbox(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		_ = ReadMbox(bytes.NewReader(data), func(_ int64, raw io.Reader) error {
			b, err := io.ReadAll(raw)
			n += len(b)
			return err
		})
		if n > len(data) {
			t.Errorf("%d bytes of %d", n, len(data))
		}
	})
}

// FuzzOutlook opens any bytes as what Outlook writes.
func FuzzOutlook(f *testing.F) {
	f.Add([]byte("\x78\x9f\x3e\x22\x01\x00"))
	files, err := filepath.Glob("testdata/outlook/*.msg")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\'e1\par}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if tn, ok := readTNEF(data); ok {
			_ = tn.slot()
		}
		_, _ = FromOutlook(bytes.NewReader(data), int64(len(data)))
		_, _ = rtfText(data)
		_, _ = rtfText(unpackRTF(data))
		_, _ = signedContent(data)
	})
}
