package verify

import (
	"context"
	"slices"
	"strings"
	"time"
)

// maxSignatures is how many DKIM signatures of a message are looked at, the topmost.
const maxSignatures = 10

// skew is how far clocks may differ where a signature ends.
const skew = 5 * time.Minute

// once are the fields that a message has once at most, and whose second would be shown in place of the signed first
// (RFC 6376, section 8.15).
var once = []string{"from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id", "in-reply-to", "references",
	"mime-version", "content-type", "content-transfer-encoding"}

// A candidate is a DKIM signature that was read, and why it does not count already.
type candidate struct {
	signature
	why *flaw
}

// candidates reads the DKIM signatures of a header.
func (h header) candidates(now time.Time) (all []candidate) {
	fields := h.named("dkim-signature")
	for _, f := range fields[:min(len(fields), maxSignatures)] {
		s, why := parseMessageSignature(f, "simple/simple")
		if why == nil {
			why = s.flawed(h, now)
		}
		all = append(all, candidate{s, why})
	}
	return all
}

// flawed is why a signature does not count whatever its key says.
func (s *signature) flawed(h header, now time.Time) *flaw {
	made, _ := s.tags.seconds("t")
	ends, ok := s.tags.seconds("x")
	_, partial := s.tags["l"]
	methods := list(s.tags.or("q", "dns/txt"))
	switch {
	case s.tags["v"] != "1":
		return broken("unknown version")
	case !ok || ends >= 0 && ends < made:
		return broken("malformed time")
	case ends >= 0 && now.Add(-skew).After(time.Unix(ends, 0)):
		return &flaw{Fail, "expired"}
	case !slices.Contains(methods, "dns/txt"):
		return broken("unknown way to the key")
	case !slices.Contains(s.names, "from"):
		return broken("From not signed")
	case !s.identifies(false):
		return broken("identity of another domain")
	case partial:
		return &flaw{Neutral, "signs a part of the body"}
	}
	return s.added(h)
}

// added is a flaw when a field that stands there once is signed and stands there again, unsigned.
func (s *signature) added(h header) *flaw {
	for _, name := range once {
		signed := 0
		for _, n := range s.names {
			if n == name {
				signed++
			}
		}
		if signed > 0 && len(h.named(name)) > max(signed, 1) {
			return &flaw{Neutral, "fields added after signing"}
		}
	}
	return nil
}

// identifies says whether the identity that signs (i=) is of the signing domain, or below it unless the key is strict.
func (s *signature) identifies(strict bool) bool {
	identity, found := s.tags["i"]
	if !found {
		return true
	}
	_, domain, _ := strings.Cut(compact(identity), "@")
	domain = domainOf(domain)
	return domain == s.domain || !strict && strings.HasSuffix(domain, "."+s.domain)
}

// check says what came of a candidate.
func (c *candidate) check(ctx context.Context, l *lookups, m *message) Signature {
	why := c.why
	if why == nil {
		var k *key
		if k, why = c.provenBy(ctx, l, m); why == nil && k.strict && !c.identifies(true) {
			why = broken("identity of another domain")
		}
	}
	s := Signature{Result: Pass, Domain: c.domain, Selector: c.selector}
	if why != nil {
		s.Result, s.Detail = why.result, why.detail
	}
	return s
}
