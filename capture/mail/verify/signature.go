package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
)

// A signature is what a field says that signs something: DKIM-Signature, ARC-Message-Signature or ARC-Seal.
type signature struct {
	field     field
	tags      tags
	domain    string
	selector  string
	algorithm string // of the key: rsa or ed25519
	value     []byte

	// Of those that sign the message, not of a seal:
	names       []string // of the signed fields, lower case
	bodyHash    []byte
	relaxed     bool // canonical form of the header
	relaxedBody bool
}

// parseSignature reads what all three have. The flaw of an algorithm that is not believed is told apart from a broken field.
func parseSignature(f field) (s signature, why *flaw) {
	s.field = f
	t, err := parseTags(f.value())
	if err != nil {
		return s, broken("malformed tags")
	}
	s.tags, s.selector = t, strings.ToLower(compact(t["s"]))
	s.domain = domainOf(compact(t["d"]))
	if s.domain == "" || !isName(s.selector) {
		return s, broken("no domain or selector")
	}
	algorithm, digest, _ := strings.Cut(t["a"], "-")
	switch {
	case algorithm != "rsa" && algorithm != "ed25519", digest != "sha256" && digest != "sha1":
		return s, broken("unknown algorithm")
	case digest == "sha1":
		return s, broken("SHA-1 is too weak")
	}
	s.algorithm = algorithm
	if s.value, err = base64.StdEncoding.DecodeString(compact(t["b"])); err != nil || len(s.value) == 0 {
		return s, broken("malformed signature")
	}
	if _, ok := t.seconds("t"); !ok {
		return s, broken("malformed time")
	}
	return s, nil
}

// parseMessageSignature reads what signs a message as well: the fields and the body, in a canonical form which is forms when the
// signature does not say.
func parseMessageSignature(f field, forms string) (s signature, why *flaw) {
	if s, why = parseSignature(f); why != nil {
		return s, why
	}
	names, signsFields := s.tags["h"]
	hash, err := base64.StdEncoding.DecodeString(compact(s.tags["bh"]))
	if !signsFields || err != nil || len(hash) != sha256.Size {
		return s, broken("malformed list of fields or hash of the body")
	}
	s.names, s.bodyHash = list(strings.ToLower(names)), hash
	head, rest, _ := strings.Cut(s.tags.or("c", forms), "/")
	for _, form := range []struct {
		name    string
		relaxed *bool
	}{{head, &s.relaxed}, {orSimple(rest), &s.relaxedBody}} {
		if *form.relaxed = form.name == "relaxed"; !*form.relaxed && form.name != "simple" {
			return s, broken("unknown canonical form")
		}
	}
	return s, nil
}

func orSimple(s string) string {
	if s == "" {
		return "simple"
	}
	return s
}

// seconds is the value of a tag that is a time, -1 when it does not stand there.
func (t tags) seconds(name string) (n int64, ok bool) {
	v, found := t[name]
	if !found {
		return -1, true
	}
	n, err := strconv.ParseInt(v, 10, 64)
	return n, err == nil && n >= 0 && v[0] != '+'
}

// digest is what the signature is made over: the fields that it names, each time the lowest that was not yet taken, and the
// signature itself, which did not stand among them yet (RFC 6376, section 3.7 and 5.4.2).
func (s *signature) digest(h header) []byte {
	sum, rest := sha256.New(), map[string][]field{}
	for _, f := range h {
		if f.raw != s.field.raw {
			rest[f.name] = append(rest[f.name], f)
		}
	}
	for _, name := range s.names {
		if n := len(rest[name]); n > 0 {
			sum.Write([]byte(rest[name][n-1].canonical(s.relaxed)))
			rest[name] = rest[name][:n-1]
		}
	}
	own := s.field.unsigned().canonical(s.relaxed)
	sum.Write([]byte(strings.TrimSuffix(own, "\r\n")))
	return sum.Sum(nil)
}

// provenBy compares the body's hash, asks for the key and compares the signature. nil says that it holds.
func (s *signature) provenBy(ctx context.Context, l *lookups, m *message) (*key, *flaw) {
	if !bytes.Equal(m.bodyHash(s.relaxedBody), s.bodyHash) {
		return nil, &flaw{Fail, "body changed"}
	}
	k, why := l.key(ctx, s.domain, s.selector, s.algorithm)
	if why == nil && !k.holds(s.digest(m.header), s.value) {
		why = &flaw{Fail, "signature does not hold"}
	}
	return k, why
}
