package verify

import (
	"bytes"
	"context"
	"crypto"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/google/go-cmp/cmp"
)

// signed is a message with a signature of bank.example that another program made.
func signed(t testing.TB, message string, o dkim.SignOptions) string {
	t.Helper()
	if o.Domain == "" {
		o.Domain = "bank.example"
	}
	o.Selector = "s1"
	if o.Signer == nil {
		o.Signer = rsaKey()
	}
	o.Hash = crypto.SHA256
	var b bytes.Buffer
	if err := dkim.Sign(&b, strings.NewReader(message), &o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bankRecords are what bank.example publishes, and more.
func bankRecords(more records) records {
	r := records{"s1._domainkey.bank.example": keyRecord(rsaKey()), "s1._domainkey.mail.bank.example": keyRecord(rsaKey())}
	for name, text := range more {
		r[name] = text
	}
	return r
}

func check(t testing.TB, message string, r Resolver) Verdict {
	t.Helper()
	c := Checker{Resolver: r, Now: func() time.Time { return time.Date(2027, 1, 20, 12, 0, 0, 0, time.UTC) }}
	return c.Check(context.Background(), strings.NewReader(message), Envelope{})
}

// What another program signed holds, in every canonical form and with either kind of key.
func TestSignature(t *testing.T) {
	t.Parallel()
	want := []Signature{{Result: Pass, Domain: "bank.example", Selector: "s1", Aligned: true}}
	for _, head := range []dkim.Canonicalization{"simple", "relaxed"} {
		for _, body := range []dkim.Canonicalization{"simple", "relaxed"} {
			for _, text := range []string{letter, strings.Replace(letter, "Good day", " Good \t day  ", 1), letter + "\r\n\r\n", letter + "no line end",
				letter[:strings.Index(letter, "\r\n\r\n")+4], letter[:strings.Index(letter, "\r\n\r\n")+4] + " \r\n \r\n"} {
				s := signed(t, text, dkim.SignOptions{HeaderCanonicalization: head, BodyCanonicalization: body})
				if diff := cmp.Diff(want, check(t, s, bankRecords(nil)).DKIM); diff != "" {
					t.Errorf("%s/%s: %s\n%q", head, body, diff, text)
				}
				if diff := cmp.Diff(want, check(t, strings.ReplaceAll(s, "\r\n", "\n"), bankRecords(nil)).DKIM); diff != "" {
					t.Errorf("%s/%s, line feeds only: %s\n%q", head, body, diff, text)
				}
			}
		}
	}
	s := signed(t, letter, dkim.SignOptions{Signer: edKey()})
	if diff := cmp.Diff(want, check(t, s, records{"s1._domainkey.bank.example": keyRecord(edKey())}).DKIM); diff != "" {
		t.Errorf("Ed25519: %s", diff)
	}
}

// Doubt makes no pass.
func TestSignatureThatDoesNotCount(t *testing.T) {
	t.Parallel()
	whole := signed(t, letter, dkim.SignOptions{HeaderCanonicalization: "relaxed", BodyCanonicalization: "relaxed"})
	expires := func(day int) string {
		return signed(t, letter, dkim.SignOptions{Expiration: time.Date(2027, 1, day, 0, 0, 0, 0, time.UTC)})
	}
	tag := func(old, new string) string {
		s := strings.Replace(whole, old, new, 1)
		if s == whole {
			t.Fatalf("%q does not stand in %s", old, whole)
		}
		return s
	}
	for _, c := range []struct {
		what, message string
		records       records
		want          Result
		detail        string
	}{
		{"whole", whole, nil, Pass, ""},
		{"not yet expired", expires(21), nil, Pass, ""},
		{"expired", expires(19), nil, Fail, "expired"},
		{"the body was changed", tag("our answer", "your bill"), nil, Fail, "body changed"},
		{"the subject was changed", tag("Your  claim", "Your bill"), nil, Fail, "signature does not hold"},
		{"a part of the body", tag("d=bank.example;", "d=bank.example; l=10;"), nil, Neutral, "signs a part of the body"},
		{"SHA-1", tag("a=rsa-sha256", "a=rsa-sha1"), nil, PermError, "SHA-1 is too weak"},
		{"another version", tag("v=1", "v=2"), nil, PermError, "unknown version"},
		{"a tag twice", tag("d=bank.example;", "d=bank.example; d=bank.example;"), nil, PermError, "malformed tags"},
		{"no domain", tag("d=bank.example;", "d=;"), nil, PermError, "no domain or selector"},
		{"a domain that is no name", tag("d=bank.example;", "d=bank example/;"), nil, PermError, "no domain or selector"},
		{"identity of another domain", tag("d=bank.example;", "d=bank.example; i=@other.example;"), nil, PermError, "identity of another domain"},
		{"identity that only ends alike", tag("d=bank.example;", "d=bank.example; i=@evilbank.example;"), nil, PermError, "identity of another domain"},
		{"a second subject", "Subject: Pay now\r\n" + whole, nil, Neutral, "fields added after signing"},
		{"a key of a subdomain only", signed(t, letter, dkim.SignOptions{Identifier: "@mail.bank.example"}),
			records{"s1._domainkey.bank.example": keyRecord(rsaKey()) + "; t=s"}, PermError, "identity of another domain"},
		{"a key in testing", whole, records{"s1._domainkey.bank.example": keyRecord(rsaKey()) + "; t=y"}, Pass, ""},
		{"no key", signed(t, letter, dkim.SignOptions{Domain: "none.example"}), nil, PermError, "no key"},
		{"a key out of reach", whole, records{"s1._domainkey.bank.example": away}, TempError, "key not available now"},
	} {
		got := check(t, c.message, bankRecords(c.records)).DKIM
		if len(got) != 1 || got[0].Result != c.want || got[0].Detail != c.detail {
			t.Errorf("%s: %+v, want %s (%s)", c.what, got, c.want, c.detail)
		}
	}
}

// At most ten signatures are looked at.
func TestManySignatures(t *testing.T) {
	t.Parallel()
	s := signed(t, letter, dkim.SignOptions{})
	for range 20 {
		s = "DKIM-Signature: v=1; d=x.example\r\n" + s
	}
	if v := check(t, s, bankRecords(nil)); len(v.DKIM) != maxSignatures || v.Aligned {
		t.Errorf("%d signatures looked at, aligned: %v", len(v.DKIM), v.Aligned)
	}
}

// A body of line ends takes no memory and no time beyond its length, and the same is said of a lone carriage return at each place.
func TestBodyInPieces(t *testing.T) {
	t.Parallel()
	const text = "\r\n a \r\r\n\r\nb\t\t c\n\n\r\r\r\n \r\n\r\n"
	for _, relaxed := range []bool{false, true} {
		whole := newBody(relaxed)
		if err := readBody(strings.NewReader(text), []*body{whole}); err != nil {
			t.Fatal(err)
		}
		want := whole.digest()
		for size := 1; size < len(text); size++ {
			b := newBody(relaxed)
			if err := readBody(&pieces{text, size}, []*body{b}); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, b.digest()) {
				t.Errorf("relaxed %v: in pieces of %d bytes the hash is another", relaxed, size)
			}
		}
	}
}
