package verify

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// names are written as they are looked up. Underscores stand in names of keys and policies.
var names = idna.New(idna.MapForLookup(), idna.StrictDomainName(false))

// domainOf is a domain in lower case and ASCII, "" when s is none: at least two labels of what host names consist of.
func domainOf(s string) string {
	s, err := names.ToASCII(strings.TrimSuffix(s, "."))
	if err != nil || !strings.Contains(s, ".") || !isName(s) {
		return ""
	}
	return strings.ToLower(s)
}

// isName says whether s can be asked for: labels of letters, digits, hyphens and underscores.
func isName(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// organisation is the domain below the public suffix that a domain belongs to (RFC 7489, section 3.2). A public suffix is its own.
func organisation(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// isAligned says whether a domain that proved something speaks for the one in From.
func isAligned(proved, from string, strict bool) bool {
	if strict || proved == "" || from == "" {
		return proved != "" && proved == from
	}
	return organisation(proved) == organisation(from)
}

// mailDomain is the domain of an address, "" without one.
func mailDomain(address string) string {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return ""
	}
	return domainOf(strings.TrimFunc(address[i+1:], isSpace))
}
