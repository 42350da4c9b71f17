package taxonomy

import (
	"path"
	"strings"
	"time"
	"unicode"

	"docket/repository/fault"
)

// Facts are what a name and a place are made of.
type Facts struct {
	Class    ClassID
	Values   Values
	Party    string    // name, empty when not known
	Ticket   string    // number, empty while there is none
	Original string    // file name it came with
	Language string    // two letters
	Received time.Time // in the house's time zone
}

// Name is what a document with these facts is called: its class's naming template filled in, in the house's language.
func (c *Catalogue) Name(f Facts) (string, error) {
	class, ok := c.Class(f.Class)
	if !ok {
		return "", fault.New(fault.Invalid, "There is no class %q.", f.Class)
	}
	name, err := Preview(class.Name, c.words(class, f))
	if err != nil {
		return "", err
	}
	if name == "" {
		name = class.Titles.In(c.Language, string(class.ID))
	}
	return Clean(name, maxName), nil
}

// Folder is the path of the record folder under the class's category, such as "2026/03".
func (c *Catalogue) Folder(f Facts) (string, error) {
	class, ok := c.Class(f.Class)
	if !ok {
		return "", fault.New(fault.Invalid, "There is no class %q.", f.Class)
	}
	var steps []string
	words := c.words(class, f)
	for step := range strings.SplitSeq(class.Path, "/") {
		s, err := Preview(step, words)
		if err != nil {
			return "", err
		}
		if s = Clean(s, maxPart); s != "" {
			steps = append(steps, s)
		}
	}
	return path.Join(steps...), nil
}

// Place is the whole path that people see: the titles of the category's line, then the folder.
func (c *Catalogue) Place(category, folder string) string {
	var steps []string
	for _, k := range c.Line(category) {
		steps = append(steps, Clean(k.Titles.In(c.Language, k.Code), maxPart))
	}
	return path.Join(append(steps, folder)...)
}

// words are the values of all placeholders.
func (c *Catalogue) words(class Class, f Facts) map[string]string {
	words := map[string]string{}
	for id, v := range f.Values {
		words[string(id)] = Clean(c.display(id, v.Value), maxPart)
	}
	date := f.date()
	put := func(name, value string) { words[name] = Clean(value, maxPart) }
	if !date.IsZero() {
		put("date", date.Format(time.DateOnly))
		put("year", date.Format("2006"))
		put("month", date.Format("01"))
		put("day", date.Format("02"))
	}
	if !f.Received.IsZero() {
		put("received", f.Received.Format(time.DateOnly))
	}
	put("class", class.Titles.In(c.Language, string(class.ID)))
	put("party", f.Party)
	if f.Party == "" {
		put("party", f.Values.Get(SenderName))
	}
	put("ticket", f.Ticket)
	put("original", strings.TrimSuffix(path.Base(f.Original), path.Ext(f.Original)))
	put("language", f.Language)
	if f.Original == "" {
		words["original"] = ""
	}
	return words
}

// date is the letter's date, or the day it was received when there is none or when it cannot be: after receipt (a day is
// allowed for time zones) or more than ten years before it, as a misread digit makes it.
func (f Facts) date() time.Time {
	d, err := time.Parse(time.DateOnly, f.Values.Get(LetterDate))
	if err != nil || !f.Received.IsZero() && (d.After(f.Received.AddDate(0, 0, 1)) || d.Before(f.Received.AddDate(-10, 0, 0))) {
		return f.Received
	}
	return d
}

// display is a value as a name shows it: terms by their title.
func (c *Catalogue) display(id FieldID, value string) string {
	if t, ok := c.Term(id, value); ok {
		return t.Titles.In(c.Language, t.ID)
	}
	return value
}

// Clean makes s fit to be a file's or folder's name on every system: no separators of paths, no control or invisible
// formatting characters (which could show another name than the real one), spaces collapsed, no dots or spaces at the
// ends, and at most limit characters, cut at a word with an ellipsis.
func Clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\|`, r):
			return '-'
		case strings.ContainsRune(`:*?"<>`, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == unicode.ReplacementChar:
			return -1
		case unicode.IsControl(r), unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Trim(strings.Join(strings.Fields(s), " "), ". ")
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	short := string(runes[:limit-1])
	if i := strings.LastIndexByte(short, ' '); i > len(short)/2 {
		short = short[:i]
	}
	return strings.TrimRight(short, " .,-–") + "…"
}
