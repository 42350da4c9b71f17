package verify

import (
	"context"
	"crypto/sha256"
	"strconv"
	"strings"
)

// maxSets is how many servers may have added to a chain (RFC 8617, section 5.1.1.2).
const maxSets = 50

// A set is what one server added to the chain: what it had seen, its signature of the message, and its seal of the chain so far.
type set struct {
	results, message, seal field
	signature              signature // of the message
	sealing                signature
}

// sets gathers the sets of a header, the first first (RFC 8617, section 5.2, steps 1 to 3). It gives none without a flaw when
// there is no chain. A flaw is always a fail: one broken set breaks the chain.
func (h header) sets() (sets []set, why *flaw) {
	fail := func(detail string) ([]set, *flaw) { return nil, &flaw{Fail, detail} }
	parts := map[string]map[int]field{"arc-authentication-results": {}, "arc-message-signature": {}, "arc-seal": {}}
	count := 0
	for _, f := range h {
		of, isPart := parts[f.name]
		if !isPart {
			continue
		}
		i := f.instance()
		if _, twice := of[i]; i == 0 || twice {
			return fail("malformed or repeated instance")
		}
		of[i], count = f, max(count, i)
	}
	sets = make([]set, count)
	for i := range sets {
		s := &sets[i]
		var a, b, c bool
		s.results, a = parts["arc-authentication-results"][i+1]
		s.message, b = parts["arc-message-signature"][i+1]
		s.seal, c = parts["arc-seal"][i+1]
		if !a || !b || !c {
			return fail("incomplete set")
		}
		if why := s.read(i == 0); why != nil {
			return fail(why.detail)
		}
	}
	return sets, nil
}

// instance is the number of the set that a field belongs to, 0 when it says none from 1 to 50.
func (f field) instance() int {
	v := ""
	if f.name == "arc-authentication-results" { // not a list of tags: the instance stands first
		first, _, found := strings.Cut(f.value(), ";")
		name, value, _ := strings.Cut(first, "=")
		if found && strings.TrimFunc(name, isSpace) == "i" {
			v = strings.TrimFunc(value, isSpace)
		}
	} else if t, err := parseTags(f.value()); err == nil {
		v = t["i"]
	}
	i, err := strconv.Atoi(v)
	if err != nil || i < 1 || i > maxSets {
		return 0
	}
	return i
}

// read reads the two signatures of a set and compares what the seal says of the chain before it.
func (s *set) read(first bool) (why *flaw) {
	// RFC 8617 does not say what form a signature without c= has; those who seal, and their common tests, take it for relaxed.
	if s.signature, why = parseMessageSignature(s.message, "relaxed/relaxed"); why != nil {
		return why
	}
	if s.sealing, why = parseSignature(s.seal); why != nil {
		return why
	}
	_, signsFields := s.sealing.tags["h"]
	switch cv := s.sealing.tags["cv"]; {
	case cv == "fail":
		return broken("chain was broken before")
	case cv != "none" && cv != "pass" || first != (cv == "none"):
		return broken("seal contradicts its place")
	case signsFields:
		return broken("seal names fields")
	}
	for _, name := range s.signature.names {
		if name == "arc-seal" {
			return broken("message signature over a seal")
		}
	}
	return nil
}

// chain checks the account of those who passed the message on (RFC 8617, section 5.2).
func (m *message) chain(ctx context.Context, l *lookups) Chain {
	if m.brokenChain != nil {
		return Chain{Result: Fail, Detail: m.brokenChain.detail}
	}
	n := len(m.sets)
	if n == 0 {
		return Chain{Result: None}
	}
	c := Chain{Result: Pass, Sets: n}
	if _, why := m.sets[n-1].signature.provenBy(ctx, l, m); why != nil {
		return c.broken(n, why)
	}
	for i := n; i > 0; i-- {
		s := m.sets[i-1].sealing
		k, why := l.key(ctx, s.domain, s.selector, s.algorithm)
		if why == nil && !k.holds(sealed(m.sets[:i]), s.value) {
			why = &flaw{Fail, "seal does not hold"}
		}
		if why != nil {
			return c.broken(i, why)
		}
		c.Sealers = append(c.Sealers, s.domain)
	}
	return c
}

// sealed is what the last of some sets seals: all of them, each in the order results, signature, seal (RFC 8617, section 5.1.1).
func sealed(sets []set) []byte {
	sum := sha256.New()
	for i, s := range sets {
		sum.Write([]byte(s.results.canonical(true)))
		sum.Write([]byte(s.message.canonical(true)))
		if i < len(sets)-1 {
			sum.Write([]byte(s.seal.canonical(true)))
		} else {
			sum.Write([]byte(strings.TrimSuffix(s.seal.unsigned().canonical(true), "\r\n")))
		}
	}
	return sum.Sum(nil)
}

// broken is a chain that set i breaks, or that cannot be checked now.
func (c Chain) broken(i int, why *flaw) Chain {
	result := Fail
	if why.result == TempError {
		result = TempError
	}
	return Chain{Result: result, Sets: c.Sets, Detail: "set " + strconv.Itoa(i) + ": " + why.detail}
}
