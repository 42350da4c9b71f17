package extract

import (
	"strings"
	"unicode"

	"docket/repository/say"
	"docket/taxonomy"
)

// emails finds e-mail addresses.
func (s *sheet) emails() (found []finding) {
	for i := range s.tokens {
		if f, ok := s.emailAt(i); ok {
			found = append(found, f)
		}
	}
	return found
}

// emailAt reads the address around the sign at token i. A space is passed only beside the sign or a dot, and only where
// what follows is a plain domain and the line does not go on as a sentence would.
func (s *sheet) emailAt(at int) (finding, bool) {
	if s.tokens[at].text != "@" && s.tokens[at].text != "©" {
		return finding{}, false
	}
	first, repaired := at, 0
	for j := at - 1; j >= max(0, at-maxSegment) && s.tokens[j].line == s.tokens[at].line && s.mailPart(j, "._-+%"); j-- {
		if s.tokens[j+1].space {
			if !s.mailGap(j + 1) {
				break
			}
			repaired++
		}
		first = j
	}
	last := at + 1
	for j := at + 1; j < min(len(s.tokens), at+maxSegment) && s.tokens[j].line == s.tokens[at].line && s.mailPart(j, ".-"); j++ {
		if s.tokens[j].space {
			if !s.mailGap(j) {
				break
			}
			repaired++
		}
		last = j + 1
	}
	for last > at+1 && !s.tokens[last-1].alnum {
		last--
	}
	for first < at && !s.tokens[first].alnum {
		first++
	}
	local, domain := joined(s.tokens[first:at]), joined(s.tokens[at+1:last])
	if at > 0 && strings.HasSuffix(s.tokens[at-1].text, "Q") { // "Q©" is one sign
		local = strings.TrimSuffix(local, "q")
	}
	if !goodMail(local, domain) || s.tokens[at].text == "©" && repaired > 0 {
		return finding{}, false
	}
	f := finding{value: local + "@" + domain, first: first, last: last, confidence: 0.95, how: say.Text("form of an e-mail address")}
	if repaired > 0 || s.tokens[at].text == "©" {
		f.confidence, f.how = 0.75, say.Text("form of an e-mail address after misread characters were put right")
	}
	return f, true
}

// mailGap says whether a space before token j may be a misreading: it stands beside the sign, a dot, an underscore or a
// hyphen, and not at a sentence's end.
func (s *sheet) mailGap(j int) bool {
	a, b := s.tokens[j-1].text, s.tokens[j].text
	switch {
	case a == "@" || b == "@":
		return !(b == "@" && j > 1 && s.tokens[j-1].alnum && s.label[j-1] >= 0)
	case a == "." || a == "_" || a == "-" && j > 1 && s.tokens[j-2].alnum && s.label[j-2] < 0:
		return s.tokens[j].alnum && b == strings.ToLower(b) && !s.tokens[j-1].space
	case b == "." || b == "_":
		return j+1 < len(s.tokens) && s.tokens[j+1].alnum && s.tokens[j+1].text == strings.ToLower(s.tokens[j+1].text)
	}
	return false
}

func (s *sheet) mailPart(j int, marks string) bool {
	t := s.tokens[j]
	if !t.alnum {
		return strings.Contains(marks, t.text)
	}
	return ascii(t.text)
}

func joined(ts []token) string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(strings.ToLower(t.text))
	}
	return b.String()
}

// readAs are the readings of "@" that recognition gives beside itself, in lower-case words none of which holds a capital.
// Those of letters come last.
var readAs = []string{"q©", "«?", "(d", "(q", "(g", "(o", "xo", "©", "®", "£", "¢", "?", "«", "»", ")", "(", "\\", "§", "&", "%", "Q", "O", "G", "D", "Ð"}

// misreadEmails finds addresses by the label of one, with something else in place of the sign.
func (s *sheet) misreadEmails() (found []finding) {
	for _, h := range s.hits {
		if h.kind != kindLabel || h.name != string(taxonomy.SenderEmail) || h.last >= len(s.tokens) {
			continue
		}
		i := h.last
		for i < len(s.tokens) && i < h.last+2 && !s.tokens[i].alnum {
			i++
		}
		if i < len(s.tokens) && s.lines[s.tokens[i].line].page == s.lines[s.tokens[h.first].line].page {
			if f, ok := s.misreadEmailAt(i); ok {
				f.how = say.Join(relation{hit: h, where: toTheLeft}.how(s), misreadAt)
				found = append(found, f)
			}
		}
	}
	for i := range s.tokens {
		if i == 0 || s.tokens[i].space {
			if f, ok := s.misreadEmailAt(i); ok {
				f.confidence -= 0.05
				found = append(found, f)
			}
		}
	}
	return found
}

// misreadEmailAt reads words from token i up to the end of a domain as an address in which one mark or capital stands
// for the sign. The domain must end in two to seven letters after a dot.
func (s *sheet) misreadEmailAt(i int) (finding, bool) {
	var b strings.Builder
	last, spaces := i, 0
	for j := i; j < min(len(s.tokens), i+14) && s.tokens[j].line == s.tokens[i].line; j++ {
		t := s.tokens[j]
		if t.text == "@" || !ascii(t.text) && !strings.Contains("«»©®£¢§Ð", t.text) {
			return finding{}, false
		}
		if t.space && j > i {
			if spaces++; spaces > 2 {
				break
			}
			if s.tokens[j-1].alnum && t.alnum && t.text == t.fold { // the underscore is easily lost
				b.WriteByte('_')
			}
		}
		b.WriteString(t.text)
		last = j + 1
		if dot := strings.LastIndexByte(b.String(), '.'); dot > 0 && len(b.String())-dot >= 3 && j > i+2 {
			if next := j + 1; next >= len(s.tokens) || s.tokens[next].line != t.line || s.tokens[next].space {
				break
			}
		}
	}
	local, domain, ok := splitMisread(b.String())
	if !ok || strings.Contains(domain, "_") {
		return finding{}, false
	}
	return finding{value: local + "@" + domain, first: i, last: last, confidence: 0.72 - 0.06*float64(spaces), how: say.Join(say.Text("form of an e-mail address"), misreadAt)}, true
}

// splitMisread parts an address at the only place where a misread sign can stand.
func splitMisread(s string) (local, domain string, ok bool) {
	lowered := lowerAround(s)
	for _, sign := range readAs {
		local, domain, found := strings.Cut(lowered, sign)
		if found && len(local) >= 3 && !strings.Contains(domain, sign) && plainMail(local, "._-+") && plainMail(domain, ".-") && goodMail(local, domain) {
			return local, domain, true
		}
	}
	return "", "", false
}

// lowerAround puts the letters beside a bracket or another mark in lower case, since "(D" and "Q©" stand for one sign.
func lowerAround(s string) string {
	if i := strings.IndexAny(s, "(©«"); i > 0 {
		return s[:max(0, i-1)] + strings.ToLower(s[max(0, i-1):])
	}
	return s
}

// plainMail says whether a part of an address holds only small letters, digits and the given marks.
func plainMail(s, marks string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(marks, r)) {
			return false
		}
	}
	return true
}

func goodMail(local, domain string) bool {
	dot := strings.LastIndexByte(domain, '.')
	if local == "" || len(local) > 64 || dot < 1 || len(domain)-dot < 3 || len(domain)-dot > 13 || strings.Contains(domain, "..") || strings.Contains(local, "..") {
		return false
	}
	for _, r := range domain[dot+1:] {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return true
}
