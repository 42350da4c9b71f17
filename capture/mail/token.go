package mail

import (
	"regexp"
	"slices"
	"strings"
)

var marker = regexp.MustCompile(`\[#docket:([A-Za-z0-9._~=-]{1,200})\]`)

// tokens are the parts after the plus of all recipients' addresses, and what stands in markers within the text, quoted or not
// (rule 26). Tokens keep their case: they are signed.
func tokens(m *Message) []string {
	var all []string
	add := func(t string) {
		if t != "" && len(t) <= 200 && len(all) < maxTokens && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	for _, address := range m.recipients() {
		local, _, _ := strings.Cut(address, "@")
		if _, token, ok := strings.Cut(local, "+"); ok {
			add(token)
		}
	}
	for _, text := range []string{m.Text, m.HTML} {
		for _, found := range marker.FindAllStringSubmatch(text, maxTokens) {
			add(found[1])
		}
	}
	return all
}

// recipients are all addresses a message says it was sent to.
func (m *Message) recipients() []string {
	all := slices.Clone(m.Delivered)
	for _, list := range [][]Address{m.To, m.Cc, m.Header.addresses("Bcc"), m.Header.addresses("Resent-To")} {
		for _, a := range list {
			all = append(all, a.Address)
		}
	}
	return all
}
