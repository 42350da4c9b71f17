package sample

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jhillyerd/enmime/v2"
)

// TestMailsAreReadByAnotherReader reads mails with enmime and compares text and attachments with their truth.
func TestMailsAreReadByAnotherReader(t *testing.T) {
	t.Parallel()
	bag, err := NewBag(Options{Pieces: 25, Seed: 6, Kinds: []Kind{Mail}, DPI: []int{75}})
	if err != nil {
		t.Fatal(err)
	}
	attached := 0
	for p, err := range bag.all() {
		if err != nil {
			t.Fatal(err)
		}
		got, err := enmime.ReadEnvelope(bytes.NewReader(p.Bytes))
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		for _, e := range got.Errors {
			t.Errorf("%s: %v", p.Name, e)
		}
		text := got.GetHeader("Subject") + "\n\n" + strings.ReplaceAll(strings.TrimSpace(got.Text), "\r\n", "\n")
		if diff := cmp.Diff(p.Truth.Text, text); diff != "" {
			t.Errorf("%s (-truth +read):\n%s", p.Name, diff)
		}
		if len(got.Attachments) != len(p.Truth.Attachments) {
			t.Fatalf("%s: %d attachments, want %d", p.Name, len(got.Attachments), len(p.Truth.Attachments))
		}
		for i, a := range got.Attachments {
			attached++
			if a.FileName != p.Truth.Attachments[i].File || len(a.Content) < 1000 {
				t.Errorf("%s: attachment %q of %d bytes, want %q", p.Name, a.FileName, len(a.Content), p.Truth.Attachments[i].File)
			}
		}
	}
	if attached == 0 {
		t.Error("no mail has an attachment")
	}
}

// TestDocxHoldsTheText unpacks word processor files and compares their text with the truth.
func TestDocxHoldsTheText(t *testing.T) {
	t.Parallel()
	bag, err := NewBag(Options{Pieces: 12, Seed: 7, Kinds: []Kind{Docx}})
	if err != nil {
		t.Fatal(err)
	}
	for p, err := range bag.all() {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Fields(p.Truth.Text), strings.Fields(docxText(t, p.Bytes))); diff != "" {
			t.Errorf("%s (-truth +read):\n%s", p.Name, diff)
		}
	}
}

// docxText is the text of the runs, with a break after each run and paragraph.
func docxText(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			b.Write(token)
		case xml.EndElement:
			b.WriteString("\n")
		}
	}
}
