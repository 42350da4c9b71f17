package verify

import "strings"

// from is the domain of the sender as people see it. problem says why there is none: a message must have one From field with
// addresses of one domain (RFC 7489, section 6.6.1), or people and machines may each see another sender.
func (h header) from() (domain, problem string) {
	fields := h.named("from")
	switch {
	case len(fields) == 0:
		return "", "no From"
	case len(fields) > 1:
		return "", "several From fields"
	}
	addresses := addressesIn(fields[0].value())
	if len(addresses) == 0 {
		return "", "no address in From"
	}
	for _, a := range addresses {
		d := mailDomain(a)
		switch {
		case d == "":
			return "", "malformed address in From"
		case domain != "" && d != domain:
			return "", "several domains in From"
		}
		domain = d
	}
	return domain, ""
}

// addressesIn finds the addresses of a field (RFC 5322, section 3.4), leniently, since senders' names are written in many ways:
// what stands between angle brackets, or else the words themselves. Comments and quoted names are passed over.
func addressesIn(s string) (found []string) {
	var word, angle strings.Builder
	inside, bracketed := false, false
	flush := func() {
		a := compact(word.String())
		if bracketed {
			a = compact(angle.String())
		}
		if bracketed || strings.Contains(a, "@") {
			found = append(found, a)
		}
		word.Reset()
		angle.Reset()
		inside, bracketed = false, false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			end := skipQuoted(s, i)
			if inside {
				angle.WriteString(s[i:end])
			} else {
				word.WriteString("\"\"")
			}
			i = end - 1
		case c == '(':
			i = skipComment(s, i) - 1
		case c == '<' && bracketed:
			found = append(found, "") // a second address beside the first: nobody knows which of the two is seen
			inside = true
		case c == '<':
			inside, bracketed = true, true
		case c == '>':
			inside = false
		case inside:
			angle.WriteByte(c)
		case c == ',' || c == ';':
			flush()
		case c == ':':
			word.Reset() // the name of a group
		default:
			word.WriteByte(c)
		}
	}
	flush()
	return found
}

// skipQuoted is where the quoted text that begins at i ends.
func skipQuoted(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// skipComment is where the comment that begins at i ends. Comments nest.
func skipComment(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}
