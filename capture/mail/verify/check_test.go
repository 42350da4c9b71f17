package verify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/google/go-cmp/cmp"
)

// A sender is known when a domain of the organisation in From proves something, as strictly as that domain asks.
func TestVerdict(t *testing.T) {
	t.Parallel()
	from := func(address string) string { return strings.Replace(letter, "office@bank.example", address, 1) }
	ours := Envelope{netip.MustParseAddr("192.0.2.7"), "out.bank.example", "bounce@mail.bank.example"}
	with := func(more ...string) records {
		r := bankRecords(records{"bank.example": "v=spf1 ip4:192.0.2.7 -all", "mail.bank.example": "v=spf1 ip4:192.0.2.7 ip6:2001:db8::7 ~all",
			"out.bank.example": "v=spf1 a -all"})
		for i := 0; i < len(more); i += 2 {
			r[more[i]] = more[i+1]
		}
		return r
	}
	const reject, strict = "v=DMARC1; p=reject", "v=DMARC1; p=reject; adkim=s; aspf=s"
	for _, c := range []struct {
		what     string
		message  string
		envelope Envelope
		records  records
		aligned  bool
		spf      Result
		dmarc    Result
		policy   string
		reason   string
	}{
		{"signed, no policy", signed(t, letter, dkim.SignOptions{}), Envelope{}, with(),
			true, None, None, "", "The sender is confirmed: bank.example has signed the message."},
		{"signed by a subdomain", signed(t, letter, dkim.SignOptions{Domain: "mail.bank.example"}), Envelope{}, with("_dmarc.bank.example", reject),
			true, None, Pass, "reject", "The sender is confirmed: mail.bank.example has signed the message."},
		{"signed by a subdomain where that is not enough", signed(t, letter, dkim.SignOptions{Domain: "mail.bank.example"}), Envelope{}, with("_dmarc.bank.example", strict),
			false, None, Fail, "reject", "The sender is not confirmed, and bank.example asks to distrust messages in its name without proof."},
		{"signed by somebody else", signed(t, from("office@other.example"), dkim.SignOptions{}), Envelope{}, with(),
			false, None, None, "", "The sender is not confirmed: nothing proves that the message comes from other.example."},
		{"the same public suffix is no organisation", signed(t, from("office@other.co.uk"), dkim.SignOptions{Domain: "bank.co.uk"}), Envelope{},
			with("s1._domainkey.bank.co.uk", keyRecord(rsaKey())), false, None, None, "", "The sender is not confirmed: nothing proves that the message comes from other.co.uk."},
		{"a server of the domain", letter, ours, with("_dmarc.bank.example", reject),
			true, Pass, Pass, "reject", "The sender is confirmed: the message came from a server of mail.bank.example."},
		{"a server of the domain by IPv6", letter, Envelope{netip.MustParseAddr("2001:db8::7"), "x", "b@mail.bank.example"}, with(),
			true, Pass, None, "", "The sender is confirmed: the message came from a server of mail.bank.example."},
		{"a server of the subdomain where that is not enough", letter, ours, with("_dmarc.bank.example", strict),
			false, Pass, Fail, "reject", "The sender is not confirmed, and bank.example asks to distrust messages in its name without proof."},
		{"a server of somebody", letter, Envelope{netip.MustParseAddr("192.0.2.8"), "x.example", "b@mail.bank.example"}, with("_dmarc.bank.example", "v=DMARC1; p=none"),
			false, SoftFail, Fail, "none", "The sender is not confirmed: nothing proves that the message comes from bank.example."},
		{"a bounce is judged by its HELO", letter, Envelope{netip.MustParseAddr("192.0.2.7"), "bank.example", "<>"}, with(),
			true, Pass, None, "", "The sender is confirmed: the message came from a server of bank.example."},
		{"an address that hides another", letter, Envelope{netip.MustParseAddr("192.0.2.7"), "x.example", `"a@bank.example"@evil.example`}, with(),
			false, None, None, "", "The sender is not confirmed: nothing proves that the message comes from bank.example."},
		{"the organisation's policy for subdomains", from("office@news.bank.example"), Envelope{}, with("_dmarc.bank.example", "v=DMARC1; p=none; sp=quarantine; rf=odd"),
			false, None, Fail, "quarantine", "The sender is not confirmed, and news.bank.example asks to distrust messages in its name without proof."},
		{"two policies are none", letter, Envelope{}, with("_dmarc.bank.example", reject+"\n"+strict),
			false, None, None, "", "The sender is not confirmed: nothing proves that the message comes from bank.example."},
		{"a policy out of reach", letter, Envelope{}, with("_dmarc.bank.example", away),
			false, None, TempError, "", "The sender could not be checked now, because the records of bank.example are out of reach."},
		{"a key out of reach", signed(t, letter, dkim.SignOptions{}), Envelope{}, with("_dmarc.bank.example", reject, "s1._domainkey.bank.example", away),
			false, None, TempError, "reject", "The sender could not be checked now, because the records of bank.example are out of reach."},
		{"two senders", "From: office@bank.example\r\n" + signed(t, letter, dkim.SignOptions{}), Envelope{}, with("_dmarc.bank.example", "v=DMARC1; p=none"),
			false, None, Fail, "", "The message names several senders, so none of them is confirmed."},
		{"no sender", "Subject: x\r\n\r\nx", ours, with(),
			false, Pass, Fail, "", "The message names no sender who could be confirmed."},
		{"an international name", signed(t, from("office@b\u00fccher.example"), dkim.SignOptions{Domain: "xn--bcher-kva.example"}), Envelope{},
			with("s1._domainkey.xn--bcher-kva.example", keyRecord(rsaKey())), true, None, None, "", "The sender is confirmed: xn--bcher-kva.example has signed the message."},
	} {
		got := (&Checker{Resolver: c.records}).Check(context.Background(), strings.NewReader(c.message), c.envelope)
		type short struct {
			Aligned        bool
			SPF, DMARC     Result
			Policy, Reason string
		}
		want := short{c.aligned, c.spf, c.dmarc, c.policy, c.reason}
		if diff := cmp.Diff(want, short{got.Aligned, got.SPF.Result, got.DMARC, got.Policy, got.Reason}); diff != "" {
			t.Errorf("%s: %s\n%+v", c.what, diff, got)
		}
	}
}

// A list changes what it passes on, and says who it is.
func TestPassedOn(t *testing.T) {
	t.Parallel()
	message, r := chained(t, 1)
	if got := check(t, message, r); got.Aligned || got.Reason != "The sender is not confirmed. The message was passed on by relay1.example." {
		t.Errorf("%+v", got)
	}
}

// What cannot be read proves nothing.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	broken := iotest.ErrReader(errors.New("connection lost"))
	for _, c := range []struct {
		what string
		raw  io.Reader
		want Result
	}{
		{"in the header", broken, TempError},
		{"in the body", io.MultiReader(strings.NewReader(letter), broken), TempError},
		{"a header without end", strings.NewReader("X: " + strings.Repeat("x", maxHeader)), PermError},
	} {
		got := (&Checker{Resolver: records{}}).Check(context.Background(), c.raw, Envelope{})
		if got.Aligned || got.DMARC != c.want || got.Reason == "" {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
}

// A verdict is kept as it is.
func TestVerdictIsStored(t *testing.T) {
	t.Parallel()
	message, r := chained(t, 2)
	v := check(t, message, r)
	var back Verdict
	if err := json.Unmarshal(must(json.Marshal(v)), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, back); diff != "" {
		t.Error(diff)
	}
}
