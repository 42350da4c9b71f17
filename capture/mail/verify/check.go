package verify

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"time"

	"docket/repository/say"
)

// maxTime bounds all lookups for one message.
const maxTime = 30 * time.Second

// A Checker finds out who sent messages. The zero checker asks the resolver of the machine and trusts nobody's results. It is safe
// for concurrent use when its resolver is.
type Checker struct {
	Resolver Resolver // nil: that of the machine

	// Trusted are the names under which our own mail servers write Authentication-Results (their authserv-id). Everybody can write
	// a field with such a name, so it counts only above the Received fields of strangers: Hops says how many Received fields our own
	// servers put above their results, which one sees in any message that came in. A server that puts its results on top needs
	// none, Postfix with a milter one, and one more each for a filter or for delivery by LMTP.
	Trusted []string
	Hops    int

	Now func() time.Time // nil: time.Now
}

// A message is what is kept of one while it is checked.
type message struct {
	header      header
	candidates  []candidate
	sets        []set
	brokenChain *flaw
	hashes      map[bool][]byte // of the body, by whether the form is relaxed
}

func (m *message) bodyHash(relaxed bool) []byte { return m.hashes[relaxed] }

// Check reads a message to its end and says who sent it. It always gives a verdict: what could not be read or asked for proves
// nothing. The size of the body is the caller's to bound.
func (c *Checker) Check(ctx context.Context, raw io.Reader, e Envelope) Verdict {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	m, err := readMessage(raw, c.now())
	if err != nil {
		return unread(err)
	}
	l := newLookups(c.resolver())
	v := Verdict{SPF: e.spf(ctx, l)}
	ours := c.trustedResults(m.header)
	v.adopt(ours)
	v.Auth = signedIn(ours, m.header)
	for i := range m.candidates {
		v.DKIM = append(v.DKIM, m.candidates[i].check(ctx, l, m))
	}
	v.ARC = m.chain(ctx, l)
	var problem string
	if v.From, problem = m.header.from(); problem != "" {
		v.DMARC, v.Reason = Fail, ambiguous(problem)
		return v
	}
	v.judge(l.policy(ctx, v.From))
	v.Reason = v.sentence()
	return v
}

// readMessage reads the header, what signs it, and the body in the forms that the signatures need.
func readMessage(raw io.Reader, now time.Time) (m *message, err error) {
	r := bufio.NewReaderSize(raw, 32<<10)
	m = &message{hashes: map[bool][]byte{}}
	if m.header, err = readHeader(r); err != nil {
		return nil, err
	}
	m.candidates = m.header.candidates(now)
	m.sets, m.brokenChain = m.header.sets()
	wanted := map[bool]bool{}
	for _, s := range m.candidates {
		wanted[s.relaxedBody] = true
	}
	if n := len(m.sets); n > 0 {
		wanted[m.sets[n-1].signature.relaxedBody] = true
	}
	var bodies []*body
	for relaxed := range wanted {
		bodies = append(bodies, newBody(relaxed))
	}
	if err := readBody(r, bodies); err != nil {
		return nil, err
	}
	for _, b := range bodies {
		m.hashes[b.relaxed] = b.digest()
	}
	return m, nil
}

func (c *Checker) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func (c *Checker) resolver() Resolver {
	if c.Resolver == nil {
		return net.DefaultResolver
	}
	return c.Resolver
}

// unread is the verdict on a message that could not be read.
func unread(err error) Verdict {
	result, reason := TempError, say.Text("The sender could not be checked now, because the message could not be read.")
	if errors.Is(err, errHeader) {
		result, reason = PermError, say.Text("The sender could not be checked: the header of the message is too large.")
	}
	return Verdict{SPF: SPF{Result: result}, DMARC: result, ARC: Chain{Result: result}, Reason: reason}
}

// ambiguous says why nobody can be the sender.
func ambiguous(problem string) string {
	switch problem {
	case "several From fields", "several domains in From":
		return say.Text("The message names several senders, so none of them is confirmed.")
	}
	return say.Text("The message names no sender who could be confirmed.")
}

// sentence says to a person what the verdict means.
func (v *Verdict) sentence() string {
	switch signer := v.signer(); {
	case signer != "":
		return say.Text("The sender is confirmed: %s has signed the message.", signer)
	case v.Auth != "":
		return say.Text("The sender is confirmed: they signed in at %s.", v.Auth)
	case v.Aligned:
		return say.Text("The sender is confirmed: the message came from a server of %s.", v.SPF.Domain)
	case v.DMARC == TempError || v.unsure():
		return say.Text("The sender could not be checked now, because the records of %s are out of reach.", v.From)
	case v.ARC.Result == Pass:
		return say.Text("The sender is not confirmed. The message was passed on by %s.", v.ARC.Sealers[0])
	case v.Policy == "reject" || v.Policy == "quarantine":
		return say.Text("The sender is not confirmed, and %s asks to distrust messages in its name without proof.", v.From)
	}
	return say.Text("The sender is not confirmed: nothing proves that the message comes from %s.", v.From)
}
