package taxonomy

import (
	"errors"
	"fmt"
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

// A TemplateError says what is wrong with a template, and where: the bytes from At to End of Template.
type TemplateError struct {
	Template string
	At, End  int
	Say      string // a sentence for whoever wrote it
}

func (e *TemplateError) Error() string { return e.Say }

// badTemplate is a fault of kind Invalid about the part of a template that starts where rest does; "" is its end.
func badTemplate(template, rest string, length int, format string, args ...any) error {
	e := &TemplateError{Template: template, At: len(template) - len(rest), Say: fmt.Sprintf(format, args...)}
	e.End = min(e.At+length, len(template))
	return fault.Wrap(e, fault.Invalid, "%s", e.Say)
}

// CheckTemplate says what is wrong with a naming template, as a sentence for whoever wrote it and with its place: see TemplateError.
func (c *Catalogue) CheckTemplate(template string) error {
	parts, err := parseTemplate(template)
	if err != nil {
		return err
	}
	used := placeholders(parts)
	if len(used) == 0 {
		return badTemplate(template, template, len(template), "The template %q has no placeholder, so that everything would have the same name. Use for example {date}.", template)
	}
	for _, name := range used {
		if _, ok := c.Field(FieldID(name)); !ok && !slices.Contains(Placeholders, name) {
			_, rest, _ := strings.Cut(template, "{"+name+"}")
			return badTemplate(template, "{"+name+"}"+rest, len(name)+2, "The template uses {%s}, which is neither a field nor one of %s.", name, strings.Join(Placeholders, ", "))
		}
	}
	return nil
}

// CheckPath says what is wrong with a filing template: with one of its steps, which are templates parted by slashes.
func (c *Catalogue) CheckPath(path string) error {
	at := 0
	for step := range strings.SplitSeq(path, "/") {
		if err := c.CheckTemplate(step); err != nil {
			if e, ok := errors.AsType[*TemplateError](err); ok {
				e.Template, e.At, e.End = path, e.At+at, e.End+at
			}
			return err
		}
		at += len(step) + 1
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
	parts, rest, err := parseParts(template, template, false)
	if err == nil && rest != "" {
		err = badTemplate(template, rest, 1, "The template has a closing ] without an opening [ before %q.", rest)
	}
	return parts, err
}

// parseParts reads s, which ends the template, until its end or, inside a group, until the group's closing bracket.
func parseParts(template, s string, inside bool) (parts []part, rest string, err error) {
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
				return nil, "", badTemplate(template, s, len(name)+2, "The template has a { without a name and a closing } at %q.", s)
			}
			parts, s = append(parts, part{field: name}), after
		case '[':
			if inside {
				return nil, "", badTemplate(template, s, 1, "Square brackets cannot stand inside square brackets at %q.", s)
			}
			group, after, err := parseParts(template, s[1:], true)
			if err != nil {
				return nil, "", err
			}
			if len(placeholders(group)) == 0 || !strings.HasPrefix(after, "]") {
				return nil, "", badTemplate(template, s, len(s)-len(after)+1, "The square bracket at %q needs a placeholder inside and a closing ].", s)
			}
			parts, s = append(parts, part{group: group}), after[1:]
		case ']':
			return parts, s, nil
		case '}':
			return nil, "", badTemplate(template, s, 1, "The template has a closing } without an opening { before %q.", s)
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
