package taxonomy

import (
	"slices"
	"strings"
	"unicode"

	"docket/repository/fault"
)

// Naming and filing templates are plain lines with placeholders:
//
//	{date} {class} – {party} – {subject}[ (no. {invoice_number})] – {ticket}
//
// A placeholder that has no value writes nothing. What stands between two placeholders and holds no letter or digit is a
// separator: it is written only between two parts that were written, so nothing missing leaves a stray dash. Text in
// square brackets is written only when every placeholder in it has a value. In a filing template / separates folders.

// Placeholders that every template may use besides the IDs of the fields.
var Placeholders = []string{
	"date",     // the letter's date, else the day it was received: 2026-03-14
	"year",     // of that date
	"month",    // of that date, two digits
	"day",      // of that date, two digits
	"received", // the day it was received
	"class",    // the class's title
	"party",    // the party's name
	"ticket",   // the ticket's number
	"original", // the file name it came with, without its ending
	"language", // two letters
}

const (
	maxPart = 60  // characters of one placeholder's value
	maxName = 200 // characters of a whole name or path
)

// A part of a template: literal text, a placeholder, or an optional group of parts.
type part struct {
	text  string
	field string
	group []part
}

// CheckTemplate says what is wrong with a naming or filing template, as a sentence for whoever wrote it.
func (c *Catalogue) CheckTemplate(template string) error {
	parts, err := parseTemplate(template)
	if err != nil {
		return err
	}
	used := placeholders(parts)
	if len(used) == 0 {
		return fault.New(fault.Invalid, "The template %q has no placeholder, so that everything would have the same name. Use for example {date}.", template)
	}
	for _, name := range used {
		if _, ok := c.Field(FieldID(name)); !ok && !slices.Contains(Placeholders, name) {
			return fault.New(fault.Invalid, "The template uses {%s}, which is neither a field nor one of %s.", name, strings.Join(Placeholders, ", "))
		}
	}
	return nil
}

// Preview writes a template with values as it would be written for a document.
func Preview(template string, values map[string]string) (string, error) {
	parts, err := parseTemplate(template)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(fill(parts, values)), nil
}

func parseTemplate(template string) ([]part, error) {
	parts, rest, err := parseParts(template, false)
	if err == nil && rest != "" {
		err = fault.New(fault.Invalid, "The template has a closing ] without an opening [ before %q.", rest)
	}
	return parts, err
}

// parseParts reads until the end or, inside a group, until its closing bracket.
func parseParts(s string, inside bool) (parts []part, rest string, err error) {
	for s != "" {
		i := strings.IndexAny(s, "{}[]")
		if i != 0 {
			if i < 0 {
				i = len(s)
			}
			parts, s = append(parts, part{text: s[:i]}), s[i:]
			continue
		}
		switch s[0] {
		case '{':
			name, after, ok := strings.Cut(s[1:], "}")
			if !ok || name == "" || strings.ContainsAny(name, "{[]") {
				return nil, "", fault.New(fault.Invalid, "The template has a { without a name and a closing } at %q.", s)
			}
			parts, s = append(parts, part{field: name}), after
		case '[':
			if inside {
				return nil, "", fault.New(fault.Invalid, "Square brackets cannot stand inside square brackets at %q.", s)
			}
			group, after, err := parseParts(s[1:], true)
			if err != nil {
				return nil, "", err
			}
			if len(placeholders(group)) == 0 || !strings.HasPrefix(after, "]") {
				return nil, "", fault.New(fault.Invalid, "The square bracket at %q needs a placeholder inside and a closing ].", s)
			}
			parts, s = append(parts, part{group: group}), after[1:]
		case ']':
			return parts, s, nil
		case '}':
			return nil, "", fault.New(fault.Invalid, "The template has a closing } without an opening { before %q.", s)
		}
	}
	return parts, "", nil
}

func placeholders(parts []part) []string {
	var all []string
	for _, p := range parts {
		if p.field != "" {
			all = append(all, p.field)
		}
		all = append(all, placeholders(p.group)...)
	}
	return all
}

// fill holds a separator back until something follows it.
func fill(parts []part, values map[string]string) string {
	var b strings.Builder
	pending := ""
	put := func(s string) {
		if s == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteString(pending)
		}
		b.WriteString(s)
		pending = ""
	}
	for _, p := range parts {
		switch {
		case p.field != "":
			put(values[p.field])
		case p.group != nil:
			if s := fillGroup(p.group, values); s != "" {
				lead := s[:len(s)-len(strings.TrimLeft(s, " "))]
				if pending == "" {
					pending = lead
				}
				put(strings.TrimLeft(s, " "))
			}
		case isSeparator(p.text):
			// Of two separators with nothing written between them the later one stands.
			pending = p.text
		default:
			put(p.text)
		}
	}
	return b.String()
}

func fillGroup(group []part, values map[string]string) string {
	var b strings.Builder
	for _, p := range group {
		if p.field != "" && values[p.field] == "" {
			return ""
		}
		b.WriteString(p.text + values[p.field])
	}
	return b.String()
}

func isSeparator(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
