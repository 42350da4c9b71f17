package verify

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Strangers' words stand in comments and between quotation marks. None of them is a result.
func TestParseResults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value string
		want  results
	}{
		{" mx.docket.example; none", results{server: "mx.docket.example"}},
		{" mx.docket.example 1; spf=pass smtp.mailfrom=bank.example", results{"mx.docket.example", []method{{"spf", "pass", map[string]string{"smtp.mailfrom": "bank.example"}}}}},
		{" mx.docket.example (our; own);\r\n\tdkim=PASS (2048-bit key; secure) header.d=bank.example header.b=\"a=b/c\";\r\n\tdkim-atps=neutral",
			results{"mx.docket.example", []method{{"dkim", "pass", map[string]string{"header.d": "bank.example", "header.b": "a=b/c"}}, {"dkim-atps", "neutral", map[string]string{}}}}},
		{" mx.docket.example; spf=fail smtp.mailfrom=\"x; dkim=pass header.d=bank.example \\\"\"@evil.example",
			results{"mx.docket.example", []method{{"spf", "fail", map[string]string{"smtp.mailfrom": "x; dkim=pass header.d=bank.example \"@evil.example"}}}}},
		{" mx.docket.example; spf=fail (sender (is) smtp.mailfrom=bank.example; dkim=pass header.d=bank.example) smtp.helo=evil.example",
			results{"mx.docket.example", []method{{"spf", "fail", map[string]string{"smtp.helo": "evil.example"}}}}},
		{" mx.docket.example; dkim/1 = pass reason=\"good one\" header.i = @bank.example header.i=@evil.example",
			results{"mx.docket.example", []method{{"dkim", "pass", map[string]string{"reason": "good one", "header.i": "@bank.example"}}}}},
		{" spf=pass smtp.mailfrom=bank.example; dkim=pass", results{}},
		{" mx.docket.example 2; spf=pass", results{}},
		{"", results{}},
		{" mx.docket.example; (unclosed dkim=pass header.d=bank.example", results{server: "mx.docket.example"}},
	} {
		if diff := cmp.Diff(c.want, parseResults(c.value), cmp.AllowUnexported(results{}, method{})); diff != "" {
			t.Errorf("%s: %s", c.value, diff)
		}
	}
}

// Results count when one of our servers wrote them, which only their place shows.
func TestTrustedResults(t *testing.T) {
	t.Parallel()
	const (
		ours     = "Authentication-Results: MX.docket.example; spf=pass smtp.mailfrom=x@bank.example; dkim=pass header.d=bank.example header.s=s9\r\n"
		theirs   = "Authentication-Results: mx.bank.example; spf=pass smtp.mailfrom=x@bank.example\r\n"
		received = "Received: from somebody by mx.docket.example\r\n"
	)
	for _, c := range []struct {
		what, above string
		hops        int
		aligned     bool
	}{
		{"above all that strangers wrote", ours + received, 0, true},
		{"below a Received field", received + ours, 0, false},
		{"below one that our server always writes", received + ours + received, 1, true},
		{"below more than our servers write", received + received + ours, 1, false},
		{"of another server", theirs + received, 0, false},
		{"of another server above ours", theirs + ours + received, 0, true},
		{"none", received, 0, false},
	} {
		checker := Checker{Resolver: records{}, Trusted: []string{"mx.docket.example"}, Hops: c.hops}
		got := checker.Check(context.Background(), strings.NewReader(c.above+letter), Envelope{})
		if got.Aligned != c.aligned || c.aligned && (got.SPF.By != "MX.docket.example" || got.DKIM[0].By != "MX.docket.example") {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
	if got := (&Checker{Resolver: records{}}).Check(context.Background(), strings.NewReader(ours+letter), Envelope{}); got.Aligned {
		t.Errorf("nobody is trusted: %+v", got)
	}
}

// Whoever signed in at a server of ours to send a message is who stands in From, when it is that very address.
func TestSignedIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, results string
		proved        bool
	}{
		{"as an address", "mx.docket.example; auth=pass (PLAIN) smtp.auth=Office@bank.example", true},
		{"as a colleague", "mx.docket.example; auth=pass smtp.auth=other@bank.example smtp.mailfrom=office@bank.example", false},
		{"as a name", "mx.docket.example; auth=pass smtp.auth=office smtp.mailfrom=office@bank.example", false},
		{"in vain", "mx.docket.example; auth=fail smtp.auth=office@bank.example", false},
		{"at another server", "mx.evil.example; auth=pass smtp.auth=office@bank.example", false},
		{"in a comment", "mx.docket.example; spf=none (auth=pass smtp.auth=office@bank.example)", false},
		{"with another method of that name", "mx.docket.example; dkim=pass smtp.auth=office@bank.example", false},
	} {
		checker := Checker{Resolver: records{}, Trusted: []string{"mx.docket.example"}}
		got := checker.Check(context.Background(), strings.NewReader("Authentication-Results: "+c.results+"\r\n"+letter), Envelope{})
		if got.Aligned != c.proved || (got.Auth != "") != c.proved || strings.Contains(got.Reason, "signed in at mx.docket.example") != c.proved {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
	checker := Checker{Resolver: records{}, Trusted: []string{"mx.docket.example"}}
	two := "Authentication-Results: mx.docket.example; auth=pass smtp.auth=office@bank.example\r\nFrom: office@bank.example\r\n"
	if got := checker.Check(context.Background(), strings.NewReader(two+letter), Envelope{}); got.Aligned {
		t.Errorf("of two senders one is believed: %+v", got)
	}
}
