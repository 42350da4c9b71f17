package verify

import (
	"context"
	"net/netip"
	"strings"
	"testing"
)

// A domain that asks not to be believed without proof is taken at its word only where all that could be proof was looked at.
func TestDisowned(t *testing.T) {
	t.Parallel()
	records := func(policy string) records {
		return bankRecords(records{"mail.bank.example": "v=spf1 ip4:192.0.2.7 ~all", "_dmarc.bank.example": policy})
	}
	at := func(ip string) Envelope { return Envelope{netip.MustParseAddr(ip), "x.example", "b@mail.bank.example"} }
	for _, c := range []struct {
		what     string
		policy   string
		envelope Envelope
		want     bool
	}{
		{"a server that is not the domain's", "v=DMARC1; p=reject", at("192.0.2.8"), true},
		{"put aside is distrusted too", "v=DMARC1; p=quarantine", at("192.0.2.8"), true},
		{"a domain that only watches", "v=DMARC1; p=none", at("192.0.2.8"), false},
		{"a domain without a policy", "", at("192.0.2.8"), false},
		{"a server of the domain", "v=DMARC1; p=reject", at("192.0.2.7"), false},
		{"nobody saw the server", "v=DMARC1; p=reject", Envelope{}, false},
	} {
		v := (&Checker{Resolver: records(c.policy)}).Check(context.Background(), strings.NewReader(letter), c.envelope)
		if v.Disowned() != c.want {
			t.Errorf("%s: %v, want %v: %+v", c.what, v.Disowned(), c.want, v)
		}
	}
}
