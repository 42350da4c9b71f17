package extract

import (
	"strings"

	"docket/taxonomy"
)

// A house is a House made comparable.
type house struct {
	names     []string
	addresses map[string]bool
	mails     map[string]bool // addresses, and domains with their "@"
	phones    map[string]bool
	ibans     map[string]bool
}

func newHouse(h House) house {
	own := house{addresses: map[string]bool{}, mails: map[string]bool{}, phones: map[string]bool{}, ibans: map[string]bool{}}
	for _, n := range h.Names {
		if k := key(n); k != "" {
			own.names = append(own.names, k)
		}
	}
	for _, a := range h.Addresses {
		own.addresses[key(a)] = true
	}
	for _, m := range h.Emails {
		own.mails[strings.ToLower(m)] = true
	}
	for _, p := range h.Phones {
		own.phones[p] = true
	}
	for _, i := range h.IBANs {
		own.ibans[strings.ReplaceAll(strings.ToUpper(i), " ", "")] = true
	}
	return own
}

// key is a text without what may differ between two writings of it: case, accents, punctuation and spaces.
func key(s string) string {
	var b strings.Builder
	for _, t := range taxonomy.Tokens(s) {
		b.WriteString(t.Folded)
	}
	return b.String()
}

// named says whether a text holds one of the house's names.
func (h house) named(text string) bool {
	k := key(text)
	for _, n := range h.names {
		if strings.Contains(k, n) {
			return true
		}
	}
	return false
}

// mail says whether an e-mail address is the house's own.
func (h house) mail(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	return h.mails[address] || h.mails["@"+domain]
}
