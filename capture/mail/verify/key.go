package verify

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"slices"
	"strings"
)

// The lengths of RSA keys that are believed, in bits. The lower bound is that of RFC 8301; the upper one bounds the work.
const (
	minRSA = 1024
	maxRSA = 8192
)

// A flaw is why something does not count: a result and a detail.
type flaw struct {
	result Result
	detail string
}

// broken is a flaw that stays.
func broken(detail string) *flaw { return &flaw{PermError, detail} }

// A key is a domain's public key.
type key struct {
	rsa    *rsa.PublicKey
	ed     ed25519.PublicKey
	strict bool // t=s: the signing identity must be of this very domain
}

// holds says whether sig is this key's signature over a SHA-256 digest (RFC 8463 for Ed25519).
func (k *key) holds(digest, sig []byte) bool {
	if k.ed != nil {
		return ed25519.Verify(k.ed, digest, sig)
	}
	return rsa.VerifyPKCS1v15(k.rsa, crypto.SHA256, digest, sig) == nil
}

// key asks for the key of a selector. Of several records at the name, that of a key counts.
func (l *lookups) key(ctx context.Context, domain, selector, algorithm string) (*key, *flaw) {
	records, err := l.LookupTXT(ctx, selector+"._domainkey."+domain)
	if isTemporary(err) {
		return nil, &flaw{TempError, "key not available now"}
	}
	records = slices.DeleteFunc(slices.Clone(records), func(s string) bool { return !strings.Contains(s, "p=") })
	switch len(records) {
	case 0:
		return nil, broken("no key")
	case 1:
		return parseKey(records[0], algorithm)
	}
	return nil, broken("several keys")
}

// parseKey reads a key record (RFC 6376, section 3.6.1) for signatures of an algorithm.
func parseKey(record, algorithm string) (*key, *flaw) {
	t, err := parseTags(record)
	if err != nil {
		return nil, broken("malformed key record")
	}
	if t.or("v", "DKIM1") != "DKIM1" || t.or("k", "rsa") != algorithm || !slices.Contains(list(t.or("h", "sha256")), "sha256") {
		return nil, broken("key for something else")
	}
	if s := list(t.or("s", "*")); !slices.Contains(s, "*") && !slices.Contains(s, "email") {
		return nil, broken("key not for e-mail")
	}
	raw, err := base64.StdEncoding.DecodeString(compact(t["p"]))
	if err != nil {
		return nil, broken("malformed key")
	}
	if len(raw) == 0 {
		return nil, broken("key revoked")
	}
	k, why := decodeKey(raw, algorithm)
	if why == nil {
		k.strict = slices.Contains(list(t["t"]), "s")
	}
	return k, why
}

// decodeKey reads the key itself. RSA keys are published in either of two forms (erratum 3017 of RFC 6376).
func decodeKey(raw []byte, algorithm string) (*key, *flaw) {
	if algorithm == "ed25519" {
		if len(raw) != ed25519.PublicKeySize {
			return nil, broken("malformed key")
		}
		return &key{ed: raw}, nil
	}
	any, err := x509.ParsePKIXPublicKey(raw)
	if err != nil {
		any, err = x509.ParsePKCS1PublicKey(raw)
	}
	k, isRSA := any.(*rsa.PublicKey)
	switch {
	case err != nil || !isRSA:
		return nil, broken("malformed key")
	case k.N.BitLen() < minRSA:
		return nil, broken("key too short")
	case k.N.BitLen() > maxRSA:
		return nil, broken("key too long")
	}
	return &key{rsa: k}, nil
}

// or is the value of a tag, or other when it does not stand there.
func (t tags) or(name, other string) string {
	if v, found := t[name]; found {
		return v
	}
	return other
}
