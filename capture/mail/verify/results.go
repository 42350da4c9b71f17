package verify

import (
	"slices"
	"strings"
)

// maxResults is how many fields of results are read.
const maxResults = 20

// A method is one result of a server: how it checked, what came of it, and about what.
type method struct {
	name, result string
	about        map[string]string // header.d, smtp.mailfrom and the like
}

// trustedResults gives what our own servers found, by the field in which it stands (see [Checker]).
func (c *Checker) trustedResults(h header) (found []results) {
	received := 0
	for _, f := range h {
		if f.name == "received" {
			if received++; received > c.Hops {
				break
			}
		}
		if f.name != "authentication-results" || len(found) == maxResults {
			continue
		}
		r := parseResults(f.value())
		if slices.ContainsFunc(c.Trusted, func(id string) bool { return r.server != "" && strings.EqualFold(id, r.server) }) {
			found = append(found, r)
		}
	}
	return found
}

// results are what one field says.
type results struct {
	server  string
	methods []method
}

// parseResults reads an Authentication-Results field (RFC 8601, section 2.2). Comments and quoted words are strangers' text, in which
// a semicolon or an equals sign means nothing. What is malformed is left out, and the rest still counts.
func parseResults(value string) (r results) {
	for i, words := range statements(value) {
		if i == 0 {
			if len(words) == 1 || len(words) == 2 && words[1] == "1" {
				r.server = words[0]
				continue
			}
			return results{}
		}
		if len(words) < 3 || words[1] != "=" {
			continue
		}
		name, _, _ := strings.Cut(strings.ToLower(words[0]), "/")
		m := method{name, strings.ToLower(words[2]), map[string]string{}}
		for w := words[3:]; len(w) >= 3; w = w[1:] {
			key := strings.ToLower(w[0])
			if _, twice := m.about[key]; w[1] == "=" && !twice {
				m.about[key] = w[2]
			}
		}
		r.methods = append(r.methods, m)
	}
	return r
}

// statements parts a value at its semicolons into words, where an equals sign is a word.
func statements(s string) (all [][]string) {
	var words []string
	var word strings.Builder
	has := false
	end := func() {
		if has {
			words = append(words, word.String())
		}
		word.Reset()
		has = false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			stop := skipQuoted(s, i)
			word.WriteString(unquote(s[i:stop]))
			has = true
			i = stop - 1
		case c == '(':
			i = skipComment(s, i) - 1
			end()
		case c == ';':
			end()
			all, words = append(all, words), nil
		case c == '=':
			end()
			words = append(words, "=")
		case isSpace(rune(c)):
			end()
		default:
			word.WriteByte(c)
			has = true
		}
	}
	end()
	return append(all, words)
}

// unquote is the text between quotation marks.
func unquote(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// resultOf is a result that this package knows; others say nothing that counts.
func resultOf(s string) Result {
	switch r := Result(s); r {
	case None, Pass, Fail, SoftFail, Neutral, TempError, PermError:
		return r
	case "hardfail":
		return Fail
	}
	return Neutral
}

// adopt takes what our own servers found into the verdict: SPF where the sending server is unknown here, and signatures, which they
// saw before anything of ours could have changed the message.
func (v *Verdict) adopt(all []results) {
	for _, r := range all {
		for _, m := range r.methods {
			switch {
			case m.name == "spf" && v.SPF.Result == None && v.SPF.By == "":
				v.SPF = SPF{Result: resultOf(m.result), Domain: m.sender(), By: r.server}
			case m.name == "dkim":
				v.DKIM = append(v.DKIM, Signature{Result: resultOf(m.result), Domain: m.signer(), Selector: m.about["header.s"], By: r.server})
			}
		}
	}
}

// signedIn is the server of ours that says that whoever stands in From signed in there (RFC 8601, section 2.7.4): so the house's own people
// are known whose mail never leaves it, and that nobody needs to sign. The whole address counts, not its domain alone.
func signedIn(all []results, h header) string {
	from := h.named("from")
	if len(from) != 1 {
		return ""
	}
	addresses := addressesIn(from[0].value())
	if len(addresses) != 1 {
		return ""
	}
	for _, r := range all {
		for _, m := range r.methods {
			if m.name == "auth" && resultOf(m.result) == Pass && strings.EqualFold(m.about["smtp.auth"], addresses[0]) {
				return r.server
			}
		}
	}
	return ""
}

// sender is the domain that an SPF result is about: of MAIL FROM, or of HELO when that was empty.
func (m method) sender() string {
	for _, key := range []string{"smtp.mailfrom", "smtp.mfrom", "smtp.mail", "smtp.helo"} {
		if d := domainOrMailDomain(m.about[key]); d != "" {
			return d
		}
	}
	return ""
}

// signer is the domain that a DKIM result is about.
func (m method) signer() string {
	if d := domainOf(m.about["header.d"]); d != "" {
		return d
	}
	return domainOrMailDomain(m.about["header.i"])
}

func domainOrMailDomain(s string) string {
	if strings.Contains(s, "@") {
		return mailDomain(s)
	}
	return domainOf(s)
}
