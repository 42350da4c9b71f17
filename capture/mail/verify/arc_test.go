package verify

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func chainOf(message string, r Resolver) Chain {
	return (&Checker{Resolver: r}).Check(context.Background(), strings.NewReader(message), Envelope{}).ARC
}

// Whoever passed a message on sealed all that came before it. An unbroken chain names them, the last first.
func TestChain(t *testing.T) {
	t.Parallel()
	for n, want := range []Chain{
		{Result: None},
		{Result: Pass, Sets: 1, Sealers: []string{"relay1.example"}},
		{Result: Pass, Sets: 2, Sealers: []string{"relay2.example", "relay1.example"}},
		{Result: Pass, Sets: 3, Sealers: []string{"relay3.example", "relay2.example", "relay1.example"}},
	} {
		message, r := chained(t, n)
		if diff := cmp.Diff(want, chainOf(message, r)); diff != "" {
			t.Errorf("%d relays: %s", n, diff)
		}
	}
}

// A chain is as strong as its weakest part (RFC 8617, section 5.2).
func TestBrokenChain(t *testing.T) {
	t.Parallel()
	without := func(start string) func(string) string {
		return func(s string) string {
			i := strings.Index(s, start)
			end := i + strings.Index(s[i:], "\r\n") + 2
			return s[:i] + s[end:]
		}
	}
	twice := func(start string) func(string) string {
		return func(s string) string {
			i := strings.Index(s, start)
			return s[i:i+strings.Index(s[i:], "\r\n")+2] + s
		}
	}
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	for _, c := range []struct {
		what   string
		change func(string) string
		detail string
	}{
		{"the body was changed after the last relay", replace("our answer", "your bill"), "set 2: body changed"},
		{"the subject was changed", replace("Your  claim", "Your claims"), "set 2: signature does not hold"},
		{"the first results were changed", replace("i=1; relay1.example; spf=pass", "i=1; relay1.example; spf=fail"), "set 2: seal does not hold"},
		{"the first seal was changed", replace("cv=none; d=relay1.example; s=arc; t=12345", "cv=none; d=relay1.example; s=arc; t=12346"), "set 2: seal does not hold"},
		{"the seal names another domain", replace("cv=pass; d=relay2.example", "cv=pass; d=relay1.example"), "set 2: seal does not hold"},
		{"the seal names a domain without a key", replace("cv=pass; d=relay2.example", "cv=pass; d=relay3.example"), "set 2: no key"},
		{"a seal is missing", without("ARC-Seal: i=1"), "incomplete set"},
		{"a message signature is missing", without("ARC-Message-Signature: i=1"), "incomplete set"},
		{"results are missing", without("ARC-Authentication-Results: i=2"), "incomplete set"},
		{"a seal stands twice", twice("ARC-Seal: i=2"), "malformed or repeated instance"},
		{"an instance is left out", replace("ARC-Seal: i=2", "ARC-Seal: i=3"), "incomplete set"},
		{"an instance is none", replace("ARC-Seal: i=2", "ARC-Seal: i=0"), "malformed or repeated instance"},
		{"too many sets", replace("ARC-Seal: i=2", "ARC-Seal: i=51"), "malformed or repeated instance"},
		{"a relay found it broken", replace("cv=pass", "cv=fail"), "chain was broken before"},
		{"the first claims a chain before it", replace("cv=none", "cv=pass"), "seal contradicts its place"},
		{"the second claims none", replace("cv=pass", "cv=none"), "seal contradicts its place"},
		{"a seal with fields", replace("cv=pass;", "cv=pass; h=from;"), "seal names fields"},
		{"a message signature over seals", replace("h=from:subject", "h=from:ARC-Seal"), "message signature over a seal"},
		{"SHA-1", replace("a=rsa-sha256; cv", "a=rsa-sha1; cv"), "SHA-1 is too weak"},
	} {
		message, r := chained(t, 2)
		changed := c.change(message)
		if changed == message {
			t.Fatalf("%s: nothing was changed", c.what)
		}
		if got := chainOf(changed, r); got.Result != Fail || got.Detail != c.detail || got.Sealers != nil {
			t.Errorf("%s: %+v, want fail (%s)", c.what, got, c.detail)
		}
	}
}

// Fifty relays are a chain, and one more breaks it, whatever it signs.
func TestLongChain(t *testing.T) {
	t.Parallel()
	message, r := chained(t, maxSets)
	if got := chainOf(message, r); got.Result != Pass || len(got.Sealers) != maxSets {
		t.Errorf("%d relays: %s %s", maxSets, got.Result, got.Detail)
	}
	message, r = chained(t, maxSets+1)
	if got := chainOf(message, r); got.Result != Fail {
		t.Errorf("%d relays: %s", maxSets+1, got.Result)
	}
}

// A key that cannot be asked for now breaks nothing, and a weak one everything.
func TestChainKeys(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	weak := must(rsa.GenerateKey(rand.Reader, 512))
	for _, c := range []struct {
		what, record string
		want         Result
		detail       string
	}{
		{"away", away, TempError, "set 1: key not available now"},
		{"revoked", "v=DKIM1; p=", Fail, "set 1: key revoked"},
		{"weak", keyRecord(weak), Fail, "set 1: key too short"},
		{"of another algorithm", keyRecord(edKey()), Fail, "set 1: key for something else"},
		{"not for e-mail", keyRecord(rsaKey()) + "; s=tlsrpt", Fail, "set 1: key not for e-mail"},
		{"not for SHA-256", keyRecord(rsaKey()) + "; h=sha1", Fail, "set 1: key for something else"},
		{"broken", "v=DKIM1; p=MIGf!", Fail, "set 1: malformed key"},
		{"two", keyRecord(rsaKey()) + "\n" + keyRecord(weak), Fail, "set 1: several keys"},
		{"beside another record", keyRecord(rsaKey()) + "\nv=spf1 -all", Pass, ""},
	} {
		message, r := chained(t, 2)
		r["arc._domainkey.relay1.example"] = c.record
		if got := chainOf(message, r); got.Result != c.want || got.Detail != c.detail {
			t.Errorf("%s: %s (%s), want %s (%s)", c.what, got.Result, got.Detail, c.want, c.detail)
		}
	}
}
