package mail

import (
	"regexp"
	"strings"
)

// nobody is what stands where no recipient is told.
var nobody = regexp.MustCompile(`(?i)^(un|nicht )?(disclosed|sichtbare|angegebene|unlisted)[ -]?(recipients?|empf.*)$|^recipient list not shown$`)

// parseAddresses reads a list of addresses as people and machines write them: names with or without quotes, comments, groups,
// routes, semicolons between, encoded words around anything. label is the charset of raw 8-bit bytes.
func parseAddresses(value, label string) []Address {
	var all []Address
	carry := "" // a name that had a comma in it
	for _, s := range splitList(value) {
		a, angle, ok := parseAddress(carry+s, label)
		if !ok {
			continue
		}
		if a.Address == "" && !angle && carry == "" && !strings.Contains(s, `"`) {
			carry = s + ", "
			continue
		}
		carry = ""
		all = append(all, a)
		if len(all) == maxAddresses {
			return all
		}
	}
	if a, _, ok := parseAddress(strings.TrimSuffix(carry, ", "), label); ok {
		all = append(all, a)
	}
	return all
}

// Addresses reads a list of addresses as people and machines write them. See [Address] for what may be missing.
func Addresses(list string) []Address { return parseAddresses(list, "") }

// splitList parts a list at commas and semicolons outside of quotes, comments and angles, and drops the names of groups.
func splitList(s string) []string {
	var all []string
	begin, quoted, angle, depth := 0, false, false, 0
	cut := func(at int) {
		if part := strings.TrimSpace(s[begin:at]); part != "" {
			all = append(all, part)
		}
		begin = at + 1
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && (quoted || depth > 0):
			i++
		case c == '"' && depth == 0:
			quoted = !quoted && (strings.IndexByte(s[i+1:], '"') >= 0) // a quote that never ends is none
		case quoted:
		case c == '(' && strings.IndexByte(s[i:], ')') > 0:
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '<' && strings.IndexByte(s[i:], '>') > 0:
			angle = true
		case c == '>':
			angle = false
		case angle:
		case c == ',' || c == ';':
			cut(i)
		case c == ':' && !strings.Contains(s[begin:i], "@"):
			begin = i + 1 // "group: a, b;"
		}
	}
	if begin < len(s) {
		cut(len(s))
	}
	return all
}

// parseAddress reads one mailbox. angle says that it stood in <>.
func parseAddress(s, label string) (a Address, angle, ok bool) {
	name, addr := "", ""
	if open := lastOutsideQuotes(s, '<'); open >= 0 {
		rest := s[open+1:]
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			end = len(rest)
		}
		name, addr, angle = s[:open], rest[:end], true
	} else if bare := strings.TrimSpace(uncomment(s)); isAddress(bare) {
		name, addr = comment(s), bare
	} else if bare, before, found := wordAddress(s); found {
		name, addr = before, bare
	} else if decoded := decodeWords(s); decoded != s && strings.Contains(decoded, "@") {
		return parseAddress(strings.ReplaceAll(decoded, "=?", "= ?"), label) // all of it was encoded
	} else {
		name = s
	}
	if strings.TrimSpace(name) == "" && angle {
		name = comment(s)
	}
	a = Address{Name: displayName(name, label), Address: cleanAddress(addr, label)}
	if a.Name == a.Address || a.Address == "" && (nobody.MatchString(a.Name) || strings.TrimSpace(uncomment(s)) == "") {
		a.Name = ""
	}
	return a, angle, a != Address{}
}

// isAddress says whether a text without a name is an address: one word, or the name of a local mailbox that machines write as.
func isAddress(s string) bool {
	if strings.ContainsAny(s, "<> \t") && !strings.HasPrefix(s, `"`) {
		return false
	}
	return strings.Count(s, "@") >= 1 || robotLocal(s)
}

// wordAddress finds the only word with an @ in a text.
func wordAddress(s string) (addr, rest string, found bool) {
	for _, w := range strings.Fields(s) {
		w = strings.Trim(w, `[](){}'"`)
		if at := strings.IndexByte(w, '@'); at > 0 && at < len(w)-1 && !strings.HasPrefix(w, "=?") {
			return w, strings.Trim(strings.Replace(s, w, "", 1), ` []()'"`), true
		}
	}
	return "", "", false
}

func lastOutsideQuotes(s string, c byte) int {
	at, quoted := -1, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted && strings.IndexByte(s[i+1:], '"') >= 0
		case s[i] == c && !quoted:
			at = i
		}
	}
	if at < 0 && strings.Count(s, `"`)%2 == 1 {
		at = strings.LastIndexByte(s, c)
	}
	return at
}

func comment(s string) string {
	open, end := strings.IndexByte(s, '('), strings.LastIndexByte(s, ')')
	if open < 0 || end < open {
		return ""
	}
	return s[open+1 : end]
}

// displayName takes the quotes off a name and decodes it.
func displayName(s, label string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, `"`) {
		inner, rest := cutQuoted(s[1:])
		s = inner + rest
	} else if !strings.Contains(s, `"`) {
		if plain := strings.TrimSpace(uncomment(s)); plain != "" {
			s = plain
		}
	}
	name := strings.Trim(line(decodeWords(rawText(s, label))), " ")
	if n := len(name); n > 1 && (name[0] == '\'' && name[n-1] == '\'' || name[0] == '"' && name[n-1] == '"') {
		name = strings.TrimSpace(name[1 : n-1])
	}
	return name
}

// cleanAddress drops routes, spaces and needless quotes, and puts the domain in lower case.
func cleanAddress(s, label string) string {
	s = strings.TrimSpace(rawText(decodeWords(uncommentOutsideQuotes(s)), label))
	if strings.HasPrefix(s, "@") { // <@a,@b:c@d>
		if _, after, ok := strings.Cut(s, ":"); ok {
			s = after
		}
	}
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s, "mailto:"), "MAILTO:"), ".")
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return bounded(line(s), 320)
	}
	local, domain := strings.TrimSpace(s[:at]), strings.ToLower(strings.TrimSpace(s[at+1:]))
	if inner := strings.Trim(local, `"`); len(inner)+2 == len(local) && !strings.ContainsAny(inner, " \t\"\\(),:;<>@[]") {
		local = inner
	}
	return bounded(line(local+"@"+strings.Join(strings.Fields(domain), "")), 320)
}

func uncommentOutsideQuotes(s string) string {
	if strings.Contains(s, `"`) {
		return s
	}
	return uncomment(s)
}

func bounded(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// addresses reads all fields of a name.
func (h Header) addresses(name string) []Address {
	var all []Address
	for _, v := range h.raw(name) {
		all = append(all, parseAddresses(v, h.label)...)
		if len(all) >= maxAddresses {
			return all[:maxAddresses]
		}
	}
	return all
}
