package capture_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"docket/capture"
	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// message is an e-mail with files attached, given as name, content, name, content.
func message(body string, files ...string) string {
	var b strings.Builder
	b.WriteString("From: Margaret Whitcombe <margaret@example.org>\r\nTo: service@house.example\r\nDate: Sat, 14 Mar 2026 10:00:00 +0000\r\n" +
		"Subject: My letter\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=parts\r\n\r\n--parts\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body + "\r\n")
	for i := 0; i < len(files); i += 2 {
		fmt.Fprintf(&b, "--parts\r\nContent-Type: application/octet-stream; name=%q\r\nContent-Disposition: attachment; filename=%q\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n",
			files[i], files[i], base64.StdEncoding.EncodeToString([]byte(files[i+1])))
	}
	b.WriteString("--parts--\r\n")
	return b.String()
}

// archive is a zip of files, given as name, content, name, content.
func archive(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// ledger gives every piece as "name state class", in the order in which they came.
func (m *machine) ledger() (lines []string) {
	m.Helper()
	all, err := capture.Pieces(m.Context(), m.Pool, capture.Filter{Limit: 1000})
	if err != nil {
		m.Fatal(err)
	}
	for _, p := range all {
		line := fmt.Sprintf("%s %s", p.Name, p.State)
		if r, err := m.plan.Record(m.Context(), m.Pool, p.Document); err == nil {
			line += " " + string(r.Class)
		}
		lines = append(lines, line)
	}
	slices.Reverse(lines)
	return lines
}

func (m *machine) named(name string) capture.Piece {
	m.Helper()
	all, err := capture.Pieces(m.Context(), m.Pool, capture.Filter{Limit: 1000})
	if err != nil {
		m.Fatal(err)
	}
	i := slices.IndexFunc(all, func(p capture.Piece) bool { return p.Name == name })
	if i < 0 {
		m.Fatalf("there is no piece %q", name)
	}
	return all[i]
}

const invoice = `Harbour Electrics Ltd
2 Dock Road, Bristol

Invoice

Invoice number: INV-2026-00123
Invoice date: 12 March 2026

Quantity   Description            Unit price   Amount
1          Washing machine repair     120.00   120.00

Net total 120.00 EUR
VAT 20 % 24.00 EUR
Total amount due 144.00 EUR
Please pay within 14 days to the bank account below. Payment terms: 14 days net.
`

const seeAttached = "Dear Sir or Madam,\r\n\r\nplease see attached.\r\n\r\nKind regards\r\nMargaret Whitcombe"

// What a message is that says nothing itself.
func TestACoverIsWhatItBrings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		files      []string
		want       []string
		reason     string
	}{
		{"one attachment", seeAttached, []string{"letter.txt", complaint}, []string{"m.eml filed complaint", "letter.txt filed complaint"}, ""},
		{"no text at all", "", []string{"letter.txt", complaint}, []string{"m.eml filed complaint", "letter.txt filed complaint"}, ""},
		{"two that agree", seeAttached, []string{"letter.txt", complaint, "again.txt", strings.Replace(complaint, "three weeks", "four weeks", 1)},
			[]string{"m.eml filed complaint", "letter.txt filed complaint", "again.txt filed complaint"}, ""},
		{"two that disagree", seeAttached, []string{"letter.txt", complaint, "invoice.txt", invoice},
			[]string{"m.eml waiting", "letter.txt filed complaint", "invoice.txt filed invoice"}, "“letter.txt” is “Complaint”, “invoice.txt” is “Invoice”"},
		{"one that is unclear", seeAttached, []string{"note.txt", "Whitcombe 4711"}, []string{"m.eml waiting", "note.txt waiting"}, "“note.txt”, which came with it, waits for a person"},
		{"a message that speaks for itself", strings.ReplaceAll(complaint, "\n", "\r\n"), []string{"invoice.txt", invoice}, []string{"m.eml filed complaint", "invoice.txt filed invoice"}, ""},
		{"nothing attached", seeAttached, nil, []string{"m.eml waiting"}, "It is not certain what this is"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := openMachine(t)
			p := m.hand("m.eml", message(test.body, test.files...))
			if diff := cmp.Diff(test.want, m.ledger()); diff != "" {
				t.Errorf("pieces (-want +got)\n%s", diff)
			}
			if !strings.Contains(p.Reason, test.reason) {
				t.Errorf("the reason is %q", p.Reason)
			}
		})
	}
}

