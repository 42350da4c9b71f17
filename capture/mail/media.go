package mail

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// maxParams bounds the parameters of one field.
const maxParams = 100

// parseMedia reads a value with parameters, as Content-Type and Content-Disposition have: lower case, parameters by lower-case
// names, continued and encoded ones (RFC 2231) put together and decoded. It forgives what mailers get wrong: missing quotes,
// spaces, stray semicolons and commas, encoded words in quotes. label is the charset of raw 8-bit bytes.
func parseMedia(value, label string) (media string, params map[string]string) {
	media, rest, _ := strings.Cut(value, ";")
	media = strings.ToLower(strings.Trim(strings.Map(printed, uncomment(media)), " \t\"'"))
	if at := strings.IndexAny(media, " \t,"); at > 0 {
		media, rest = media[:at], media[at:]+";"+rest
	}
	media = strings.TrimRight(media, "<>,:=?*&!#")
	pieces := map[string][]piece{}
	for n := 0; rest != "" && n < maxParams; n++ {
		var name, text string
		name, text, rest = cutParam(rest)
		if name == "" {
			continue
		}
		base, p := splitParam(name, text)
		pieces[base] = append(pieces[base], p)
	}
	params = make(map[string]string, len(pieces))
	for name, all := range pieces {
		params[name] = joinPieces(all, label)
	}
	return media, params
}

// printed leaves out of a type what no type has: whatever is not printed, or is no ASCII.
func printed(r rune) rune {
	if r != '\t' && r < ' ' || r >= 0x7f {
		return -1
	}
	return r
}

// A piece is a part of a parameter's value: name*0, name*1* and so on.
type piece struct {
	number  int // -1 for the plain parameter, which counts only when there is no other
	encoded bool
	text    string
}

// cutParam cuts name=value off the beginning of s.
func cutParam(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, " \t;,")
	eq := strings.IndexAny(s, "=;")
	if eq < 0 {
		return "", "", ""
	}
	if s[eq] == ';' {
		return "", "", s[eq:]
	}
	name = strings.ToLower(strings.TrimSpace(s[:eq]))
	s = strings.TrimLeft(s[eq+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest = cutQuoted(s[1:])
		return name, value, rest
	}
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	value = strings.TrimSpace(s[:end])
	if name != "filename" && name != "name" {
		value = strings.TrimSpace(uncomment(value))
	}
	return name, value, s[end:]
}

// cutQuoted cuts a quoted string whose first quote is gone. A backslash stays unless it hides a quote or itself: names of files
// hold some. A string that never ends, ends before the next semicolon.
func cutQuoted(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	value, rest, _ = strings.Cut(s, ";")
	return strings.TrimSpace(value), rest
}

// splitParam tells a parameter's own name from the number and the mark of RFC 2231.
func splitParam(name, text string) (string, piece) {
	p := piece{number: -1, text: text}
	base, tail, numbered := strings.Cut(name, "*")
	if !numbered {
		return name, p
	}
	tail, p.encoded = strings.CutSuffix(tail, "*")
	if tail == "" {
		p.encoded, p.number = true, 0
		return base, p
	}
	n, err := strconv.Atoi(tail)
	if err != nil || n < 0 {
		return name, p
	}
	p.number = n
	return base, p
}

func joinPieces(all []piece, label string) string {
	sort.SliceStable(all, func(i, j int) bool { return all[i].number < all[j].number })
	if all[len(all)-1].number < 0 {
		return decodeWords(rawText(all[0].text, label))
	}
	var raw strings.Builder
	charset, last := label, -1
	for _, p := range all {
		if p.number == last || p.number < 0 {
			continue // the first of equals
		}
		text := p.text
		if p.encoded {
			if last == -1 {
				if parts := strings.SplitN(text, "'", 3); len(parts) == 3 {
					charset, text = parts[0], parts[2]
				}
			}
			text = unescape(text)
		}
		last = p.number
		raw.WriteString(text)
	}
	text, _ := decodeCharset([]byte(raw.String()), charset)
	return decodeWords(text)
}

// unescape undoes percent encoding; what is broken stays.
func unescape(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			b.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// uncomment drops comments in parentheses.
func uncomment(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	var b strings.Builder
	depth := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
		case s[i] == '(':
			depth++
		case s[i] == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
