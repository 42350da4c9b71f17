package workflow

import (
	"net/mail"
	"strings"

	"docket/repository/fault"

	"golang.org/x/net/idna"
)

// domains turns names of other scripts into what mail servers understand (RFC 5891).
var domains = idna.New(idna.MapForLookup(), idna.StrictDomainName(true))

// cleanAddress is an address as it is sent to. A name beside it, and whatever could end a line, make it none.
func cleanAddress(s string) (string, error) {
	s = strings.TrimSpace(s)
	a, err := mail.ParseAddress(s)
	bad := fault.New(fault.Invalid, "“%.100s” is no address that mail can be sent to. Nothing was sent.", s)
	if err != nil || a.Name != "" || a.Address != s || len(s) > 254 {
		return "", bad
	}
	i := strings.LastIndexByte(s, '@')
	local, domain := s[:i], s[i+1:]
	if ascii, err := domains.ToASCII(domain); err == nil {
		domain = strings.ToLower(ascii)
	} else {
		return "", bad
	}
	if strings.ContainsFunc(local, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"\()<>,:;[]`, r) }) || len(local) > 64 {
		return "", bad
	}
	return local + "@" + domain, nil
}

// cleanAddresses brings addresses into their form, each once; seen are those that came before.
func cleanAddresses(all []string, seen map[string]bool) ([]string, error) {
	clean := []string{}
	for _, s := range all {
		if strings.TrimSpace(s) == "" {
			continue
		}
		a, err := cleanAddress(s)
		if err != nil {
			return nil, err
		}
		if key := strings.ToLower(a); !seen[key] {
			seen[key] = true
			clean = append(clean, a)
		}
	}
	return clean, nil
}