// A cover understands what it brings, and follows as soon as a person has decided that.
func TestACoverFollowsAPersonsDecision(t *testing.T) {
	m := openMachine(t)
	p := m.hand("m.eml", message(seeAttached, "note.txt", "Whitcombe 4711"))
	note := m.named("note.txt")
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return m.in.Decide(ctx, tx, "mia", m.plan, capture.Decision{Document: note.Document, Rev: m.reading(note.Document).Rev, Class: taxonomy.Claim,
			Values: taxonomy.Values{taxonomy.CustomerNumber: {Value: "K-20418833", Confidence: 1, How: "typed by mia"}}})
	})
	m.work()
	r := m.record(p.Document)
	if r.Class != taxonomy.Claim || r.Values.Get(taxonomy.CustomerNumber) != "K-20418833" || r.Values.Get(taxonomy.SenderEmail) != "margaret@example.org" {
		t.Errorf("%s, customer number %q, from %q", r.Class, r.Values.Get(taxonomy.CustomerNumber), r.Values.Get(taxonomy.SenderEmail))
	}
	if v := r.Values[taxonomy.CustomerNumber]; v.Page != 0 || v.How != "read in “note.txt”, which came with it" {
		t.Errorf("it says of the number: page %d, %s", v.Page, v.How)
	}
}

// An archive is kept as a container, waits for nobody, and its parts are documents of their own, however deep they lie.
func TestAnArchiveIsAContainer(t *testing.T) {
	m := openMachine(t)
	inner := archive(t, "letter.txt", complaint)
	outer := m.hand("outer.zip", archive(t, "inner.zip", inner, "invoice.txt", invoice))
	want := []string{"outer.zip filed container", "inner.zip filed container", "invoice.txt filed invoice", "letter.txt filed complaint"}
	if diff := cmp.Diff(want, m.ledger()); diff != "" {
		t.Errorf("pieces (-want +got)\n%s", diff)
	}
	if got := m.record(m.named("letter.txt").Document).PartOf; got != m.named("inner.zip").Document {
		t.Errorf("the letter is part of %s", got)
	}
	if r := m.record(outer.Document); !strings.HasSuffix(r.Title, " Container – outer") {
		t.Errorf("it is called %q", r.Title)
	}
}

// A cover looks through the container that is attached to it.
func TestACoverLooksThroughContainers(t *testing.T) {
	m := openMachine(t)
	m.hand("m.eml", message(seeAttached, "parts.zip", archive(t, "letter.txt", complaint)))
	want := []string{"m.eml filed complaint", "parts.zip filed container", "letter.txt filed complaint"}
	if diff := cmp.Diff(want, m.ledger()); diff != "" {
		t.Errorf("pieces (-want +got)\n%s", diff)
	}
}

// What came inside a rejected message is rejected with it, unless a person has decided it.
func TestPartsAreRejectedWithTheirMessage(t *testing.T) {
	m := openMachine(t)
	p := m.hand("m.eml", message(seeAttached, "letter.txt", complaint, "invoice.txt", invoice, "note.txt", "Whitcombe 4711", "parts.zip", archive(t, "deep.txt", strings.Replace(complaint, "three", "five", 1))))
	want := []string{"m.eml waiting", "letter.txt filed complaint", "invoice.txt filed invoice", "note.txt waiting", "parts.zip filed container", "deep.txt filed complaint"}
	if diff := cmp.Diff(want, m.ledger()); diff != "" {
		t.Fatalf("pieces (-want +got)\n%s", diff)
	}
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := m.plan.Correct(ctx, tx, "mia", m.named("invoice.txt").Document, taxonomy.Correction{Class: taxonomy.Invoice})
		return err
	})
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return m.in.Reject(ctx, tx, "mia", m.plan, p.Receipt, "Advertising.")
	})
	m.work()
	want = []string{"m.eml rejected", "letter.txt rejected", "invoice.txt filed invoice", "note.txt rejected", "parts.zip rejected", "deep.txt rejected"}
	if diff := cmp.Diff(want, m.ledger()); diff != "" {
		t.Errorf("pieces (-want +got)\n%s", diff)
	}
	if reason := m.named("deep.txt").Reason; reason != "Rejected with “m.eml”: Advertising." {
		t.Errorf("the reason is %q", reason)
	}
	err := m.Try(func(ctx context.Context, tx pgx.Tx) error {
		return m.in.Reject(ctx, tx, "mia", m.plan, p.Receipt, "Again.")
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("rejected twice: %v", err)
	}
}
