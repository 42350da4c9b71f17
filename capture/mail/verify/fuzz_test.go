package verify

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
)

// FuzzCheck gives messages of strangers to the checker. It always comes to a verdict that agrees with itself, and what it calls
// signed another program does too.
func FuzzCheck(f *testing.F) {
	f.Add(letter)
	f.Add(signed(f, letter, dkim.SignOptions{}))
	f.Add(signed(f, letter, dkim.SignOptions{HeaderCanonicalization: "relaxed", BodyCanonicalization: "relaxed"}))
	chain, r := chained(f, 3)
	f.Add(chain)
	f.Add("Authentication-Results: mx; dkim=pass (a \"(b\" header.d=bank.example\r\n" + letter)
	f.Add("From: \"a\r\n b\" <x@y>,(\r\n\r\n\r\r\n")
	r = bankRecords(r)
	lookup := func(name string) ([]string, error) { return r.LookupTXT(context.Background(), name) }
	f.Fuzz(func(t *testing.T, message string) {
		c := Checker{Resolver: r, Trusted: []string{"mx"}}
		v := c.Check(context.Background(), strings.NewReader(message), Envelope{netip.MustParseAddr("192.0.2.1"), "h.example", "a@bank.example"})
		if v.Reason == "" || v.SPF.Result == "" || v.DMARC == "" || v.ARC.Result == "" {
			t.Errorf("no verdict: %+v", v)
		}
		if v.Aligned && (v.From == "" || v.DMARC == Fail) {
			t.Errorf("aligned without a sender: %+v", v)
		}
		if (v.ARC.Result == Pass) != (len(v.ARC.Sealers) > 0) {
			t.Errorf("chain: %+v", v.ARC)
		}
		ours := func(s Signature) bool { return s.By == "" && s.Result == Pass }
		if !slices.ContainsFunc(v.DKIM, ours) {
			return
		}
		others, err := dkim.VerifyWithOptions(strings.NewReader(message), &dkim.VerifyOptions{LookupTXT: lookup})
		if !slices.ContainsFunc(others, func(o *dkim.Verification) bool { return o.Err == nil }) {
			t.Errorf("only we call it signed: %v\n%q", err, message)
		}
	})
}
